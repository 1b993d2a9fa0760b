/** A row of pixels with the windows of a layer under it, and the outputs that they make under those. */
import { box, h, range, unique } from "./elements.js";
import { follow, modified } from "./pointer.js";
import { roomOf } from "./room.js";

/**
 * What a ruler shows: pixels `from` to `to` of a row; pixel 0 is the picture's first, padding is negative.
 *
 * @typedef {{ from: number, to: number, size: number, kernel_size: number, stride: number, padding: number }} Row
 */

/**
 * What is said of the row.
 *
 * @typedef {object} Said
 * @property {boolean[]} read whether any window reads a pixel
 * @property {number} count so many windows there are
 * @property {number} window the one under study
 * @property {{ first: number, field: number, name: string }} [field] the pixels that a deeper unit sees
 */

const TOP = 16;
const PIXEL = 18;
const WINDOWS_TOP = TOP + PIXEL + 8;
const LONGEST = 64; // of all lanes of windows together
const STEPS = [1, 2, 5, 10, 20, 50, 100];

/**
 * Where everything stands on a ruler that is `width` wide.
 *
 * @param {Row} row
 * @param {number} width
 */
function measures({ from, to, kernel_size, stride, padding }, width) {
  const unit = width / (to - from);
  const lanes = Math.ceil(kernel_size / stride);
  const thick = Math.max(3, Math.min(10, LONGEST / lanes));
  const outputTop = WINDOWS_TOP + lanes * (thick + 2) + 8;
  const side = Math.min(14, stride * unit - 1);
  const x = (/** @type {number} */ pixel) => (pixel - from) * unit;
  const start = (/** @type {number} */ window) => window * stride - padding;

  /**
   * The path of a bar over `length` pixels, as far as they are shown.
   *
   * @param {number} first
   * @param {number} length
   * @param {number} y
   * @param {number} height
   * @param {number} [inset]
   */
  function bar(first, length, y, height, inset = Math.min(1, unit / 4)) {
    const [a, b] = [Math.max(from, first), Math.min(to, first + length)];
    return a < b ? box(x(a) + inset, y, (b - a) * unit - 2 * inset, height) : "";
  }

  /** The path of a window. */
  const windowBar = (/** @type {number} */ window) =>
    bar(start(window), kernel_size, WINDOWS_TOP + (window % lanes) * (thick + 2), thick);

  /** The path of the output that a window makes. */
  function output(/** @type {number} */ window) {
    const middle = x(start(window) + kernel_size / 2);
    return middle < 0 || middle > width ? "" : box(middle - side / 2, outputTop, side, 12);
  }

  return { unit, x, bar, windowBar, output, fieldTop: outputTop + 22 };
}

/**
 * An element that draws a path.
 *
 * @param {string} kind
 * @param {string} d
 * @param {string} [style]
 */
const path = (kind, d, style) => h("path", { class: kind, d, style });

export class Ruler {
  /**
   * @param {string} label says what it is
   * @param {object} [more]
   * @param {(to: { pixel?: number, by?: number }) => void} [more.choose] is called with a pixel that was pointed
   *   at, or with a step of the keys
   * @param {string} [more.describedBy]
   */
  constructor(label, { choose, describedBy } = {}) {
    this.from = 0;
    this.unit = 1;
    this.hatch = unique("ruler");
    this.svg = h("svg", { "aria-hidden": "true" });
    const how = choose
      ? {
          tabindex: 0,
          role: "application",
          "aria-roledescription": "ruler of pixels",
          "aria-describedby": describedBy,
        }
      : { role: "img" };
    this.el = h("div", { class: "ruler", "aria-label": label, ...how }, this.svg);
    if (choose) this.listen(choose);
  }

  /** @param {(to: { pixel?: number, by?: number }) => void} choose */
  listen(choose) {
    follow(this.el, (event) =>
      choose({ pixel: this.from + (event.clientX - this.el.getBoundingClientRect().left) / this.unit }),
    );
    this.el.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[
        event.key
      ];
      if (!by || modified(event)) return;
      event.preventDefault();
      choose({ by });
    });
  }

  /**
   * @param {Row} row
   * @param {Said} said
   */
  draw(row, said) {
    const width = roomOf(this.el).width || 640;
    const at = measures(row, width);
    Object.assign(this, { from: row.from, unit: at.unit });
    const height = at.fieldTop + (said.field ? 30 : -6);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("height", String(height));
    this.svg.replaceChildren(...this.pixels(row, said, at), ...this.windows(said, at));
  }

  /**
   * The pixels, those that no window reads hatched, and their numbers.
   *
   * @param {Row} row
   * @param {Said} said
   * @param {ReturnType<typeof measures>} at
   * @returns {Element[]}
   */
  pixels({ from, to, size }, { read }, { unit, x }) {
    const all = range(from, to - 1);
    const inside = (/** @type {number} */ pixel) => pixel >= 0 && pixel < size;
    const cells = (/** @type {(pixel: number) => boolean} */ which) =>
      all
        .filter(which)
        .map((pixel) => box(x(pixel), TOP, unit, PIXEL))
        .join("");
    const every = STEPS.find((step) => step * unit >= (to > 100 ? 24 : 18)) ?? 100;
    const pattern = h(
      "pattern",
      { id: this.hatch, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      h("rect", { width: 5, height: 5, class: "veil" }),
      h("rect", { width: 2, height: 5, class: "stripe" }),
    );
    const used = cells((pixel) => inside(pixel) && read[pixel]);
    const zeros = cells((pixel) => !inside(pixel));
    const unused = cells((pixel) => inside(pixel) && !read[pixel]);
    const numbers = all.filter((pixel) => pixel % every === 0);
    return [
      h("defs", {}, pattern),
      path("pixels", used, `stroke-width:${unit < 4 ? 0 : 1}`),
      path("zeros", zeros),
      path("struck", unused, `fill:url(#${this.hatch})`),
      ...numbers.map((pixel) => h("text", { x: x(pixel + 0.5), y: 11 }, String(pixel).replace("-", "−"))),
    ];
  }

  /**
   * The windows and their outputs, the one under study over the others; and what a deeper unit sees.
   *
   * @param {Said} said
   * @param {ReturnType<typeof measures>} at
   * @returns {Element[]}
   */
  windows({ count, window, field }, { bar, windowBar, output, fieldTop }) {
    const others = range(0, count - 1).filter((other) => other !== window);
    const parts = [
      path("windows", others.map(windowBar).join("")),
      path("outputs", others.map(output).join("")),
    ];
    if (count) parts.push(path("here", windowBar(window)), path("here-output", output(window)));
    if (!field) return parts;
    const name = h("text", { class: "name", x: 0, y: fieldTop + 24 }, field.name);
    return [...parts, path("field", bar(field.first, field.field, fieldTop, 8, 0)), name];
  }
}
