// Says what a notebook loads, what to do when Python does not arrive, and that a kept copy of a chapter is older
// than the chapter; see tools/lite.py, which puts the first words on the page.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { paper, ink, accent, pyodide: address = "" } = script.dataset;
  const told = (/** @type {string} */ name) => JSON.parse(script.dataset[name] ?? "");
  /** @type {number[]} as it is, as it travels */
  const application = told("application");
  /** @type {Record<string, number>} */
  const python = told("python");
  /** @type {Record<string, [string, number, number]>} edition, bytes, bytes on the way */
  const chapters = told("chapters");
  const pyodide = new URL(address, location.href);
  const path = new URLSearchParams(location.search).get("path") ?? "";
  const chapter = /^[\w-]+(?=\.ipynb$)/.exec(path)?.[0];
  const page = new URL(chapter ? `../../notebooks/${chapter}.html` : "../../index.html", location.href).href;
  const start = /** @type {HTMLElement} */ (document.querySelector("#lite-notice"));

  /** @param {string} name @param {object} properties @param {...(string|Node)} children */
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const link = () => make("a", { href: page, style: "text-decoration: underline" }, "page of the course");
  const closing = (/** @type {HTMLElement} */ box) => {
    const close = make("button", { type: "button" }, "Close");
    close.addEventListener("click", () => box.remove());
    return close;
  };
  const CORNER = { inset: "auto 1rem 1rem auto", margin: "0" };

  /**
   * A notice in a corner.
   *
   * @param {string} id
   * @param {object} place
   * @param {...(string|Node)} children
   */
  const say = (id, place, ...children) => {
    const notice = make("div", { id }, ...children, " ");
    notice.setAttribute("role", "alert");
    notice.append(closing(notice));
    Object.assign(notice.style, place, {
      position: "fixed",
      zIndex: 10001,
      maxWidth: "30rem",
      padding: "0.5rem 1rem 1rem",
      background: paper,
      color: ink,
      border: `2px solid ${accent}`,
      borderRadius: "6px",
      font: "16px/1.5 sans-serif",
    });
    document.body.append(notice);
  };

  // ---- what comes

  const bar = /** @type {HTMLProgressElement} */ (start.querySelector("progress"));
  const [doing, help] = start.querySelectorAll(/** @type {"p"} */ (".doing, .help"));
  /** @type {HTMLAnchorElement} */ (help.querySelector("a")).href = page;
  /** @param {number} part of the whole @param {string} what @param {number} whole in bytes */
  const progress = (part, what, whole) => {
    bar.value = part;
    const left = ((1 - part) * whole) / 1e6;
    doing.textContent = `${what}: about ${left.toFixed(1)} MB are left.`;
  };

  const [, raw = 0, sent = 0] = chapters[path] ?? [];
  let come = 0;
  const arriving = new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry instanceof PerformanceResourceTiming && entry.name.startsWith(location.origin))
        come += entry.decodedBodySize;
    const part = Math.min(0.99, come / (application[0] + raw));
    progress(part, "The notebook application comes from this site", application[1] + sent);
  });
  arriving.observe({ type: "resource", buffered: true });

  /** Whether the application stands there: then the page can be read, and what is said of Python steps aside. */
  const shown = new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector(".jp-Notebook .jp-Cell, .jp-LabShell")) return;
      looking.disconnect();
      resolve(arriving.disconnect());
    };
    const looking = new MutationObserver(look);
    looking.observe(document.body, { childList: true, subtree: true });
  });

  // ---- whether Python comes

  // What Python starts with, each with the type under which a browser takes it. A filter's page is an answer, too.
  /** @type {Record<string, RegExp>} */
  const NEEDED = {
    "pyodide.mjs": /javascript/,
    "pyodide.asm.wasm": /^application\/wasm/,
    "python_stdlib.zip": /^(?!text\/)/,
  };

  /** @param {string} name @param {string} [method] */
  const ask = (name, method) => fetch(new URL(name, pyodide), { method }).catch(() => null);

  /** @param {string} name @returns {Promise<string>} what keeps a file from being used; empty if nothing does */
  const faultOf = async (name) => {
    const answer = await ask(name, "HEAD");
    if (!answer) return `${name}: no answer`;
    if (!answer.ok) return `${name}: error ${answer.status}`;
    const type = answer.headers.get("content-type") ?? "";
    return NEEDED[name].test(type) ? "" : `${name} came as ${type || "nothing known"}`;
  };

  /** @param {string} fault */
  const tellFault = (fault) => {
    start.remove();
    const retry = make("button", { type: "button" }, "Try again");
    retry.addEventListener("click", () => location.reload());
    say(
      "lite-fault",
      CORNER,
      make(
        "p",
        {},
        `Python did not arrive from ${pyodide.host} (${fault}), so no cell can run here. `,
        "Either the network is away, or something (a filter, a blocker, a policy of your school) keeps it from the browser. ",
      ),
      make(
        "p",
        {},
        "Once the address is reachable, try again. Meanwhile the ",
        link(),
        " works without it, explorers included, and a copy on your own machine runs the same code.",
      ),
      retry,
    );
  };

  /** Fetches what Python starts with, and says how much is left; the kernel finds it in the browser's cache. */
  const fetchPython = async () => {
    const whole = Object.values(python).reduce((sum, size) => sum + size, 0);
    let here = 0;
    await Promise.all(
      Object.keys(python).map(async (name) => {
        const reader = (await ask(name))?.body?.getReader();
        for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
          here += piece.value.length;
          progress(Math.min(1, here / whole), `Python comes from ${pyodide.host}`, whole);
        }
        if (!reader) throw new Error(name);
      }),
    );
  };

  const checked = Promise.all(Object.keys(NEEDED).map(faultOf)).then((faults) => faults.find(Boolean));
  checked.then(async (fault) => {
    if (fault) {
      tellFault(fault);
      return;
    }
    await shown;
    Object.assign(start.style, CORNER);
    start.append(closing(start));
    try {
      await fetchPython();
    } catch {
      tellFault("the connection broke");
      return;
    }
    start.remove();
  });

  // ---- a copy of the reader's own, from before a chapter changed

  /**
   * Does something with the reader's files, as JupyterLite keeps them, if there are any.
   *
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(files: IDBObjectStore) => IDBRequest<T>} act
   * @returns {Promise<T | undefined>}
   */
  const withFiles = async (mode, act) => {
    const name = `JupyterLite Storage - ${new URL("..", location.href).pathname}`;
    const all = await indexedDB.databases?.().catch(() => []);
    if (!all?.some((database) => database.name === name)) return undefined;
    return new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => resolve(undefined);
      opening.onsuccess = () => {
        const database = opening.result;
        const end = (/** @type {T | undefined} */ found) => {
          database.close();
          resolve(found);
        };
        if (!database.objectStoreNames.contains("files")) {
          end(undefined);
          return;
        }
        const request = act(database.transaction("files", mode).objectStore("files"));
        request.onsuccess = () => end(request.result);
        request.onerror = () => end(undefined);
      };
    });
  };

  /** Puts the new chapter beside the reader's copy, once, and opens it. */
  const openNew = async () => {
    const [edition] = chapters[path];
    const name = path.replace(/\.ipynb$/, ` (${edition}).ipynb`);
    if (!(await withFiles("readonly", (files) => files.get(name)))) {
      const content = await (await fetch(`../files/${path}`)).json();
      const now = new Date().toISOString();
      const about = { name, path: name, created: now, last_modified: now, size: chapters[path][1] };
      const kind = { type: "notebook", format: "json", mimetype: "application/json", writable: true };
      await withFiles("readwrite", (files) => files.put({ ...about, ...kind, content }, name));
    }
    location.search = `?${new URLSearchParams({ path: name })}`;
  };

  if (chapters[path])
    withFiles("readonly", (files) => files.get(path)).then((kept) => {
      if (!kept || kept.content?.metadata?.alexnet_course?.edition === chapters[path][0]) return;
      const open = make("button", { type: "button" }, "Open the new chapter beside it");
      open.addEventListener("click", openNew);
      say(
        "lite-copy",
        { ...CORNER, inset: "1rem 1rem auto auto" },
        make(
          "p",
          {},
          "This is the copy that you saved. The chapter has changed since; your copy stays as it is.",
        ),
        open,
      );
    });
}
