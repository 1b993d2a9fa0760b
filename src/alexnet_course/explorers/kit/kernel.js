/** The kernel's part of the page: presets with a thumbnail each, and a cell to type in for every weight. */
import { paintOn, rgb } from "./colours.js";
import { toolbar } from "./controls.js";
import { h, largest, number, parse, range } from "./elements.js";
import { weights } from "./maths.js";

/** @typedef {ReturnType<typeof import("./colours.js").palette>} Palette */
/** @typedef {import("./maths.js").Matrix} Matrix */

/** Buttons for ready-made kernels. */
export class Presets {
  /**
   * @param {string[]} names
   * @param {(name: string) => void} choose is called with the one pressed
   */
  constructor(names, choose) {
    this.names = names;
    this.drawn = "";
    this.canvases = names.map(() => h("canvas", { "aria-hidden": "true" }));
    this.buttons = names.map((name, at) =>
      h("button", { type: "button", onclick: () => choose(name) }, this.canvases[at], name),
    );
    this.el = toolbar("Kernel presets", "presets", ...this.buttons);
  }

  /**
   * @param {string | Matrix} chosen a name, or the learner's own kernel
   * @param {number} kernelSize
   * @param {Palette} colours
   */
  show(chosen, kernelSize, colours) {
    this.names.forEach((name, at) => this.buttons[at].setAttribute("aria-pressed", String(chosen === name)));
    const k = Math.max(3, Math.min(kernelSize, 7));
    const key = `${k} ${colours.signed(1, 1)}`;
    if (key === this.drawn) return;
    this.drawn = key;
    this.names.forEach((name, at) => {
      const kernel = weights({ kernel: name, kernel_size: k });
      const most = largest(kernel);
      const canvas = this.canvases[at];
      canvas.width = canvas.height = k;
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      kernel.forEach((row, a) =>
        row.forEach((w, b) => {
          context.fillStyle = rgb(colours.signed(w, most));
          context.fillRect(b, a, 1, 1);
        }),
      );
    });
  }
}

/**
 * A square of cells to type in: one stop of the keyboard, arrows move inside it. Numbers beyond a limit and what is
 * no number go back to what they were.
 */
export class Editor {
  /**
   * @param {number} limit
   * @param {(kernel: Matrix) => void} change is called with the learner's own kernel
   * @param {{ group: string, cell: string }} [names] what a screen reader calls the square, and one of its cells
   */
  constructor(limit, change, names = { group: "Kernel weights", cell: "weight" }) {
    this.limit = limit;
    this.change = change;
    this.names = names;
    /** @type {Matrix} */
    this.kernel = [];
    /** @type {HTMLInputElement[]} */
    this.cells = [];
    /** @type {WeakMap<HTMLInputElement, string>} the style of each cell, so that only what is new is set */
    this.painted = new WeakMap();
    this.el = h("div", {
      class: "editor",
      role: "group",
      "aria-label": `${names.group}. Arrow keys move between cells.`,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
  }

  /**
   * @param {Matrix} kernel
   * @param {Palette} colours
   */
  show(kernel, colours) {
    const k = kernel.length;
    this.kernel = kernel;
    this.el.style.setProperty("--k", String(k));
    if (this.cells.length !== k * k) {
      const focused = this.cells.findIndex((cell) => cell === document.activeElement);
      this.cells = range(0, k * k - 1).map((i) => this.cell(i));
      this.el.replaceChildren(...this.cells);
      if (focused >= 0) this.cells[Math.min(focused, k * k - 1)].focus();
    }
    const most = largest(kernel);
    kernel.flat().forEach((w, i) => {
      this.write(i);
      const style = paintOn(colours.signed(w, most));
      if (this.painted.get(this.cells[i]) === style) return;
      this.painted.set(this.cells[i], style);
      this.cells[i].style.cssText = style;
    });
  }

  /**
   * The cell number `i`, in reading order.
   *
   * @param {number} i
   * @returns {HTMLInputElement}
   */
  cell(i) {
    const k = this.kernel.length;
    const cell = h("input", {
      inputmode: "decimal",
      autocomplete: "off",
      "data-i": i,
      tabindex: i ? -1 : 0,
      "aria-label": `${this.names.cell} (${Math.floor(i / k)}, ${i % k})`,
      onfocus: () => this.rove(cell),
      onchange: () => this.take(i, parse(cell.value)),
    });
    return cell;
  }

  /**
   * Takes over a number that was typed, or puts back what was there.
   *
   * @param {number} changed the cell's number
   * @param {number} typed
   */
  take(changed, typed) {
    const k = this.kernel.length;
    if (Math.abs(typed) <= this.limit)
      this.change(this.kernel.map((row, a) => row.map((w, b) => (a * k + b === changed ? typed : w))));
    else this.write(changed);
  }

  /** @param {number} i the cell's number */
  write(i) {
    const value = number(this.kernel.flat()[i], 2, this.kernel.length ** 2);
    if (this.cells[i].value !== value) this.cells[i].value = value;
  }

  /** @param {HTMLInputElement} cell becomes the one stop of the keyboard */
  rove(cell) {
    for (const other of this.cells) other.tabIndex = other === cell ? 0 : -1;
    cell.select();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const k = this.kernel.length;
    const i = this.cells.findIndex((cell) => cell === event.target);
    const by = { ArrowUp: -k, ArrowDown: k, ArrowLeft: i % k ? -1 : 0, ArrowRight: (i + 1) % k ? 1 : 0 }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    this.cells[i + by]?.focus();
  }
}
