/** A network drawn from above to below: a box for each tower and row, and wires where one row reads another. */
import { h, range } from "./elements.js";

/** @typedef {{ shape: number[], kind: string, groups: number }} Stage the image, or a layer */

/**
 * What the drawing needs to know besides the rows.
 *
 * @typedef {object} How
 * @property {number} width of the drawing
 * @property {number} rowHeight
 * @property {number} size side of the picture in pixels
 * @property {number} towers how many parts the maps are split in
 * @property {number} count how many rows there would be if none were broken
 * @property {number} chosen the row under study
 */

const LEAST = 28;

/** The height of a box, which leaves room for wires. */
const boxHeight = (/** @type {How} */ { rowHeight }) => Math.max(16, rowHeight - 16);

/** The top of a row's boxes. */
const top = (/** @type {number} */ row, /** @type {How} */ how) =>
  row * how.rowHeight + (how.rowHeight - boxHeight(how)) / 2;

/** How many boxes a row has: the image and the last layer are not split. */
const boxesOf = (/** @type {number} */ row, /** @type {How} */ { towers: parts, count }) =>
  row === 0 || row === count - 1 ? 1 : parts;

/** The middle of a box. */
const middle = (/** @type {number} */ row, /** @type {number} */ tower, /** @type {How} */ how) =>
  ((tower + 0.5) / boxesOf(row, how)) * how.width;

/**
 * The width of a row's boxes: larger maps are wider; features have no side.
 *
 * @param {Stage} stage
 * @param {number} row
 * @param {How} how
 * @returns {number}
 */
function boxWidth({ shape }, row, how) {
  const { width, size, towers: parts } = how;
  const boxes = boxesOf(row, how);
  const share = 0.25 + 0.65 * (shape.length > 1 ? Math.sqrt(shape[0] / size) : 0.3);
  return Math.max(Math.min(LEAST, width / boxes - 4), (boxes > 1 ? width / parts : 0.72 * width) * share);
}

/**
 * The wires from the row before to a row; those from tower to tower stand out.
 *
 * @param {Stage} stage
 * @param {number} row
 * @param {How} how
 * @returns {Element[]}
 */
function wires({ kind, groups }, row, how) {
  const above = boxesOf(row - 1, how);
  const below = boxesOf(row, how);
  const apart = kind === "pooling" || groups > 1;
  return range(0, above - 1).flatMap((a) =>
    range(0, below - 1)
      .filter((b) => !apart || above === 1 || a === b)
      .map((b) => {
        const from = `M${middle(row - 1, a, how)} ${top(row - 1, how) + boxHeight(how)}`;
        const across = above > 1 && below > 1 && a !== b;
        return h("path", {
          class: across ? "across" : "",
          d: `${from}L${middle(row, b, how)} ${top(row, how)}`,
        });
      }),
  );
}

/**
 * The boxes of a row, each with the number of its maps.
 *
 * @param {Stage} stage
 * @param {number} row
 * @param {How} how
 * @returns {Element[]}
 */
function boxes(stage, row, how) {
  const { shape } = stage;
  const width = boxWidth(stage, row, how);
  const count = boxesOf(row, how);
  const maps = String(shape[shape.length - 1] / count);
  return range(0, count - 1).flatMap((tower) => {
    const x = middle(row, tower, how);
    const place = { x: x - width / 2, y: top(row, how), width, height: boxHeight(how) };
    const box = h("rect", { ...place, rx: 2, class: row === how.chosen ? "here" : "" });
    return width < 24 ? [box] : [box, h("text", { x, y: top(row, how) + boxHeight(how) / 2 + 4 }, maps)];
  });
}

/**
 * The parts of an SVG as wide as `how` says, row below row.
 *
 * @param {Stage[]} stages the image and the layers, as far as the network goes
 * @param {How} how
 * @returns {Element[]}
 */
export const towers = (stages, how) => [
  ...stages.slice(1).flatMap((stage, at) => wires(stage, at + 1, how)),
  ...stages.flatMap((stage, row) => boxes(stage, row, how)),
];
