/** A map of cells: pixels on a canvas, and everything that is said about them in SVG above it. */
import { inkOn } from "./colours.js";
import { box, h, range, unique } from "./elements.js";
import { follow } from "./pointer.js";

const SPACING = [1, 2, 5, 10, 20, 50, 100];

export class CellMap {
  /**
   * `label` says what it is. With `walk` (walk.js) the map is one stop of the keyboard: arrows, clicks and drags
   * choose a window. `signed` draws hairlines between cells of a map that has white cells.
   */
  constructor(label, { walk, signed = false, describedBy } = {}) {
    this.canvas = h("canvas");
    this.veil = unique("hatch");
    const layer = (kind, tag = "path") => (this[kind] = h(tag, { class: kind }));
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
      layer("lines"),
      layer("dashed"),
      layer("texts", "g"),
      layer("ticks", "g"),
      layer("frame"),
      layer("others"),
      layer("struck"),
      layer("window", "g"),
      layer("ring", "circle"),
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
    if (walk) this.follow(walk);
  }

  /** Lets pointer and keys move the window. */
  follow(walk) {
    const point = (chosen) => (event) => {
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
   * Lays out `total` units (a number, or [rows, columns]) and paints `values` in cells `pitch` wide from `start`
   * on, leaving `gap` between them. `colour(v)` gives [r, g, b], `text(v)` the label; `blank(r, c)` leaves a cell
   * empty; `padded` draws a ring of `zero` round the values.
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
    const [rows, columns] = Array.isArray(total) ? total : [total, total],
      inset = ticks ? 18 : 0;
    const width = this.el.clientWidth || 320,
      unit = (width - inset) / columns,
      height = inset + rows * unit,
      cell = pitch * unit;
    const m = values.length,
      n = values[0]?.length ?? 0;
    const at = (i) => inset + (start + i * pitch) * unit;
    Object.assign(this, { unit, inset, total: [rows, columns] });
    this.el.style.height = `${height}px`;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.canvas.width = n || 1;
    this.canvas.height = m || 1;
    this.canvas.style.cssText = `left:${at(0)}px;top:${at(0)}px;width:${n * cell}px;height:${m * cell}px`;
    for (const kind of ["lines", "dashed", "frame", "others", "struck"]) this[kind].setAttribute("d", "");
    this.window.replaceChildren();
    this.ring.setAttribute("r", 0);
    this.used = { texts: 0, ticks: 0 };
    if (n) {
      this.pixels(values, colour, blank);
      this.grid(at, m, n, cell, gap * unit);
      if (padded) this.zeros(start, m, n);
      if (ticks) this.count(at, m, n, cell);
      this.label(values, { at, cell, gap: gap * unit, text, colour, blank, zeros: padded && start, zero });
    }
    for (const [kind, used] of Object.entries(this.used))
      while (this[kind].children.length > used) this[kind].lastChild.remove();
  }

  pixels(values, colour, blank) {
    const context = this.canvas.getContext("2d"),
      image = context.createImageData(values[0].length, values.length);
    let i = 0;
    values.forEach((row, r) =>
      row.forEach((v, c) => {
        if (!blank(r, c)) {
          const [red, green, blue] = colour(v, r, c);
          image.data[i] = red;
          image.data[i + 1] = green;
          image.data[i + 2] = blue;
          image.data[i + 3] = 255;
        }
        i += 4;
      }),
    );
    context.putImageData(image, 0, 0);
  }

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
    this.lines.setAttribute("stroke-width", Math.max(1, gap));
  }

  /** The dashed ring of zeros round m by n values. */
  zeros(start, m, n) {
    const {
      unit,
      inset,
      total: [rows, columns],
    } = this;
    if (rows <= m) return;
    const x = (i) => inset + i * unit,
      inside = (i, count) => i > start && i < start + count,
      each = unit >= 7;
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

  /** Row and column numbers, counted from 0, as many as there is room for. */
  count(at, m, n, cell) {
    const every = SPACING.find((by) => by * cell >= (by > 9 ? 26 : 16)) ?? 100;
    for (const c of range(0, n - 1)) if (c % every === 0) this.write("ticks", c, at(c + 0.5), 9, 11);
    for (const r of range(0, m - 1)) if (r % every === 0 && m > 1) this.write("ticks", r, 8, at(r + 0.5), 11);
  }

  label(values, { at, cell, gap, text, colour, blank, zeros, zero }) {
    const {
        unit,
        inset,
        total: [rows, columns],
      } = this,
      m = values.length,
      n = values[0].length;
    if (cell < 17) return; // too small to read
    const longest = Math.max(...values.flat().map((v) => text(v).length));
    const size = Math.min(14, cell * 0.42, ((cell - gap) * 0.92) / (longest * 0.56));
    if (size < 8) return;
    values.forEach((row, r) =>
      row.forEach(
        (v, c) =>
          blank(r, c) || this.write("texts", text(v), at(c + 0.5), at(r + 0.5), size, inkOn(colour(v, r, c))),
      ),
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
            );
  }

  /** Puts one text in a layer; the elements of the last drawing are used again, since making them is the slow part. */
  write(layer, text, x, y, size, fill = "var(--muted)") {
    const el = this[layer].children[this.used[layer]++] ?? this[layer].appendChild(h("text"));
    const key = `${text} ${x} ${y} ${size} ${fill}`;
    if (el.written === key) return;
    el.written = key;
    el.textContent = text;
    for (const [name, value] of [
      ["x", x],
      ["y", y + size * 0.36],
      ["font-size", size],
      ["fill", fill],
    ])
      el.setAttribute(name, value);
  }

  /** A dotted line round `size` units from `start` on: where the picture's edge is. */
  edge(start, size) {
    this.frame.setAttribute(
      "d",
      box(this.inset + start * this.unit, this.inset + start * this.unit, size * this.unit),
    );
  }

  /** Hatches whole rows and columns: `keep` has one true or false per unit, counted from `start`. */
  strike(keep, start) {
    const { unit } = this,
      from = this.inset + start * unit,
      side = keep.length * unit;
    this.struck.setAttribute(
      "d",
      keep
        .map((kept, i) =>
          kept ? "" : box(from, from + i * unit, side, unit) + box(from + i * unit, from, unit, side),
        )
        .join(""),
    );
  }

  /** Moves the outline to `size` units at (row, column). */
  outline(row, column, size) {
    const d = box(this.inset + column * this.unit, this.inset + row * this.unit, size * this.unit);
    this.window.replaceChildren(h("path", { d, class: "halo" }), h("path", { d }));
  }

  /** Dashes round other windows, as [row, column] of each. */
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

  /** A ring in the cell whose middle is at (row, column). */
  circle(row, column, radius = 0.42) {
    const middle = (i) => this.inset + i * this.unit;
    for (const [name, value] of [
      ["cx", middle(column)],
      ["cy", middle(row)],
      ["r", radius * this.unit],
    ])
      this.ring.setAttribute(name, value);
  }
}
