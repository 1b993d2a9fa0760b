/** Undo, redo and reset: the settings as they were before each thing that the reader did. */
import { button } from "./controls.js";
import { h } from "./elements.js";

/** @typedef {import("./page.js").State} State */

const LONGEST = 200;
const BEGIN = ["pointerdown", "keydown", "click", "change"]; // whatever else an event brings about is one step
const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=file])"; // these undo what was typed

/**
 * @param {State} one
 * @param {State} other
 * @returns {boolean}
 */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class History {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.first = page.state;
    /** @type {State[]} */
    this.past = [];
    /** @type {State[]} */
    this.future = [];
    this.found = this.first; // the settings as the reader's present gesture found them
    this.noted = true; // whether they are in the past already; what no gesture brought about is no step
    this.drawing = 0;
    this.undo = button("Undo", () => this.turn(this.past, this.future));
    this.redo = button("Redo", () => this.turn(this.future, this.past));
    this.reset = button("Reset", () => page.set(this.first));
    this.el = h("div", { class: "tools" }, this.undo, this.redo, this.reset);
    for (const name of Object.keys(page.traits)) page.listen(`change:${name}`, () => this.note());
    const begin = (/** @type {Event} */ event) => {
      // a key that is held down is one step, though a slider calls each of its repeats a change
      if (event instanceof KeyboardEvent && event.repeat) return;
      if (event.type === "change" && event.target instanceof Element && event.target.matches("[type=range]"))
        return;
      this.found = page.state;
      this.noted = false;
    };
    for (const type of BEGIN) page.root.addEventListener(type, begin, true);
    page.root.addEventListener("keydown", (event) => this.key(event));
    page.forget.push(() => cancelAnimationFrame(this.drawing));
    this.show();
  }

  /** Keeps what the reader's gesture found, once, however much it changes. */
  note() {
    if (!this.noted) {
      this.past = [...this.past, this.found].slice(-LONGEST);
      this.future = [];
      this.noted = true;
    }
    this.drawing ||= requestAnimationFrame(() => this.show());
  }

  /**
   * Goes to the nearest settings on one side that differ from the present ones, which go to the other side.
   *
   * @param {State[]} from
   * @param {State[]} to
   */
  turn(from, to) {
    const { state } = this.page;
    while (from.length && same(from[from.length - 1], state)) from.pop();
    const wanted = from.pop();
    if (!wanted) return;
    to.push(state);
    this.noted = true;
    this.page.set(wanted);
  }

  /** @param {KeyboardEvent} event Ctrl or Cmd with Z, with Shift and Z, or with Y */
  key(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return;
    if (event.target instanceof Element && event.target.matches(TYPED)) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.turn(this.future, this.past);
    else this.turn(this.past, this.future);
  }

  /** Greys what would change nothing; a button keeps the focus all the same. */
  show() {
    this.drawing = 0;
    const { state } = this.page;
    const differs = (/** @type {State} */ other) => !same(other, state);
    const able = [this.past.some(differs), this.future.some(differs), differs(this.first)];
    [this.undo, this.redo, this.reset].forEach((one, at) => {
      one.setAttribute("aria-disabled", String(!able[at]));
      one.tabIndex = able[at] ? 0 : -1;
    });
  }
}
