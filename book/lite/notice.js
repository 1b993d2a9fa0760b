// Says what happened when Python does not arrive in the browser, and what to do; see tools/lite.py.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { paper, ink, accent, pyodide: address = "" } = script.dataset;
  const pyodide = new URL(address, location.href);

  /** @param {string} name @param {object} properties @param {...(string|Node)} children */
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  /** @param {string} fault */
  const say = (fault) => {
    const chapter = /^[\w-]+(?=\.ipynb$)/.exec(new URLSearchParams(location.search).get("path") ?? "");
    const page = new URL(chapter ? `../../notebooks/${chapter[0]}.html` : "../../index.html", location.href);
    const retry = make("button", { type: "button" }, "Try again");
    retry.addEventListener("click", () => location.reload());
    const close = make("button", { type: "button" }, "Close");
    const notice = make(
      "div",
      { id: "lite-notice" },
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
        make("a", { href: page.href, style: "text-decoration: underline" }, "page of the course"),
        " works without it, explorers included, and a copy on your own machine runs the same code.",
      ),
      retry,
      " ",
      close,
    );
    notice.setAttribute("role", "alert");
    Object.assign(notice.style, {
      position: "fixed",
      inset: "auto 1rem 1rem auto",
      zIndex: 10000,
      maxWidth: "30rem",
      padding: "0.5rem 1rem 1rem",
      background: paper,
      color: ink,
      border: `2px solid ${accent}`,
      borderRadius: "6px",
      font: "16px/1.5 sans-serif",
    });
    close.addEventListener("click", () => notice.remove());
    document.body.append(notice);
  };

  // What Python starts with, each with the type under which a browser takes it. A filter's page is an answer, too.
  const NEEDED = {
    "pyodide.mjs": /javascript/,
    "pyodide.asm.wasm": /^application\/wasm/,
    "python_stdlib.zip": /^(?!text\/)/,
  };

  /** @param {string} name @param {RegExp} type @returns {Promise<string>} what keeps a file from being used; empty if nothing does */
  const faultOf = async (name, type) => {
    const answer = await fetch(new URL(name, pyodide), { method: "HEAD" }).catch(() => null);
    if (!answer) return `${name}: no answer`;
    if (!answer.ok) return `${name}: error ${answer.status}`;
    const sent = answer.headers.get("content-type") ?? "";
    return type.test(sent) ? "" : `${name} came as ${sent || "nothing known"}`;
  };

  Promise.all(Object.entries(NEEDED).map(([name, type]) => faultOf(name, type))).then((faults) => {
    const fault = faults.find(Boolean);
    if (fault) say(fault);
  });
}
