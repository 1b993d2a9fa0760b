// The buttons round a page that need a script: printing, and a fold that closes as a menu does.
for (const button of document.querySelectorAll(".print-button"))
  button.addEventListener("click", () => print());

/** @type {NodeListOf<HTMLDetailsElement>} */
const menus = document.querySelectorAll("details.course-run");
for (const menu of menus) {
  addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
