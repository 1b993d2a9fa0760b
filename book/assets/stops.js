// Fewer stops for the keyboard: what belongs together is one of them, and arrow keys lead from one to the next.
// Without this script each is a stop of its own.
{
  const hint = Object.assign(document.createElement("p"), { className: "stops-hint", id: "stops-hint" });
  document.body.append(hint);
  /** @type {Record<string, string>} */
  const DRAWN = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
  const ACROSS = ["ArrowLeft", "ArrowRight"]; // in the text the other two scroll
  const DOWN = ["ArrowUp", "ArrowDown"];

  /**
   * Makes one stop of some elements.
   *
   * @param {HTMLElement[]} members in the order of the page
   * @param {string[]} keys the one for the element before and the one for the next
   * @param {string} others what they lead to
   */
  function join(members, keys, others) {
    const shown = () => members.filter((one) => one.getClientRects().length);
    let stop = members[0];
    /** @param {HTMLElement} chosen */
    const stopAt = (chosen) => {
      stop = chosen;
      for (const one of members) one.tabIndex = one === chosen ? 0 : -1;
    };
    for (const one of members) {
      one.addEventListener("focus", () => {
        stopAt(one);
        hint.textContent = `${keys.map((key) => DRAWN[key]).join(" ")} ${others}`;
        hint.toggleAttribute("data-shown", one.matches(":focus-visible") && shown().length > 1);
      });
      // a button that opens an editor goes; the next one is the stop then
      if (one.matches(".code > button"))
        one.addEventListener("click", () => stopAt(members[members.indexOf(one) + 1] ?? one));
      one.addEventListener("blur", () => hint.removeAttribute("data-shown"));
      one.addEventListener("keydown", (event) => {
        const by = 2 * keys.indexOf(event.key) - 1;
        const all = shown();
        const next = all[all.indexOf(one) + by];
        if (!keys.includes(event.key) || !next || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        next.focus();
      });
      one.closest("details")?.addEventListener("toggle", () => {
        if (!shown().includes(stop)) stopAt(shown()[0] ?? stop); // a fold may hide the ones after it
      });
    }
    if (members.length) stopAt(stop);
  }

  /** @param {string} selector @param {ParentNode} [within] */
  const all = (selector, within = document) => [
    ...within.querySelectorAll(/** @type {"a"} */ (selector)), // whatever it is, it takes the focus
  ];

  join(all(".page-toc a"), DOWN, "the other sections");

  join(all(".article-header-buttons .btn"), ACROSS, "the other buttons");

  // The links of a text: those of a section, and of a fold, which may be closed.
  const links = all("article a[href]:not(.headerlink, .enlarge, figure[data-explorer] a, nav a)");
  const texts = new Set(links.map((link) => link.closest("details, .quiz, section")));
  for (const text of texts) {
    const own = links.filter((link) => link.closest("details, .quiz, section") === text);
    join(own, ACROSS, "the other links of this section");
  }

  // An exercise: the button that opens its editor, its hints, and its answer after them.
  for (const box of all(".exercise")) {
    const folds = all(".code > button, summary", box);
    for (
      let next = box.nextElementSibling;
      next && !next.matches(".exercise");
      next = next.nextElementSibling
    )
      if (next.matches("details")) folds.push(...all(":scope > summary", next));
    join(folds, DOWN, "hints and answer");
  }
}
