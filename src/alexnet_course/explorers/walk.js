/**
 * The window under study. Clicks, drags, arrows and buttons choose it (`row`, `column` of the model); pointing
 * with a mouse only previews, so that crossing the picture destroys nothing; Play visits every window in turn.
 */
import { button } from "./controls.js";
import { h } from "./elements.js";

export class Walk {
  /** `mark()` redraws the window; `count`, `pitch` and `span` (in pixels) are set by the explorer's update. */
  constructor(page, mark) {
    Object.assign(this, { page, mark, count: 0, pitch: 1, span: 1, hover: null, timer: null, shownUntil: Infinity });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.playButton = button("Play", () => this.play(), { hidden: this.calm.matches });
    this.title = h("p", { class: "title" });
    this.el = h("div", { class: "stepper" }, this.title, button("Back", () => this.step(-1)), this.playButton,
      button("Next", () => this.step(1)));
  }

  clamp(i) { return Math.max(0, Math.min(this.count - 1, i)); }
  get chosen() { return { r: this.clamp(this.page.model.get("row")), c: this.clamp(this.page.model.get("column")) }; }

  /** The window on screen: the one pointed at, else the one chosen. */
  get place() { return this.hover ? { r: this.clamp(this.hover.r), c: this.clamp(this.hover.c) } : this.chosen; }

  /** Whether the picture is passing by: then nothing is announced. */
  get passing() { return Boolean(this.hover || this.timer); }

  moveTo(r, c) {
    this.hover = null;
    this.page.set({ row: this.clamp(r), column: this.clamp(c) });
    this.mark(); // also when the window only stopped being a preview
  }

  step(by) {
    const n = this.count, { r, c } = this.place, i = (r * n + c + by + n * n) % (n * n);
    if (n) this.moveTo(Math.floor(i / n), i % n);
  }

  /** A pointer at (y, x), in units of the map. */
  point(y, x, chosen) {
    if (!this.count || this.timer) return;
    const [r, c] = [y, x].map((v) => this.clamp(Math.floor((v - (this.span - this.pitch) / 2) / this.pitch)));
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
    const { r, c } = this.place, last = this.count - 1;
    const to = { ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      Home: [r, 0], End: [r, last], PageUp: [0, c], PageDown: [last, c] }[event.key];
    if (!to || last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.moveTo(...to);
  }

  /** Whether Play has come to window (r, c) yet. */
  hides(r, c) { return r * this.count + c > this.shownUntil; }

  play() {
    const total = this.count ** 2;
    if (this.timer || !total) return this.pause();
    const leap = Math.ceil(total / 400); // a minute at most
    const show = (i) => {
      this.shownUntil = i;
      this.moveTo(Math.floor(i / this.count), i % this.count);
      this.page.schedule();
    };
    this.timer = setInterval(() => (this.shownUntil + leap < this.count ** 2 ? show(this.shownUntil + leap) : this.pause()),
      total > 100 ? 150 : 500);
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
