/** Curves over the steps of runs. */
import { h, range, thousands } from "./elements.js";

/**
 * A chart of curves over steps.
 *
 * @param {HTMLElement} el
 * @param {{ high: number, last: number, unit: (v: number) => string, label: string,
 *   curves: { points: number[][], kind: string }[], marks: { step: number, text: string }[] }} chart `points` are
 *   pairs of a step and a value
 */
export function drawCurves(el, { high, last, unit, label, curves, marks }) {
  const width = el.clientWidth || 320;
  const height = el.clientHeight || 200;
  const [left, right, top, bottom] = [42, width - 8, 8, height - 20];
  const x = (/** @type {number} */ step) => left + (step / last) * (right - left);
  const y = (/** @type {number} */ value) => bottom - Math.min(1.02, value / high) * (bottom - top);
  const path = (/** @type {number[][]} */ points) =>
    points.map(([step, value]) => `${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
  el.setAttribute("aria-label", label);
  el.replaceChildren(
    h(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" },
      h("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }),
      h("text", { x: left - 4, y: top + 8, "text-anchor": "end" }, unit(high)),
      h("text", { x: left - 4, y: bottom, "text-anchor": "end" }, unit(0)),
      h("text", { x: left, y: height - 4 }, "step 0"),
      h("text", { x: right, y: height - 4, "text-anchor": "end" }, thousands(last)),
      ...marks.map(({ step }) => h("path", { class: "change", d: `M${x(step)} ${top}V${bottom}` })),
      ...marks.map(({ step, text }, i) =>
        h("text", { x: Math.min(x(step) + 3, right - 90), y: top + 10 + 12 * (i % 4) }, text),
      ),
      ...curves
        .filter(({ points }) => points.length)
        .map(({ points, kind }) => h("path", { class: kind, d: `M${path(points)}` })),
    ),
  );
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
 */
export const roundUp = (steps) =>
  [10, 20, 50, 100, 200, 300, 500, 800, 1200].find((end) => end >= steps) ?? steps;
