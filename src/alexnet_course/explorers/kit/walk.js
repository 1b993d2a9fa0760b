/**
 * The window under study. Clicks, drags, arrows and buttons choose it (`row`, `column` of the model); pointing
 * with a mouse only previews, so that crossing the picture destroys nothing; Play visits every window in turn.
 */
import { button, toolbar } from "./controls.js";
import { h } from "./elements.js";
import { moved } from "./pointer.js";

/** @typedef {{ row: number, column: number }} Place a window, counted from 0 */

export class Walk {
  /**
   * `count`, `pitch` and `span` (in units) are set by the explorer's update.
   *
   * @param {import("./page.js").Page} page
   */
  constructor(page) {
    this.page = page;
    this.rows = this.columns = 0;
    this.pitch = this.span = 1;
    /** @type {Place | null} */
    this.hover = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.shownUntil = Infinity;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.playButton = button("Play", () => this.play(), { hidden: this.calm.matches });
    this.title = h("p", { class: "title" });
    this.el = h(
      "div",
      { class: "stepper" },
      this.title,
      toolbar(
        "Windows",
        "steps",
        button("Back", () => this.step(-1)),
        this.playButton,
        button("Next", () => this.step(1)),
      ),
    );
  }

  /** @param {number} n how many windows there are along each side */
  set count(n) {
    this.rows = this.columns = n;
  }
  /** @returns {number} */
  get total() {
    return this.rows * this.columns;
  }

  /**
   * @param {Place} place
   * @returns {Place} the nearest one that there is
   */
  clamp({ row, column }) {
    return {
      row: Math.max(0, Math.min(this.rows - 1, row)),
      column: Math.max(0, Math.min(this.columns - 1, column)),
    };
  }

  /**
   * The window on screen: the one pointed at, else the one chosen.
   *
   * @returns {Place}
   */
  get place() {
    const { row, column } = this.page.state;
    return this.clamp(this.hover ?? { row, column });
  }

  /**
   * Whether the picture is passing by: then nothing is announced.
   *
   * @returns {boolean}
   */
  get passing() {
    return Boolean(this.hover || this.timer);
  }

  /** @param {Place} place */
  moveTo(place) {
    this.hover = null;
    this.page.set(this.clamp(place));
    this.page.mark(); // also when the window only stopped being a preview
  }

  /**
   * The window number `i`, in reading order.
   *
   * @param {number} i
   * @returns {Place}
   */
  at(i) {
    return { row: Math.floor(i / this.columns), column: i % this.columns };
  }

  /** @param {number} by how many windows on, in reading order; the first follows the last */
  step(by) {
    const { row, column } = this.place;
    if (this.total) this.moveTo(this.at((row * this.columns + column + by + this.total) % this.total));
  }

  /**
   * A pointer, in units of the map.
   *
   * @param {number} y
   * @param {number} x
   * @param {boolean} chosen false while a mouse merely passes
   */
  point(y, x, chosen) {
    if (!this.total || this.timer) return;
    const [row, column] = [y, x].map((v) => Math.floor((v - (this.span - this.pitch) / 2) / this.pitch));
    const to = this.clamp({ row, column });
    if (chosen) {
      this.moveTo(to);
      return;
    }
    if (this.hover?.row === to.row && this.hover?.column === to.column) return;
    this.hover = to;
    this.page.mark();
  }

  /** The pointer left the map. */
  leave() {
    if (!this.hover) return;
    this.hover = null;
    this.page.mark();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.total) return;
    const to = moved(event, this.place, { row: this.rows - 1, column: this.columns - 1 });
    if (to) this.moveTo(to);
  }

  /**
   * Whether Play has yet to come to a window.
   *
   * @param {number} row
   * @param {number} column
   * @returns {boolean}
   */
  hides(row, column) {
    return row * this.columns + column > this.shownUntil;
  }

  /** Visits every window in turn; pauses when it is at it. */
  play() {
    const { total } = this;
    if (this.timer || !total) {
      this.pause();
      return;
    }
    const leap = Math.ceil(total / 400); // a minute at most
    const show = (/** @type {number} */ i) => {
      this.shownUntil = i;
      this.moveTo(this.at(i));
      this.page.schedule();
    };
    this.timer = setInterval(
      () => (this.shownUntil + leap < this.total ? show(this.shownUntil + leap) : this.pause()),
      total > 100 ? 150 : 500,
    );
    this.playButton.textContent = "Pause";
    show(0);
  }

  /** Stops where Play has come to. */
  pause() {
    clearInterval(this.timer);
    Object.assign(this, { timer: undefined, shownUntil: Infinity });
    this.playButton.textContent = "Play";
    this.page.schedule();
  }
}
