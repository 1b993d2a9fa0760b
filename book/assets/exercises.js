// Makes an exercise answerable on its page: a field, a check by the data of `practice`, and the hint of a mistake
// that it knows; for code, an editor that exercise_code.js brings when it is asked for. Answers stay in this
// browser. It runs from a file, too, where numbers are checked and Python cannot be started.
{
  /** @type {{ kept: (key: string) => any, keep: (key: string, value: unknown) => void }} */
  const { kept, keep } = /** @type {any} */ (globalThis).courseMemory;

  /** @typedef {{ value: number[], hint: string }} Mistake */
  /** @typedef {{ number: string, answer: number[], whole: boolean, form: string, mistakes: Mistake[] }} Question */

  /**
   * The numbers that a text holds, in order, or the part of it that is no number. Brackets, commas and lines part
   * them; 1/3 and 1e-4 are numbers, and so is −2 with any minus sign.
   * @param {string} text
   * @returns {{ numbers: number[], wrong?: string }}
   */
  function read(text) {
    const words = text
      .replace(/[\u2212\u2013]/g, "-")
      .split(/[\s,;()[\]]+/)
      .filter(Boolean);
    const numbers = [];
    for (const word of words) {
      const [above, below, ...more] = word.split("/");
      const value = more.length || below === "" ? NaN : Number(above || NaN) / Number(below ?? 1);
      if (!Number.isFinite(value)) return { numbers, wrong: word };
      numbers.push(value);
    }
    return { numbers };
  }

  /**
   * Whether numbers agree as in practice: whole ones exactly, others to three digits.
   * @param {number[]} given
   * @param {number[]} wanted
   * @param {boolean} whole
   */
  const agree = (given, wanted, whole) =>
    given.length === wanted.length &&
    given.every((value, i) =>
      whole ? value === wanted[i] : Math.abs(value - wanted[i]) <= 6e-4 + 1e-3 * Math.abs(wanted[i]),
    );

  /**
   * What is said of an answer.
   * @param {Question} question
   * @param {string} text
   * @returns {{ right: boolean, said: string }}
   */
  function judge({ answer, whole, form, mistakes }, text) {
    let { numbers, wrong } = read(text);
    // one number with its thousands parted, as the chapters write it
    if (answer.length === 1 && /^\s*-?\d{1,3}(,\d{3})+\s*$/.test(text))
      numbers = [Number(text.replaceAll(",", ""))];
    if (wrong) return { right: false, said: `“${wrong}” is no number. It takes ${form}.` };
    if (!numbers.length) return { right: false, said: `Write ${form} first.` };
    if (numbers.length !== answer.length) {
      const count = numbers.length === 1 ? "one" : String(numbers.length);
      return { right: false, said: `It takes ${form}; you gave ${count}.` };
    }
    if (agree(numbers, answer, whole)) return { right: true, said: "Right." };
    const known = mistakes.find(({ value }) => agree(numbers, value, value.every(Number.isInteger)));
    return {
      right: false,
      said: known ? `Not yet. ${known.hint}` : "Not yet. The hints say where to look.",
    };
  }

  /** @type {Map<string, boolean>} exercises of this page, and whether they were passed */
  const passed = new Map();
  const chapter = /\/notebooks\/(\d\d_\w+)\.html/.exec(location.href)?.[1];

  /** Tells the other pages how far the reader is in this one. */
  function tally() {
    const right = [...passed.values()].filter(Boolean).length;
    if (chapter && right) keep(`exercises:${chapter}`, { right, of: passed.size });
    dispatchEvent(new Event("alexnet-course:score"));
  }

  /** @typedef {{ number: string, code: string, first: string, names: string[], shape?: number[] }} Task */

  const NO_PYTHON =
    "A browser starts no Python for a page that was opened from a file: write your answer in the notebook.";
  const fromFile = location.protocol === "file:";

  /** @param {HTMLElement} box the place of an exercise with a cell of code above it */
  function startCode(box) {
    /** @type {Task} */
    const task = JSON.parse(box.dataset.code ?? "");
    const key = `code:${task.number}`;
    const before = kept(key);
    const text = typeof before?.text === "string" ? before.text : task.code;
    const place = Object.assign(document.createElement("div"), { className: "code" });
    const said = Object.assign(document.createElement("p"), { className: "verdict" });
    said.setAttribute("role", "status");
    box.insertBefore(place, box.querySelector("details"));
    if (fromFile) {
      place.append(NO_PYTHON);
      return;
    }
    passed.set(task.number, before?.passed === true);
    if (before?.passed === true) {
      place.dataset.verdict = "right";
      said.textContent = "Passed.";
    }
    const open = Object.assign(document.createElement("button"), { type: "button" });
    open.textContent = text === task.code ? "Write it here" : "Go on writing here";
    open.setAttribute("aria-label", `${open.textContent}: ${task.number}`);
    place.append(open, said);
    const field = box.querySelector("textarea");
    open.addEventListener("click", async () => {
      open.disabled = true;
      try {
        const { openEditor } = await import("./exercise_code.js");
        await openEditor(place, said, {
          task,
          text,
          /** @param {string} now @param {boolean} [right] */
          keep: (now, right = false) => {
            passed.set(task.number, Boolean(passed.get(task.number)) || right);
            keep(key, { text: now, passed: passed.get(task.number) });
            if (right) tally();
          },
          symptom: () => {
            const { numbers, wrong } = read(field?.value ?? "");
            return wrong || !numbers.length ? null : numbers;
          },
        });
        open.remove();
        const cell = box.previousElementSibling;
        if (cell?.matches(".cell")) cell.classList.add("in-editor");
      } catch {
        open.disabled = false;
        said.textContent =
          "The editor did not arrive. Load the page again, or write your answer in the notebook.";
      }
    });
  }

  /** @param {HTMLElement} box the place of an exercise whose answer is numbers, or whose first part they are */
  function start(box) {
    /** @type {Question} */
    const question = JSON.parse(box.dataset.exercise ?? "");
    const whole = !box.dataset.code || fromFile; // of a bug they are one part of three
    const rows = question.form.includes(" rows of ") ? 2 : 1;
    const field = document.createElement("textarea");
    Object.assign(field, { rows, spellcheck: false, autocomplete: "off", id: `answer-${question.number}` });
    const label = Object.assign(document.createElement("label"), { htmlFor: field.id });
    label.textContent = `Your answer to ${question.number}: ${question.form}`;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Check" });
    const verdict = Object.assign(document.createElement("p"), { className: "verdict" });
    verdict.setAttribute("role", "status");
    const row = Object.assign(document.createElement("div"), { className: "given" });
    row.append(field, button);
    box.prepend(label, row, verdict);

    const check = () => {
      const { right, said } = judge(question, field.value);
      verdict.textContent = said;
      box.dataset.verdict = right ? "right" : "wrong";
      ever ||= right;
      keep(`answer:${question.number}`, { text: field.value, passed: ever });
      if (!whole) return;
      passed.set(question.number, ever);
      tally();
    };
    button.addEventListener("click", check);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (rows === 1 || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        check();
      }
    });
    field.addEventListener("input", () => {
      delete box.dataset.verdict;
      verdict.textContent = "";
    });
    const before = kept(`answer:${question.number}`);
    let ever = before?.passed === true;
    if (whole) passed.set(question.number, ever);
    if (typeof before?.text === "string") field.value = before.text;
    if (ever && judge(question, field.value).right) {
      box.dataset.verdict = "right";
      verdict.textContent = "Right.";
    }
  }

  /** @param {string} selector @param {(box: HTMLElement) => void} begin */
  const each = (selector, begin) =>
    document.querySelectorAll(selector).forEach((box) => box instanceof HTMLElement && begin(box));
  each(".exercise[data-exercise]", start);
  each(".exercise[data-code]", startCode);
}
