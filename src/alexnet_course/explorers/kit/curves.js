/** Curves over the steps of runs. */
import { h, range, set, thousands, write } from "./elements.js";
import { roomOf } from "./room.js";

/**
 * A chart of curves over steps: `points` are pairs of a step and a value.
 *
 * @typedef {object} Chart
 * @property {number} high the largest value that is shown
 * @property {number} last the last step
 * @property {(v: number) => string} unit
 * @property {string} label
 * @property {{ points: number[][], kind: string }[]} curves
 * @property {{ step: number, text: string }[]} marks
 */

export class Curves {
  constructor() {
    this.axis = h("path", { class: "axis" });
    this.limits = h("g");
    this.changes = h("path", { class: "change" });
    this.marks = h("g");
    this.lines = h("g");
    this.svg = h(
      "svg",
      { "aria-hidden": "true" },
      this.axis,
      this.limits,
      this.changes,
      this.marks,
      this.lines,
    );
    this.el = h("div", { class: "curves", role: "img" }, this.svg);
  }

  /** @param {Chart} chart */
  draw({ high, last, unit, label, curves, marks }) {
    const room = roomOf(this.el);
    const [width, height] = [room.width || 320, room.height || 200];
    const [left, right, top, bottom] = [42, width - 8, 8, height - 20];
    const x = (/** @type {number} */ step) => left + (step / last) * (right - left);
    const y = (/** @type {number} */ value) => bottom - Math.min(1.02, value / high) * (bottom - top);
    const path = (/** @type {number[][]} */ points) =>
      points.map(([step, value]) => `${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
    set(this.el, { "aria-label": label });
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, height });
    set(this.axis, { d: `M${left} ${top}V${bottom}H${right}` });
    const end = { "text-anchor": "end" };
    fill(this.limits, "text", [
      [{ x: left - 4, y: top + 8, ...end }, unit(high)],
      [{ x: left - 4, y: bottom, ...end }, unit(0)],
      [{ x: left, y: height - 4 }, "step 0"],
      [{ x: right, y: height - 4, ...end }, thousands(last)],
    ]);
    set(this.changes, { d: marks.map(({ step }) => `M${x(step)} ${top}V${bottom}`).join("") });
    const at = (/** @type {number} */ step) => Math.min(x(step) + 3, right - 90);
    fill(
      this.marks,
      "text",
      marks.map(({ step, text }, i) => [{ x: at(step), y: top + 10 + 12 * (i % 4) }, text]),
    );
    fill(
      this.lines,
      "path",
      curves
        .filter(({ points }) => points.length)
        .map(({ points, kind }) => [{ class: kind, d: `M${path(points)}` }, ""]),
    );
  }
}

/**
 * Gives a group as many elements as are wanted, and each its attributes and its text. Those of the last drawing are
 * used again: a curve that grows many times a second is the same path each time.
 *
 * @param {Element} group
 * @param {string} tag
 * @param {[Record<string, string | number>, string][]} wanted
 */
function fill(group, tag, wanted) {
  while (group.children.length > wanted.length) group.lastChild?.remove();
  wanted.forEach(([attributes, text], i) => {
    const el = group.children[i] ?? group.appendChild(h(tag));
    set(el, attributes);
    write(el, text);
  });
}

/**
 * Pairs of step and value, at most a few hundred of them.
 *
 * @param {number[]} values
 * @param {number} [mean] over so many steps each is averaged
 * @returns {number[][]}
 */
export function points(values, mean = 1) {
  const every = Math.ceil(values.length / 300);
  return range(0, values.length - 1)
    .filter((i) => (i % every === 0 || i === values.length - 1) && Number.isFinite(values[i]))
    .map((i) => {
      const latest = values.slice(Math.max(0, i + 1 - mean), i + 1);
      return [i, latest.reduce((sum, v) => sum + v, 0) / latest.length];
    });
}

/**
 * A step that is round, and not before the last one.
 *
 * @param {number} steps
 * @returns {number}
 */
export const roundUp = (steps) =>
  [10, 20, 50, 100, 200, 300, 500, 800, 1200].find((end) => end >= steps) ?? steps;
