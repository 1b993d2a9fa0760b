/** A row of pixels with the windows of a layer under it, and the outputs that they make under those. */
import { box, h, range, unique } from "./elements.js";
import { follow, modified } from "./pointer.js";

const TOP = 16,
  PIXEL = 18,
  GAP = 8;

export class Ruler {
  /** `label` says what it is; `choose(pixel, by)` is called with a pixel pointed at, or with a step of the keys. */
  constructor(label, { choose, describedBy } = {}) {
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
    if (!choose) return;
    const point = (event) =>
      choose({ pixel: this.from + (event.clientX - this.el.getBoundingClientRect().left) / this.unit });
    follow(this.el, point);
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
   * Draws pixels `from` to `to` (pixel 0 is the picture's first, padding is negative). `read[p]` says whether any
   * window reads pixel p; `count` windows of `kernel_size` start at `stride` steps from -padding on; `window` is
   * the one under study; `field` is the stretch {first, field} that a deeper unit sees, if it is to be shown.
   */
  draw({ from, to, size, kernel_size: k, stride, padding }, { read, count, window, field }) {
    const width = this.el.clientWidth || 640,
      unit = width / (to - from),
      lanes = Math.ceil(k / stride);
    const thick = Math.max(3, Math.min(10, 64 / lanes)),
      x = (p) => (p - from) * unit,
      below = TOP + PIXEL + GAP;
    Object.assign(this, { from, unit });
    const clip = (first, length) => [Math.max(from, first), Math.min(to, first + length)];
    const bar = (first, length, y, height, inset = Math.min(1, unit / 4)) => {
      const [a, b] = clip(first, length);
      return a < b ? box(x(a) + inset, y, (b - a) * unit - 2 * inset, height) : "";
    };
    const inside = (p) => p >= 0 && p < size,
      all = range(from, to - 1);
    const cells = (which) =>
      all
        .filter(which)
        .map((p) => box(x(p), TOP, unit, PIXEL))
        .join("");
    const start = (w) => w * stride - padding,
      lane = (w) => below + (w % lanes) * (thick + 2);
    const outputTop = below + lanes * (thick + 2) + GAP,
      side = Math.min(14, stride * unit - 1);
    const output = (w) => {
      const middle = x(start(w) + k / 2);
      return middle < 0 || middle > width ? "" : box(middle - side / 2, outputTop, side, 12);
    };
    const others = range(0, count - 1).filter((w) => w !== window),
      fieldTop = outputTop + 22;
    const every = [1, 2, 5, 10, 20, 50, 100].find((step) => step * unit >= (to > 100 ? 24 : 18)) ?? 100;
    const height = field ? fieldTop + 30 : outputTop + 16;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("height", height);
    const pattern = h(
      "pattern",
      { id: this.hatch, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      h("rect", { width: 5, height: 5, class: "veil" }),
      h("rect", { width: 2, height: 5, class: "stripe" }),
    );
    const path = (kind, d, style) => h("path", { class: kind, d, style });
    this.svg.replaceChildren(
      h("defs", {}, pattern),
      path(
        "pixels",
        cells((p) => inside(p) && read[p]),
        `stroke-width:${unit < 4 ? 0 : 1}`,
      ),
      path(
        "zeros",
        cells((p) => !inside(p)),
      ),
      path(
        "struck",
        cells((p) => inside(p) && !read[p]),
        `fill:url(#${this.hatch})`,
      ),
      ...all
        .filter((p) => p % every === 0)
        .map((p) => h("text", { x: x(p + 0.5), y: 11 }, String(p).replace("-", "−"))),
      path("windows", others.map((w) => bar(start(w), k, lane(w), thick)).join("")),
      path("outputs", others.map(output).join("")),
      ...(count
        ? [path("here", bar(start(window), k, lane(window), thick)), path("here-output", output(window))]
        : []),
      ...(field
        ? [
            path("field", bar(field.first, field.field, fieldTop, 8, 0)),
            h("text", { class: "name", x: 0, y: fieldTop + 24 }, field.name),
          ]
        : []),
    );
  }
}
