// The editor of an exercise, in the place of its cell: writes, checks, stops, resets, and shows what Python says.

import { check, settings, stop, Stopped } from "./exercise_python.js";

const KEYS = "Tab indents; Escape, then Tab, leaves the editor. Ctrl+Enter checks.";

/**
 * Builds an element.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {object} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * @typedef {object} Exercise
 * @property {{ number: string, code: string, first: string, names: string[], shape?: number[] }} task
 * @property {string} text what the reader has written before, or the stub
 * @property {(text: string, right?: boolean) => void} keep keeps what is written, and whether it passed
 * @property {() => number[] | null} symptom the numbers that stand in the exercise's field
 */

/**
 * What stands around an editor: its buttons, what the code prints, what the check says.
 *
 * @param {string} number of the exercise
 */
function surroundings(number) {
  const go = make("button", { type: "button" }, "Check");
  const halt = make("button", { type: "button", hidden: true }, "Stop");
  const reset = make("button", { type: "button" }, "Reset");
  const keys = make("span", { className: "keys" }, KEYS);
  const bar = make("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", "Python arrives");
  const amount = make("span", { ariaHidden: "true" });
  const printed = make("pre", { className: "printed", tabIndex: 0, hidden: true });
  printed.setAttribute("aria-label", `What the code of ${number} prints`);
  const told = make("pre", { className: "told", tabIndex: 0, hidden: true });
  told.setAttribute("aria-label", `What the check of ${number} says`);
  for (const text of [printed, told]) text.setAttribute("role", "group");
  return {
    go,
    halt,
    reset,
    buttons: make("p", { className: "buttons" }, go, halt, reset, keys),
    bar,
    amount,
    waiting: make("p", { className: "waiting", hidden: true }, bar, " ", amount),
    printed,
    told,
  };
}

/**
 * What is shown while a check goes on.
 *
 * @param {ReturnType<typeof surroundings>} parts
 * @param {(words: string) => void} say
 * @returns {import("./exercise_python.js").Listener}
 */
function watching({ waiting, bar, amount, printed }, say) {
  return {
    arrives(megabytes, of) {
      if (waiting.hidden) say("Python arrives and starts …");
      waiting.hidden = false;
      bar.value = Math.min(1, megabytes / of);
      amount.textContent = `${megabytes.toFixed(1)} of about ${Math.round(of)} MB`;
    },
    starts() {
      waiting.hidden = true;
      say("Your code runs …");
    },
    prints(text) {
      printed.hidden = false;
      printed.append(text);
    },
  };
}

/**
 * Puts an editor before the line that tells the verdict.
 *
 * @param {HTMLElement} place
 * @param {HTMLElement} said
 * @param {Exercise} exercise
 */
export async function openEditor(place, said, { task, text, keep, symptom }) {
  const { createEditor } = await import(new URL("codemirror/codemirror.js", import.meta.url).href);
  const host = make("div", { className: "editor" });
  const parts = surroundings(task.number);
  const { go, halt, waiting, printed, told } = parts;

  /** @param {string} words @param {"right" | "wrong" | ""} verdict @param {string} report */
  const say = (words, verdict = "", report = "") => {
    said.textContent = words;
    told.textContent = report;
    told.hidden = !report;
    if (verdict) place.dataset.verdict = verdict;
    else delete place.dataset.verdict;
  };

  /** @param {boolean} running */
  const show = (running) => {
    halt.hidden = !running;
    go.disabled = running;
    waiting.hidden = true;
    if (!running && document.activeElement === document.body) go.focus(); // "Stop" has gone from under the keyboard
  };

  async function run() {
    if (go.disabled) return;
    show(true);
    printed.textContent = "";
    printed.hidden = true;
    say("Python is asked …");
    try {
      const answer = await check(
        { ...task, code: editor.text(), ...(task.shape && { symptom: symptom() }) },
        watching(parts, say),
      );
      say(answer.passed ? "Right." : "Not yet.", answer.passed ? "right" : "wrong", answer.text);
      keep(editor.text(), answer.passed);
    } catch (error) {
      const stopped = "Stopped; your code is kept. The next check starts Python anew.";
      say(error instanceof Stopped ? stopped : error instanceof Error ? error.message : String(error));
    }
    show(false);
  }

  const editor = createEditor(host, {
    text,
    label: `Your code for ${task.number}`,
    changed: (/** @type {string} */ now) => {
      keep(now);
      if (place.dataset.verdict) say("");
    },
    entered: run,
  });
  go.addEventListener("click", run);
  halt.addEventListener("click", stop);
  parts.reset.addEventListener("click", () => {
    editor.replace(task.code);
    printed.hidden = true;
    say("As it was at the start. Ctrl+Z in the editor brings your code back.");
    editor.focus();
  });
  place.prepend(host, parts.buttons, waiting);
  place.append(printed, told);
  editor.focus();
  try {
    const { host: from, megabytes } = await settings();
    if (!said.textContent)
      say(`Check starts Python on this page: about ${Math.round(megabytes)} MB from ${from}, once.`);
  } catch (error) {
    if (!said.textContent && error instanceof Error) say(error.message);
  }
}
