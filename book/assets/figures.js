// Shows a figure larger, in a dialog that scrolls. Without this script the link over it opens the drawing itself.
{
  const READABLE = 1.32; // times the size at which it was drawn: text of 6.3 points is 11 pixels high

  /** @type {HTMLDialogElement | undefined} */
  let dialog;

  /** Makes the page's one dialog: what it shows, below the button that closes it. */
  function makeDialog() {
    const made = document.createElement("dialog");
    made.className = "figure-dialog";
    const close = Object.assign(document.createElement("button"), {
      type: "button",
      className: "close",
      textContent: "Close",
    });
    close.addEventListener("click", () => made.close());
    const view = Object.assign(document.createElement("div"), { className: "view", tabIndex: 0 });
    view.setAttribute("role", "group");
    view.setAttribute("aria-label", "The figure; arrow keys move it");
    made.append(close, view, Object.assign(document.createElement("p"), { className: "caption" }));
    made.addEventListener("click", ({ target }) => {
      if (target === made) made.close(); // on the ground around it
    });
    document.body.append(made);
    return made;
  }

  /**
   * @param {HTMLAnchorElement} link
   * @param {MouseEvent} event where it was pressed; the same place is in view
   */
  function enlarge(link, event) {
    const small = link.parentElement?.querySelector("img");
    if (!small) return;
    dialog ??= makeDialog();
    const [view, caption] = dialog.querySelectorAll(/** @type {"div"} */ (".view, .caption"));
    const large = Object.assign(new Image(), { src: small.src, alt: small.alt });
    large.width = Math.max(Number(small.getAttribute("width")) * READABLE, innerWidth - 32);
    view.replaceChildren(large);
    const words = link.closest("figure")?.querySelector("figcaption p")?.cloneNode(true);
    caption.replaceChildren(...(words?.childNodes ?? []));
    caption.querySelector(".headerlink")?.remove();
    dialog.setAttribute("aria-label", link.ariaLabel?.replace("Enlarge", "Enlarged") ?? "");
    dialog.showModal();
    view.focus();
    const box = small.getBoundingClientRect();
    const across = event.detail ? (event.clientX - box.left) / box.width : 0;
    view.scrollTo(across * large.width - view.clientWidth / 2, 0);
  }

  for (const link of document.querySelectorAll(/** @type {"a"} */ ("a.enlarge"))) {
    link.role = "button";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      enlarge(link, event);
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault(); // a button answers the space bar, too
        link.click();
      }
    });
  }
}
