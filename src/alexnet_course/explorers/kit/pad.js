/** A small canvas to draw on, in grey: with a pointer, or with the arrow keys and the space bar. */
import { h } from "./elements.js";
import { paintGrey } from "./pixels.js";
import { follow, moved } from "./pointer.js";

const BRUSH = 1.7; // pixels from its middle to where nothing is left

export class Pad {
  /**
   * @param {number} side in pixels
   * @param {(pixels: Uint8Array) => void} change told after each stroke's step
   */
  constructor(side, change) {
    this.side = side;
    this.change = change;
    /** @type {Uint8Array} */
    this.pixels = new Uint8Array(side * side);
    this.at = { row: Math.floor(side / 2), column: Math.floor(side / 2) };
    this.canvas = h("canvas");
    this.here = h("i", { class: "here" });
    this.el = h(
      "div",
      {
        class: "pad",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "drawing",
        "aria-label":
          "Draw here: with a pointer, or move with the arrow keys; each step draws, with Shift it erases.",
      },
      this.canvas,
      this.here,
    );
    follow(this.el, (event) => {
      const { left, top, width } = this.el.getBoundingClientRect();
      const unit = side / width;
      this.stroke((event.clientY - top) * unit - 0.5, (event.clientX - left) * unit - 0.5, event.shiftKey);
    });
    this.el.addEventListener("keydown", (event) => {
      const to = moved(event, this.at, { row: side - 1, column: side - 1 });
      if (!to) return;
      const within = (/** @type {number} */ v) => Math.max(0, Math.min(side - 1, v));
      this.at = { row: within(to.row), column: within(to.column) };
      this.stroke(this.at.row, this.at.column, event.shiftKey);
    });
    this.show(this.pixels);
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {boolean} erase
   */
  stroke(row, column, erase) {
    this.at = { row: Math.round(row), column: Math.round(column) };
    const pixels = this.pixels.slice();
    for (let y = Math.max(0, Math.ceil(row - BRUSH)); y <= Math.min(this.side - 1, row + BRUSH); y++) {
      for (
        let x = Math.max(0, Math.ceil(column - BRUSH));
        x <= Math.min(this.side - 1, column + BRUSH);
        x++
      ) {
        const level = Math.round(255 * Math.max(0, Math.min(1, BRUSH - Math.hypot(y - row, x - column))));
        const at = y * this.side + x;
        pixels[at] = erase ? Math.min(pixels[at], 255 - level) : Math.max(pixels[at], level);
      }
    }
    this.show(pixels);
    this.change(pixels);
  }

  /** @param {Uint8Array} pixels */
  show(pixels) {
    this.pixels = pixels;
    paintGrey(this.canvas, { height: this.side, width: this.side }, (at) => pixels[at]);
    const share = (/** @type {number} */ at) => `${(100 * at) / this.side}%`;
    this.here.style.cssText = `left:${share(this.at.column)};top:${share(this.at.row)};width:${share(1)};height:${share(1)}`;
  }
}
