// Lets a chapter's links open the pages of the site, and the other chapters; see tools/lite.py.
{
  // JupyterLite looks for a file among its own: it makes ../book/notation.html the address files/book/notation.html.
  // Its notebooks without a file browser send the links to other notebooks to an application that is not here.
  const site = new URL("../../", location.href).href;
  const alone = /\/notebooks\/(?:index\.html)?$/.test(location.pathname);

  /** @param {Event} event */
  const lead = (event) => {
    const inside = event.target instanceof Element ? event.target : null;
    /** @type {HTMLAnchorElement | null | undefined} */
    const link = inside?.closest(".jp-RenderedMarkdown a[href]");
    if (!link) return;
    const given = link.getAttribute("href") ?? "";
    const [, page, chapter] =
      /^(?:.*\/files\/|\.\.\/)?(?:(book\/\w+\.html(?:#[\w-]+)?)|(\w+\.ipynb))$/.exec(given) ?? [];
    if (page) link.href = site + page;
    if (chapter && alone) link.href = `?path=${chapter}`;
    const ours = link.href.startsWith(`${site}book/`) || link.getAttribute("href")?.startsWith("?path=");
    if (event.type === "click" && ours) event.stopImmediatePropagation();
  };

  // Before the click, so that the browser shows the right address and can open it elsewhere.
  for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, lead, true);
}
