// Makes a quiz answerable. The page already holds every option and every reason; this script checks the chosen
// option, shows its reason, and keeps the answers in this browser. It imports nothing and runs from a file, too.
{
  const PREFIX = "alexnet-course:quiz:";

  /**
   * Builds an element.
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {object} properties
   * @param {string} text
   * @returns {HTMLElementTagNameMap[Name]}
   */
  const make = (name, properties = {}, text = "") =>
    Object.assign(document.createElement(name), properties, { textContent: text });

  /**
   * Every element inside another that a selector finds.
   * @template {Element} E
   * @param {ParentNode} el
   * @param {string} selector
   * @param {new () => E} kind what they are
   * @returns {E[]}
   */
  const all = (el, selector, kind) =>
    [...el.querySelectorAll(selector)].filter(/** @returns {found is E} */ (found) => found instanceof kind);

  /**
   * The answers that this browser remembers. Storage may be blocked, full, or written by someone else.
   * @param {string} key
   * @returns {Object<string, string>} question number to letter
   */
  function remembered(key) {
    try {
      const answers = JSON.parse(localStorage.getItem(key) ?? "{}");
      return answers && typeof answers === "object" ? answers : {};
    } catch {
      return {};
    }
  }

  /**
   * @param {string} key
   * @param {Object<string, string>} answers
   * @returns {boolean} whether the browser took the answers
   */
  function remember(key, answers) {
    try {
      if (Object.keys(answers).length) localStorage.setItem(key, JSON.stringify(answers));
      else localStorage.removeItem(key);
      return localStorage instanceof Storage; // theme-mode.js has one that forgets
    } catch {
      return false;
    }
  }

  /**
   * Keeps how many answers are right, for the other pages (memory.js), or forgets it where nothing is answered.
   * @param {string} name
   * @param {{ right: number, of: number }} score
   * @param {boolean} answered
   */
  function keepScore(name, score, answered) {
    try {
      const key = `alexnet-course:score:${name}`;
      if (answered) localStorage.setItem(key, JSON.stringify(score));
      else localStorage.removeItem(key);
    } catch {
      // a full storage: the quiz works as before
    }
    dispatchEvent(new Event("alexnet-course:score"));
  }

  /**
   * Gives one question its button and the place where the reason appears.
   * @param {HTMLFieldSetElement} fieldset
   * @param {(letter: string|null) => void} answered called with the checked letter, or null when it is withdrawn
   * @returns {{check: (letter: string | undefined) => void, clear: () => void}}
   */
  function enhance(fieldset, answered) {
    const radios = all(fieldset, "input[type=radio]", HTMLInputElement);
    const [reasons] = all(fieldset, "details", HTMLDetailsElement);
    const button = make("button", { type: "button", className: "check" }, "Check");
    const verdict = make("p", { className: "verdict" });
    verdict.setAttribute("role", "status");
    const row = make("div", { className: "answer" });
    row.append(button, verdict);
    reasons.before(row);

    /** @param {HTMLInputElement} radio */
    const labelOf = (radio) => /** @type {HTMLLabelElement} */ (radio.closest("label"));
    const chosen = () => radios.find((radio) => radio.checked)?.value;
    const withdraw = () => {
      button.tabIndex = chosen() ? 0 : -1; // a stop of the keyboard when there is something to check
      delete fieldset.dataset.verdict;
      for (const radio of radios) delete labelOf(radio).dataset.verdict;
      verdict.replaceChildren();
    };
    /** @param {string | undefined} letter */
    const check = (letter) => {
      const reason = all(reasons, "li", HTMLLIElement).find((each) => each.dataset.letter === letter);
      const radio = radios.find((each) => each.value === letter);
      if (!letter || !reason || !radio) return;
      radio.checked = true;
      withdraw();
      const result = reason.classList.contains("right") ? "right" : "wrong";
      fieldset.dataset.verdict = result;
      labelOf(radio).dataset.verdict = result;
      verdict.replaceChildren(...[...reason.childNodes].map((node) => node.cloneNode(true)));
      answered(letter);
    };
    const checkChosen = () =>
      chosen() ? check(chosen()) : verdict.replaceChildren("Choose an answer first.");

    button.addEventListener("click", checkChosen);
    fieldset.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && radios.some((radio) => radio === event.target)) {
        event.preventDefault();
        checkChosen();
      }
    });
    // Arrow keys choose while they move, so choosing alone must not give the answer away.
    fieldset.addEventListener("change", () => {
      withdraw();
      answered(null);
    });
    const clear = () => {
      for (const radio of radios) radio.checked = false;
      withdraw();
      reasons.open = false;
    };
    withdraw();
    return { check, clear };
  }

  /** @param {HTMLElement} quiz the element of one quiz */
  function start(quiz) {
    const key = PREFIX + quiz.dataset.quiz;
    const fieldsets = all(quiz, "fieldset", HTMLFieldSetElement);
    /** @type {Object<string, string>} */
    const answers = {};
    let kept = true;

    const tally = make("p", { className: "tally" });
    tally.setAttribute("role", "status");
    const button = make("button", { type: "button", className: "clear" }, "Clear my answers");
    const foot = make("div", { className: "foot" });
    foot.append(tally, button);
    quiz.append(foot);

    const show = () => {
      const right = fieldsets.filter((fieldset) => fieldset.dataset.verdict === "right").length;
      button.tabIndex = Object.keys(answers).length ? 0 : -1;
      const where = kept ? "Your answers stay in this browser." : "This browser does not keep your answers.";
      tally.textContent = `${right} of ${fieldsets.length} right. ${where}`;
      keepScore(quiz.dataset.quiz ?? "", { right, of: fieldsets.length }, Object.keys(answers).length > 0);
    };
    const questions = fieldsets.map((fieldset, i) =>
      enhance(fieldset, (letter) => {
        if (letter) answers[i + 1] = letter;
        else delete answers[i + 1];
        kept = remember(key, answers);
        show();
      }),
    );
    button.addEventListener("click", () => {
      for (const question of questions) question.clear();
      for (const number of Object.keys(answers)) delete answers[number];
      kept = remember(key, answers);
      show();
    });

    const before = remembered(key);
    questions.forEach((question, i) => question.check(before[i + 1]));
    show();
    quiz.dataset.ready = "";
  }

  all(document, ".quiz", HTMLElement).forEach(start);
}
