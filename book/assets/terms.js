// Shows what a term means beside it: on hover, on focus, and at a tap, which does not leave the page. Esc closes.
{
  const note = document.createElement("div");
  note.id = "term-note";
  note.className = "term-note";
  note.popover = "manual"; // it closes with its term, and an explorer's or a menu's own popover stays open
  const words = document.createElement("p");
  const more = Object.assign(document.createElement("a"), { textContent: "Glossary" });
  note.append(words, more);
  document.body.append(note);
  more.href = document.querySelector(/** @type {"a"} */ ("a.term"))?.href ?? ""; // until one is shown

  /** @type {HTMLAnchorElement | undefined} the term that is explained */
  let shown;
  let tapped = false;
  let timer = 0;

  /** @param {HTMLAnchorElement} term */
  function show(term) {
    clearTimeout(timer);
    if (shown === term) return;
    hide();
    shown = term;
    words.textContent = term.dataset.note ?? "";
    more.href = term.href;
    term.setAttribute("aria-describedby", note.id);
    note.showPopover();
    const line = term.getClientRects()[0];
    const { width, height } = note.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - 8;
    note.style.left = `${Math.max(8, Math.min(line.left, room))}px`;
    const above = line.bottom + height + 12 > innerHeight && line.top > height + 12;
    note.style.top = `${scrollY + (above ? line.top - height - 4 : line.bottom + 4)}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
    if (note.matches(":popover-open")) note.hidePopover();
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 200); // time enough to move the pointer into the note
  };

  for (const term of document.querySelectorAll(/** @type {"a"} */ ("a.term"))) {
    term.dataset.note = term.title; // the browser's own hint would be a second one
    term.removeAttribute("title");
    term.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType !== "touch") show(term);
    });
    term.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType !== "touch" && document.activeElement !== term) soon();
    });
    term.addEventListener("pointerdown", ({ pointerType }) => {
      tapped = pointerType === "touch" && shown !== term; // the second tap follows the link
    });
    term.addEventListener("focus", () => show(term));
    term.addEventListener("blur", soon);
    term.addEventListener("click", (event) => {
      if (tapped) {
        event.preventDefault();
        show(term);
      }
      tapped = false;
    });
  }
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", soon);
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && target !== shown && !note.contains(target)) hide();
  });
}
