/** What a network comes to, row by row; beside maths.js, and compared with Python by the same test. */
import { outputSize } from "./maths.js";

/**
 * A row of the table as it was published: what it is, and the numbers that it has.
 * @typedef {object} TableRow
 * @property {string} name
 * @property {string} kind "convolution", "pooling" or "dense"
 * @property {number} [kernel_size]
 * @property {number} [stride]
 * @property {number} [padding]
 * @property {number} [filters]
 * @property {number} [features]
 * @property {boolean} [grouped] whether it takes part in the groups
 */

/**
 * The numbers of a network; lists follow the order of the table.
 * @typedef {object} Settings
 * @property {number} size side of the picture in pixels
 * @property {number} groups
 * @property {number[]} kernel_sizes of convolutions and pools
 * @property {number[]} strides of convolutions and pools
 * @property {number[]} paddings of convolutions
 * @property {number[]} filters of convolutions
 * @property {number[]} features units of the dense layers
 */

/**
 * What one row comes to.
 * @typedef {object} Row
 * @property {string} name
 * @property {string} kind
 * @property {number[]} from shape of what it reads
 * @property {number[]} shape [rows, columns, maps] or [features]
 * @property {number} parameters
 * @property {number} multiply_accumulates of one image
 * @property {number} field pixels that one unit sees along a side
 * @property {number} jump pixels to what its neighbour sees; 0 where every unit sees everything
 * @property {number} first first pixel that unit 0 sees; negative in the padding
 * @property {number} unused rows, and columns, that no window reads
 * @property {number} groups
 * @property {{size: number, kernel_size: number, stride: number, padding: number}} [window]
 */

/** @typedef {{name: string, why: string}} Broken the first row that cannot be, and why */

/**
 * The product of some numbers.
 * @param {number[]} numbers
 * @returns {number}
 */
export const product = (numbers) => numbers.reduce((all, n) => all * n, 1);

/**
 * A column of the rows, added up.
 * @param {Row[]} rows
 * @param {"parameters" | "multiply_accumulates"} column
 * @returns {number}
 */
export const total = (rows, column) => rows.reduce((sum, row) => sum + row[column], 0);

/**
 * Every row of a network's table, as far as the network goes, and where it ends too early, why.
 * @param {TableRow[]} table
 * @param {Settings} settings
 * @returns {{rows: Row[], broken: Broken | null}}
 */
export function network(table, settings) {
  /** @type {Row[]} */
  const rows = [];
  const image = { shape: [settings.size, settings.size, 3], field: 1, jump: 1, first: 0 };
  for (const planned of withNumbers(table, settings)) {
    const before = rows.at(-1) ?? image;
    const row = planned.kind === "dense" ? denseRow(planned, before, settings) : windowRow(planned, before);
    if ("why" in row) return { rows, broken: row };
    rows.push(row);
  }
  return { rows, broken: null };
}

/**
 * The rows of a table with the numbers of these settings in the place of those that were published.
 * @param {TableRow[]} table
 * @param {Settings} settings
 * @returns {(TableRow & {groups: number})[]}
 */
function withNumbers(table, { groups, kernel_sizes, strides, paddings, filters, features }) {
  /** @type {[string, Iterator<number>][]} */
  const lists = [
    ["kernel_size", kernel_sizes.values()],
    ["stride", strides.values()],
    ["padding", paddings.values()],
    ["filters", filters.values()],
    ["features", features.values()],
  ];
  return table.map((row) => {
    const own = lists.filter(([name]) => name in row).map(([name, list]) => [name, list.next().value]);
    return { ...row, ...Object.fromEntries(own), groups: row.grouped ? groups : 1 };
  });
}

/**
 * What a dense row comes to.
 * @param {TableRow} row
 * @param {{shape: number[]}} before
 * @param {Settings} settings
 * @returns {Row}
 */
function denseRow({ name, kind, features = 0 }, { shape: from }, { size }) {
  const weights = product(from) * features;
  return {
    name,
    kind,
    from,
    shape: [features],
    parameters: weights + features,
    multiply_accumulates: weights,
    field: size,
    jump: 0,
    first: 0,
    unused: 0,
    groups: 1,
  };
}

/**
 * What a convolution or a pool comes to, or why it cannot be.
 * @param {TableRow & {groups: number}} row
 * @param {{shape: number[], field: number, jump: number, first: number}} before
 * @returns {Row | Broken}
 */
function windowRow({ name, kind, kernel_size = 1, stride = 1, padding = 0, filters, groups }, before) {
  const [size, , maps] = before.shape;
  const outputs = filters ?? maps;
  const window = { size, kernel_size, stride, padding };
  const out = outputSize(window);
  const broken = (/** @type {string} */ why) => ({ name, why });
  if (!out) return broken(`a window of ${kernel_size} does not fit on ${size + 2 * padding} pixels`);
  if (maps % groups) return broken(`${groups} groups do not divide its ${maps} input channels`);
  if (outputs % groups) return broken(`${groups} groups do not divide its ${outputs} filters`);
  const weights = filters ? kernel_size ** 2 * (maps / groups) * outputs : 0;
  return {
    name,
    kind,
    from: before.shape,
    shape: [out, out, outputs],
    parameters: weights && weights + outputs,
    multiply_accumulates: out * out * weights,
    field: before.field + (kernel_size - 1) * before.jump,
    jump: before.jump * stride,
    first: before.first - padding * before.jump,
    unused: (size + 2 * padding - kernel_size) % stride,
    groups,
    window,
  };
}
