/** The kernel's part of the page: presets with a thumbnail each, and a cell to type in for every weight. */
import { paintOn, rgb } from "./colours.js";
import { h, largest, number, parse, range } from "./elements.js";
import { weights } from "./maths.js";

/** Buttons for ready-made kernels; `choose(name)` is called with the one pressed. */
export class Presets {
  constructor(names, choose) {
    this.names = names;
    this.el = h(
      "div",
      { class: "presets", role: "group", "aria-label": "Kernel presets" },
      ...names.map((name) =>
        h(
          "button",
          { type: "button", onclick: () => choose(name) },
          h("canvas", { "aria-hidden": "true" }),
          name,
        ),
      ),
    );
  }

  show(chosen, kernelSize, colours) {
    this.names.forEach((name, at) => this.el.children[at].setAttribute("aria-pressed", chosen === name));
    const k = Math.max(3, Math.min(kernelSize, 7)),
      key = `${k} ${colours.signed(1, 1)}`;
    if (key === this.drawn) return;
    this.drawn = key;
    this.names.forEach((name, at) => {
      const kernel = weights({ kernel: name, kernel_size: k }),
        most = largest(kernel),
        canvas = this.el.children[at].firstChild;
      canvas.width = canvas.height = k;
      const context = canvas.getContext("2d");
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
 * A square of cells to type in: one stop of the keyboard, arrows move inside it. `change(matrix)` is called with
 * the learner's own kernel; numbers beyond `limit` and what is no number go back to what they were.
 */
export class Editor {
  constructor(limit, change) {
    this.kernel = [];
    this.el = h("div", {
      class: "editor",
      role: "group",
      "aria-label": "Kernel weights. Arrow keys move between cells.",
      onkeydown: (event) => this.key(event),
      onfocusin: (event) => this.rove(event.target),
      onchange: ({ target }) => {
        const w = parse(target.value),
          changed = Number(target.dataset.i),
          k = this.kernel.length;
        if (Math.abs(w) <= limit)
          change(this.kernel.map((row, a) => row.map((old, b) => (a * k + b === changed ? w : old))));
        else this.write(target, this.kernel.flat()[changed]);
      },
    });
  }

  show(kernel, colours) {
    const k = kernel.length,
      focused = this.el.contains(document.activeElement) ? document.activeElement.dataset.i : undefined;
    Object.assign(this, { kernel, colours, most: largest(kernel) });
    this.el.style.setProperty("--k", k);
    if (this.el.children.length !== k * k) {
      this.el.replaceChildren(
        ...range(0, k * k - 1).map((i) =>
          h("input", {
            inputmode: "decimal",
            autocomplete: "off",
            "data-i": i,
            tabindex: i ? -1 : 0,
            "aria-label": `weight (${Math.floor(i / k)}, ${i % k})`,
          }),
        ),
      );
      if (focused !== undefined) this.el.children[Math.min(focused, k * k - 1)].focus();
    }
    kernel.flat().forEach((w, i) => this.write(this.el.children[i], w));
  }

  write(cell, w) {
    const value = number(w, 2, this.kernel.length ** 2),
      style = paintOn(this.colours.signed(w, this.most));
    if (cell.value !== value) cell.value = value;
    if (cell.painted !== style) cell.style.cssText = cell.painted = style;
  }

  rove(cell) {
    for (const other of this.el.children) other.tabIndex = other === cell ? 0 : -1;
    cell.select();
  }

  key(event) {
    const k = this.kernel.length,
      i = Number(event.target.dataset.i);
    const by = { ArrowUp: -k, ArrowDown: k, ArrowLeft: i % k ? -1 : 0, ArrowRight: (i + 1) % k ? 1 : 0 }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    this.el.children[i + by]?.focus();
  }
}
