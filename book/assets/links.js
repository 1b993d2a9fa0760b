// The buttons round a page that need a script: printing, and a fold that closes as a menu does; copying is for the
// pointer alone, for the keyboard would stop at each cell, and *Notebook* gives all of them.
addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll(/** @type {"button"} */ (".copybtn"))) button.tabIndex = -1;
});

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

// On paper the answers of the exercises stand at their end: nobody reads one with its question.
{
  /** @type {Map<Element, Comment>} an answer, and where it was */
  const places = new Map();
  addEventListener("beforeprint", () => {
    const exercises = document.querySelector("section#exercises");
    const answers = [...(exercises?.querySelectorAll("details") ?? [])].filter((fold) =>
      fold.querySelector("summary")?.textContent?.trim().startsWith("Answer"),
    );
    if (!exercises || !answers.length || places.size) return;
    const end = document.createElement("div");
    end.className = "printed-answers";
    end.append(Object.assign(document.createElement("h3"), { textContent: "Answers" }));
    for (const answer of answers) {
      const place = document.createComment("answer");
      const before = [...exercises.querySelectorAll("p > strong")].filter(
        (line) =>
          /^\d\d\.\d/.test(line.textContent ?? "") &&
          line.compareDocumentPosition(answer) & Node.DOCUMENT_POSITION_FOLLOWING,
      );
      const number = before.at(-1)?.textContent?.match(/^\d\d\.\d+/)?.[0] ?? "";
      answer.replaceWith(place);
      places.set(answer, place);
      end.append(
        Object.assign(document.createElement("p"), { className: "number", textContent: number }),
        answer,
      );
    }
    exercises.append(end);
  });
  addEventListener("afterprint", () => {
    for (const [answer, place] of places) place.replaceWith(answer);
    places.clear();
    document.querySelector(".printed-answers")?.remove();
  });
}
