/** The stages of the three networks of the forward-pass explorer: where their units look, and what of them is stored. */
import { range } from "./elements.js";
import STORED from "../made/forward_pass_maps.json" with { type: "json" };
import KNOWN from "../made/forward_pass_stages.json" with { type: "json" };

/** @typedef {import("./tiles.js").Sheet} Sheet */
/** @typedef {{ name: string, kind: string, shape: number[], layers: string[], windows: number[][] }} Stage */
/** @typedef {{ rows: number, columns: number, read: (at: number) => number }} Map what is drawn of one */
/** @typedef {{ deviation: number, zeros: number, limit: number, chosen: number[], maps: number[][][] }} Stored of a stage */

/** @type {Record<string, Stage[]>} */
export const STAGES = KNOWN;
export const RANDOM = "random AlexNet"; // whose maps are stored
export const PHOTOGRAPHED = "SqueezeNet";
export const MINIATURE = "miniature";
export const LEVELS = 17; // of a stored map, above 0
const ZERO = 18; // the digit of 0

/**
 * Side, stride and padding of the windows that make a map of a stage; the largest without a map.
 *
 * @param {Stage} stage
 * @param {number} [map]
 * @returns {number[] | undefined}
 */
export function windowOf({ windows }, map) {
  if (map === undefined) return windows[windows.length - 1];
  for (const window of windows) {
    if (map < window[3]) return window;
    map -= window[3];
  }
}

/**
 * The first and the last rows and columns of the picture on which some units of a stage depend.
 *
 * @param {Stage[]} stages
 * @param {number} at which stage; it has rows and columns
 * @param {number | undefined} map
 * @param {number[]} units first row, first column, last row, last column
 * @returns {number[]}
 */
function seen(stages, at, map, units) {
  const [, side = 1, stride = 1, padding = 0] = [0, ...(windowOf(stages[at], map) ?? [])];
  const before = units.map((unit, i) => unit * stride - padding + (i < 2 ? 0 : side - 1));
  return at ? seen(stages, at - 1, undefined, before) : units;
}

/**
 * Where a unit looks in the picture.
 *
 * @param {Stage[]} stages
 * @param {number} at
 * @param {number[]} place
 * @returns {number[]}
 */
export function fieldOf(stages, at, [map, row, column]) {
  if (stages[at].shape.length === 3) return seen(stages, at, map, [row, column, row, column]);
  const last = stages.findLastIndex(({ shape }) => shape.length === 3);
  const [rows, columns, maps] = stages[last].shape;
  const pixel = Math.floor(map / maps);
  const one = [Math.floor(pixel / columns), pixel % columns];
  const units = stages[at].kind === "flatten" ? [...one, ...one] : [0, 0, rows - 1, columns - 1];
  return seen(stages, last, undefined, units);
}

/**
 * A row of base-36 digits as levels.
 *
 * @param {string} row
 * @returns {number[]}
 */
const levelsOf = (row) =>
  Array.from(row, (digit) => {
    const code = digit.charCodeAt(0);
    return code - (code < 58 ? 48 : 87) - ZERO;
  });

/** @type {Stored[]} those that were read, by their place */
const read = [];

/**
 * What is stored of a stage of the random network, and its maps as levels from -17 to 17, row by row.
 *
 * @param {number} at
 * @returns {Stored}
 */
export function storedStage(at) {
  const { deviation, zeros, limit, chosen, maps } = STORED[at];
  read[at] ??= { deviation, zeros, limit, chosen, maps: maps.map((rows) => rows.map(levelsOf)) };
  return read[at];
}

/**
 * Numbers without places, laid out row by row.
 *
 * @param {ArrayLike<number>} values
 * @returns {Map}
 */
export function laidOut(values) {
  const columns = Math.ceil(Math.sqrt(values.length));
  return { rows: Math.ceil(values.length / columns), columns, read: (at) => values[at] ?? 0 };
}

/**
 * The maps of a stage that are stored; of numbers without places, all.
 *
 * @param {number} at
 * @param {number[]} shape with the batch axis
 * @returns {Sheet}
 */
export function storedSheet(at, shape) {
  const { chosen, maps } = storedStage(at);
  const flat = maps.map((rows) => rows.flat());
  if (shape.length === 4) {
    const [rows, columns] = [maps[0].length, maps[0][0].length];
    return { order: chosen, rows, columns, read: (map, i) => flat[chosen.indexOf(map)][i] };
  }
  const order = range(0, shape[1] - 1).sort((a, b) => flat[0][b] - flat[0][a]);
  return { order, rows: 1, columns: 1, read: (map) => flat[0][map] };
}
