// The search: sections of the course, live while the reader types, in the dialog of every page and on search.html.
// What it needs (an index of all sections) is loaded when the reader comes to the field.
{
  const ROOT = document.documentElement.dataset.content_root ?? "./";
  const SCRIPTS = ["minisearch/minisearch.js", "search_data.js", "search_engine.js"];
  const EXCERPT = 160; // characters
  const FAILED = "The search could not be loaded. The contents at the side list every chapter.";

  /** @type {Map<string, Promise<void>>} */
  const loading = new Map();

  /**
   * Load a script of the site once; one that failed may be tried again.
   *
   * @param {string} name
   */
  function script(name) {
    const known = loading.get(name);
    if (known) return known;
    const promise = /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.src = `${ROOT}_static/${name}`;
        element.async = false; // they run in their order
        element.onload = () => resolve(undefined);
        element.onerror = () => reject(loading.delete(name));
        document.head.append(element);
      })
    );
    loading.set(name, promise);
    return promise;
  }

  /** @type {Promise<Find> | null} */
  let engine = null;
  const theEngine = () =>
    (engine ??= Promise.all(SCRIPTS.map(script))
      .then(() => courseSearch.build(/** @type {any} */ (globalThis).courseSearchData))
      .catch((error) => {
        engine = null;
        throw error;
      }));

  /**
   * An element with what is in it.
   *
   * @param {string} name
   * @param {string} className
   * @param {...(Node | string)} children
   */
  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  /**
   * Whether a word of a text is one that was searched for.
   *
   * @param {string} word
   * @param {Set<string>} words
   */
  const sought = (word, words) => courseSearch.termsOf(word).some((term) => words.has(term));

  /**
   * A text in pieces, those that are words of the search as marks.
   *
   * @param {string} text
   * @param {Set<string>} words
   * @returns {(Node | string)[]}
   */
  function marked(text, words) {
    const pieces = [];
    let end = 0;
    for (const { word, start } of courseSearch.placesOf(text)) {
      if (!sought(word, words)) continue;
      pieces.push(text.slice(end, start), element("mark", "", word));
      end = start + word.length;
    }
    return [...pieces, text.slice(end)];
  }

  /**
   * The part of a text that holds the most of the words that were searched for.
   *
   * @param {string} text
   * @param {Set<string>} words
   */
  function excerpt(text, words) {
    const hits = courseSearch.placesOf(text).filter(({ word }) => sought(word, words));
    let best = { start: 0, count: 0 };
    for (const { start } of hits) {
      const near = hits.filter((hit) => hit.start >= start && hit.start < start + EXCERPT - 20);
      const count = new Set(near.map(({ word }) => courseSearch.termsOf(word)[0])).size;
      if (count > best.count) best = { start, count };
    }
    const before = text.lastIndexOf(" ", Math.max(0, best.start - 30)) + 1;
    const from = best.start < EXCERPT / 2 ? 0 : before;
    const to = from + EXCERPT < text.length ? text.lastIndexOf(" ", from + EXCERPT) : text.length;
    return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  }

  /**
   * A result as a link to its section, where its words will be marked.
   *
   * @param {Found} found
   */
  function result({ section, words }) {
    const [page, anchor] = section.address.split("#");
    const link = /** @type {HTMLAnchorElement} */ (element("a", ""));
    link.href = `${ROOT}${page}?${new URLSearchParams({ find: [...words].join(" ") })}#${anchor}`;
    if (section.heading !== section.page) link.append(element("span", "search-page", section.page));
    link.append(element("span", "search-heading", ...marked(section.heading, words)));
    link.append(element("span", "search-excerpt", ...marked(excerpt(section.text, words), words)));
    return element("li", "", link);
  }

  /**
   * Let a field answer while the reader types.
   *
   * @param {HTMLFormElement} form
   */
  function answer(form) {
    const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const list = element("ol", "search-results");
    const status = element("p", "search-status");
    status.setAttribute("role", "status");
    form.after(status, list);
    const links = () => [...list.querySelectorAll("a")];

    async function show() {
      const query = input.value.trim();
      try {
        const find = await theEngine();
        if (query !== input.value.trim()) return; // the reader went on
        const found = query ? find(query) : [];
        list.replaceChildren(...found.map(result));
        const sections = found.length === 1 ? "1 section" : `${found.length} sections`;
        status.textContent = !query
          ? ""
          : found.length
            ? sections
            : `Nothing about “${query}”: try another word.`;
      } catch {
        status.textContent = FAILED;
      }
    }

    input.addEventListener("focus", () => theEngine().catch(() => {}), { once: true });
    input.addEventListener("input", show);
    form.addEventListener("submit", (event) => {
      const first = links()[0];
      if (!first) return; // the search page says why
      event.preventDefault();
      first.click();
    });
    (form.closest("dialog") ?? form.parentElement)?.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
      const stops = [input, ...links()];
      const at = stops.findIndex((stop) => stop === document.activeElement);
      if (!step || at < 0) return;
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
    });
    if (!form.closest("dialog")) {
      input.value = new URLSearchParams(location.search).get("q") ?? "";
      if (input.value) show();
    }
  }

  /**
   * What stands after # in the address, as an id; what is no percent encoding stays as it is.
   *
   * @returns {string}
   */
  function target() {
    const hash = location.hash.slice(1);
    try {
      return decodeURIComponent(hash);
    } catch {
      return hash;
    }
  }

  /** Mark the words that led a reader to this section, until Escape is pressed. */
  async function markFound() {
    const query = new URLSearchParams(location.search).get("find");
    const section = query && document.getElementById(target());
    if (!section) return;
    await script("search_engine.js");
    const words = new Set(courseSearch.wordsOf(query));
    const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT, ({ parentElement }) =>
      parentElement?.closest("section") === section &&
      !parentElement.closest("math, .explorer, script, button")
        ? NodeFilter.FILTER_ACCEPT
        : NodeFilter.FILTER_REJECT,
    );
    const texts = [];
    while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
    for (const text of texts) {
      const pieces = marked(text.data, words);
      if (pieces.length > 1) text.replaceWith(...pieces);
    }
    addEventListener("keydown", ({ key }) => {
      if (key === "Escape")
        for (const mark of section.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    });
  }

  for (const form of document.querySelectorAll("form.bd-search"))
    answer(/** @type {HTMLFormElement} */ (form));
  markFound();
}
