/** A map of cells: pixels on a canvas, and everything that is said about them in SVG above it. */
import { inkOn, rgb } from "./colours.js";
import { box, h, range, set, unique } from "./elements.js";
import { follow } from "./pointer.js";
import { paintCells } from "./pixels.js";
import { roomOf } from "./room.js";

/** @typedef {import("./colours.js").Colour} Colour */

/**
 * Who takes what pointer and keys say; places are in units of the map.
 *
 * @typedef {object} Listener
 * @property {(y: number, x: number, chosen: boolean) => void} point `chosen` is false while a mouse merely passes
 * @property {() => void} leave
 * @property {(event: KeyboardEvent) => void} key
 */

/**
 * What is painted. `Value` is a number, or a pixel of three.
 *
 * @template Value
 * @typedef {object} Painting
 * @property {Value[][]} values
 * @property {number | number[]} total units along a side, or [rows, columns]
 * @property {(v: Value, row: number, column: number) => Colour} colour
 * @property {(v: Value) => string} [text] the label of a cell
 * @property {number} [start] units before the first cell
 * @property {number} [pitch] units from a cell to the next
 * @property {number} [gap] units left free between them
 * @property {boolean} [padded] whether a ring of `zero` is drawn round the values
 * @property {string} [zero]
 * @property {(row: number, column: number) => boolean} [blank] whether a cell stays empty
 * @property {boolean} [ticks] whether rows and columns are numbered
 */

/** @typedef {(i: number) => number} At where cell `i` begins, in pixels */

const NOTHING = [0, 0, 0, 0]; // a colour that is not seen
const SPACING = [1, 2, 5, 10, 20, 50, 100];

export class CellMap {
  /**
   * @param {string} label says what it is
   * @param {object} [more]
   * @param {Listener} [more.walk] makes the map one stop of the keyboard: arrows, clicks and drags choose
   * @param {boolean} [more.signed] draws hairlines between cells of a map that has white cells
   * @param {string} [more.describedBy]
   */
  constructor(label, { walk, signed = false, describedBy } = {}) {
    this.unit = 1;
    this.inset = 0;
    this.total = [0, 0];
    this.used = { texts: 0, ticks: 0 };
    /** @type {WeakMap<Element, string>} what was written where, so that only what is new is written */
    this.written = new WeakMap();
    this.canvas = h("canvas");
    this.veil = unique("hatch");
    this.lines = h("path", { class: "lines" });
    this.dashed = h("path", { class: "dashed" });
    this.texts = h("g", { class: "texts" });
    this.ticks = h("g", { class: "ticks" });
    this.frame = h("path", { class: "frame" });
    this.others = h("path", { class: "others" });
    this.struck = h("path", { class: "struck" });
    this.window = h("g", { class: "window" });
    this.ring = h("circle", { class: "ring" });
    const hatch = h(
      "pattern",
      { id: this.veil, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      h("rect", { width: 6, height: 6, class: "veil" }),
      h("rect", { width: 1.5, height: 6, class: "stripe" }),
    );
    this.svg = h(
      "svg",
      { "aria-hidden": "true" },
      h("defs", {}, hatch),
      this.lines,
      this.dashed,
      this.frame, // under the numbers, which it would run through
      this.texts,
      this.ticks,
      this.others,
      this.struck,
      this.window,
      this.ring,
    );
    this.struck.style.fill = `url(#${this.veil})`;
    const how = walk
      ? {
          tabindex: 0,
          role: "application",
          "aria-roledescription": "map of cells",
          "aria-describedby": describedBy,
        }
      : { role: "img" };
    this.el = h(
      "div",
      { class: signed ? "map signed" : "map", "aria-label": label, ...how },
      h("div", { class: "clip", "aria-hidden": "true" }, this.canvas),
      this.svg,
    );
    this.grip = h("div", { class: "grip" });
    if (!walk) return;
    this.el.append(this.grip);
    this.follow(walk);
  }

  /**
   * Lets pointer and keys move the window.
   *
   * @param {Listener} walk
   */
  follow(walk) {
    const point = (/** @type {boolean} */ chosen) => (/** @type {PointerEvent} */ event) => {
      const at = this.el.getBoundingClientRect();
      walk.point(
        (event.clientY - at.top - this.inset) / this.unit,
        (event.clientX - at.left - this.inset) / this.unit,
        chosen,
      );
    };
    follow(this.el, point(true), point(false));
    this.el.addEventListener("pointerleave", () => walk.leave());
    this.el.addEventListener("keydown", (event) => walk.key(event));
  }

  /**
   * Lays out the units and paints the values in their cells.
   *
   * @template Value
   * @param {Painting<Value>} painting
   */
  paint({
    values,
    total,
    start = 0,
    pitch = 1,
    gap = 0,
    colour,
    text = String,
    padded = false,
    zero = "0",
    blank = () => false,
    ticks = true,
  }) {
    const [rows, columns] = Array.isArray(total) ? total : [total, total];
    const inset = ticks ? 18 : 0;
    const width = roomOf(this.el).width || 320;
    const unit = (width - inset) / columns;
    const height = inset + rows * unit;
    const cell = pitch * unit;
    const m = values.length;
    const n = values[0]?.length ?? 0;
    const at = (/** @type {number} */ i) => inset + (start + i * pitch) * unit;
    Object.assign(this, { unit, inset, total: [rows, columns] });
    this.el.style.height = `${height}px`;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    paintCells(this.canvas, values, (v, r, c) => (blank(r, c) ? NOTHING : colour(v, r, c)));
    this.canvas.style.cssText = `left:${at(0)}px;top:${at(0)}px;width:${n * cell}px;height:${m * cell}px`;
    for (const path of [this.lines, this.dashed, this.frame, this.others, this.struck])
      path.setAttribute("d", "");
    this.window.replaceChildren();
    this.ring.setAttribute("r", "0");
    this.used = { texts: 0, ticks: 0 };
    if (n) {
      this.grid(at, m, n, cell, gap * unit);
      if (padded) this.zeros(start, m, n);
      if (ticks) this.count(at, m, n, cell);
      this.label(values, { at, cell, gap: gap * unit, text, colour, blank, zeros: padded ? start : 0, zero });
    }
    while (this.texts.children.length > this.used.texts) this.texts.lastChild?.remove();
    while (this.ticks.children.length > this.used.ticks) this.ticks.lastChild?.remove();
  }

  /**
   * The lines between m by n cells.
   *
   * @param {At} at
   * @param {number} m
   * @param {number} n
   * @param {number} cell
   * @param {number} gap
   */
  grid(at, m, n, cell, gap) {
    const lines =
      cell >= 7 || gap
        ? [
            ...range(0, n).map((i) => `M${at(i)} ${at(0)}V${at(m)}`),
            ...range(0, m).map((i) => `M${at(0)} ${at(i)}H${at(n)}`),
          ]
        : [];
    this.lines.setAttribute("d", lines.join(""));
    this.lines.setAttribute("class", gap ? "lines gap" : "lines");
    this.lines.setAttribute("stroke-width", String(Math.max(1, gap)));
  }

  /**
   * The dashed ring of zeros round m by n values.
   *
   * @param {number} start
   * @param {number} m
   * @param {number} n
   */
  zeros(start, m, n) {
    const {
      unit,
      inset,
      total: [rows, columns],
    } = this;
    if (rows <= m) return;
    const x = (/** @type {number} */ i) => inset + i * unit;
    const inside = (/** @type {number} */ i, /** @type {number} */ count) => i > start && i < start + count;
    const each = unit >= 7;
    const upright = range(1, each ? columns - 1 : 0).map((i) =>
      inside(i, n)
        ? `M${x(i)} ${x(0)}V${x(start)}M${x(i)} ${x(start + m)}V${x(rows)}`
        : `M${x(i)} ${x(0)}V${x(rows)}`,
    );
    const level = range(1, each ? rows - 1 : 0).map((i) =>
      inside(i, m)
        ? `M${x(0)} ${x(i)}H${x(start)}M${x(start + n)} ${x(i)}H${x(columns)}`
        : `M${x(0)} ${x(i)}H${x(columns)}`,
    );
    this.dashed.setAttribute(
      "d",
      box(inset + 0.5, inset + 0.5, columns * unit - 1, rows * unit - 1) + upright.join("") + level.join(""),
    );
  }

  /**
   * Row and column numbers, counted from 0, as many as there is room for.
   *
   * @param {At} at
   * @param {number} m
   * @param {number} n
   * @param {number} cell
   */
  count(at, m, n, cell) {
    const every = SPACING.find((by) => by * cell >= (by > 9 ? 26 : 16)) ?? 100;
    for (const c of range(0, n - 1)) if (c % every === 0) this.write("ticks", String(c), at(c + 0.5), 9, 11);
    for (const r of range(0, m - 1))
      if (r % every === 0 && m > 1) this.write("ticks", String(r), 8, at(r + 0.5), 11);
  }

  /**
   * The numbers in the cells, where they can be read.
   *
   * @template Value
   * @param {Value[][]} values
   * @param {Required<Pick<Painting<Value>, "text" | "colour" | "blank" | "zero">> & {
   *   at: At, cell: number, gap: number, zeros: number,
   * }} how
   */
  label(values, { at, cell, gap, text, colour, blank, zeros, zero }) {
    const {
      unit,
      inset,
      total: [rows, columns],
    } = this;
    const m = values.length;
    const n = values[0].length;
    if (cell < 17) return; // too small to read
    const longest = Math.max(...values.flat().map((v) => text(v).length));
    const size = Math.min(14, cell * 0.42, ((cell - gap) * 0.92) / (longest * 0.56));
    if (size < 8) return;
    values.forEach((row, r) =>
      row.forEach((v, c) => {
        if (blank(r, c)) return;
        const ground = colour(v, r, c);
        this.write("texts", text(v), at(c + 0.5), at(r + 0.5), size, inkOn(ground), rgb(ground));
      }),
    );
    if (zeros)
      for (const r of range(0, rows - 1))
        for (const c of range(0, columns - 1))
          if (r < zeros || c < zeros || r >= zeros + m || c >= zeros + n)
            this.write(
              "texts",
              zero,
              inset + (c + 0.5) * unit,
              inset + (r + 0.5) * unit,
              size,
              "var(--muted)",
              "var(--paper)",
            );
  }

  /**
   * Puts one text in a layer; the elements of the last drawing are used again, since making them is the slow part.
   *
   * @param {"texts" | "ticks"} layer
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {number} size
   * @param {string} [fill]
   * @param {string} [ground] the colour behind it, which keeps lines away from it
   */
  write(layer, text, x, y, size, fill = "var(--muted)", ground = "none") {
    const el = this[layer].children[this.used[layer]++] ?? this[layer].appendChild(h("text"));
    const key = `${text} ${x} ${y} ${size} ${fill} ${ground}`;
    if (this.written.get(el) === key) return;
    this.written.set(el, key);
    el.textContent = text;
    set(el, { x, y: y + size * 0.36, "font-size": size, fill, stroke: ground });
  }

  /**
   * A dotted line round `size` units from `start` on: where the picture's edge is.
   *
   * @param {number} start
   * @param {number} size
   */
  edge(start, size) {
    this.frame.setAttribute(
      "d",
      box(this.inset + start * this.unit, this.inset + start * this.unit, size * this.unit),
    );
  }

  /**
   * Hatches whole rows and columns.
   *
   * @param {boolean[]} keep one true or false per unit
   * @param {number} start the first one's place
   */
  strike(keep, start) {
    const { unit } = this;
    const from = this.inset + start * unit;
    const side = keep.length * unit;
    this.struck.setAttribute(
      "d",
      keep
        .map((kept, i) =>
          kept ? "" : box(from, from + i * unit, side, unit) + box(from + i * unit, from, unit, side),
        )
        .join(""),
    );
  }

  /**
   * Moves the outline.
   *
   * @param {number} row
   * @param {number} column
   * @param {number} size units along a side
   */
  outline(row, column, size) {
    const [x, y, side] = [this.inset + column * this.unit, this.inset + row * this.unit, size * this.unit];
    const d = box(x, y, side);
    this.grip.style.cssText = `left:${x}px;top:${y}px;width:${side}px;height:${side}px`;
    this.window.replaceChildren(h("path", { d, class: "halo" }), h("path", { d }));
  }

  /**
   * Dashes round other windows.
   *
   * @param {number[][]} places row and column of each
   * @param {number} size units along a side
   */
  outlines(places, size) {
    this.others.setAttribute(
      "d",
      places
        .map(([row, column]) =>
          box(this.inset + column * this.unit, this.inset + row * this.unit, size * this.unit),
        )
        .join(""),
    );
  }

  /**
   * A ring in a cell.
   *
   * @param {number} row of its middle
   * @param {number} column of its middle
   * @param {number} [radius]
   */
  circle(row, column, radius = 0.42) {
    const { unit, inset } = this;
    set(this.ring, { cx: inset + column * unit, cy: inset + row * unit, r: radius * unit });
  }
}
