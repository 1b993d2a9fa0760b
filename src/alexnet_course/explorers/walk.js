/**
 * The window under study. Clicks, drags, arrows and buttons choose it (`row`, `column` of the model); pointing
 * with a mouse only previews, so that crossing the picture destroys nothing; Play visits every window in turn.
 */
import { button } from "./controls.js";
import { h } from "./elements.js";

export class Walk {
  /** `mark()` redraws the window; `count`, `pitch` and `span` (in units) are set by the explorer's update. */
  constructor(page, mark) {
    Object.assign(this, {
      page,
      mark,
      rows: 0,
      columns: 0,
      pitch: 1,
      span: 1,
      hover: null,
      timer: null,
      shownUntil: Infinity,
    });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.playButton = button("Play", () => this.play(), { hidden: this.calm.matches });
    this.title = h("p", { class: "title" });
    this.el = h(
      "div",
      { class: "stepper" },
      this.title,
      button("Back", () => this.step(-1)),
      this.playButton,
      button("Next", () => this.step(1)),
    );
  }

  /** How many windows there are: along each side of a square, or [rows, columns]. */
  set count(n) {
    [this.rows, this.columns] = Array.isArray(n) ? n : [n, n];
  }
  get total() {
    return this.rows * this.columns;
  }

  clamp({ r, c }) {
    return { r: Math.max(0, Math.min(this.rows - 1, r)), c: Math.max(0, Math.min(this.columns - 1, c)) };
  }

  /** The window on screen: the one pointed at, else the one chosen. */
  get place() {
    return this.clamp(this.hover ?? { r: this.page.model.get("row"), c: this.page.model.get("column") });
  }

  /** Whether the picture is passing by: then nothing is announced. */
  get passing() {
    return Boolean(this.hover || this.timer);
  }

  moveTo(r, c) {
    this.hover = null;
    const to = this.clamp({ r, c });
    this.page.set({ row: to.r, column: to.c });
    this.mark(); // also when the window only stopped being a preview
  }

  step(by) {
    const { total, columns } = this,
      { r, c } = this.place,
      i = (r * columns + c + by + total) % total;
    if (total) this.moveTo(Math.floor(i / columns), i % columns);
  }

  /** A pointer at (y, x), in units of the map. */
  point(y, x, chosen) {
    if (!this.total || this.timer) return;
    const [down, across] = [y, x].map((v) => Math.floor((v - (this.span - this.pitch) / 2) / this.pitch));
    const { r, c } = this.clamp({ r: down, c: across });
    if (chosen) return this.moveTo(r, c);
    if (this.hover?.r === r && this.hover?.c === c) return;
    this.hover = { r, c };
    this.mark();
  }

  leave() {
    if (!this.hover) return;
    this.hover = null;
    this.mark();
  }

  key(event) {
    const { r, c } = this.place;
    const to = {
      ArrowUp: [r - 1, c],
      ArrowDown: [r + 1, c],
      ArrowLeft: [r, c - 1],
      ArrowRight: [r, c + 1],
      Home: [r, 0],
      End: [r, this.columns - 1],
      PageUp: [0, c],
      PageDown: [this.rows - 1, c],
    }[event.key];
    if (!to || !this.total || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.moveTo(...to);
  }

  /** Whether Play has come to window (r, c) yet. */
  hides(r, c) {
    return r * this.columns + c > this.shownUntil;
  }

  play() {
    const { total } = this;
    if (this.timer || !total) return this.pause();
    const leap = Math.ceil(total / 400); // a minute at most
    const show = (i) => {
      this.shownUntil = i;
      this.moveTo(Math.floor(i / this.columns), i % this.columns);
      this.page.schedule();
    };
    this.timer = setInterval(
      () => (this.shownUntil + leap < this.total ? show(this.shownUntil + leap) : this.pause()),
      total > 100 ? 150 : 500,
    );
    this.playButton.textContent = "Pause";
    show(0);
  }

  pause() {
    clearInterval(this.timer);
    Object.assign(this, { timer: null, shownUntil: Infinity });
    this.playButton.textContent = "Play";
    this.page.schedule?.();
  }
}
