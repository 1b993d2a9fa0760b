/** A network's rows in words and sums, each number with where it comes from. */
import { plural, thousands } from "./elements.js";
import { product } from "./network.js";

/** @typedef {import("./network.js").Row} Row */

/**
 * `55 × 55 × 96`.
 *
 * @param {number[]} numbers
 * @returns {string}
 */
export const times = (numbers) => numbers.map(thousands).join(" × ");

/**
 * What a number of float32 numbers weigh.
 *
 * @param {number} numbers
 * @returns {string}
 */
function bytes(numbers) {
  if (numbers < 2500) return `${thousands(4 * numbers)} bytes`;
  return numbers < 250000
    ? `${((4 * numbers) / 1e3).toFixed(1)} kB`
    : `${((4 * numbers) / 1e6).toFixed(1)} MB`;
}

/**
 * What a layer holds and computes, each number with where it comes from: terms and their texts.
 *
 * @param {Row} row
 * @param {number[]} published shape of what it read in 2012, which its weights are made for
 * @returns {string[][]}
 */
export function sums(row, published) {
  const { from, shape, parameters, groups, window } = row;
  const inputs = product(from);
  const flattened = !window && from.length > 1 ? ` = ${thousands(inputs)}` : "";
  const lines = [["reads", times(from) + flattened]];
  if (!window && product(published) !== inputs)
    lines.push([
      "breaks",
      `weights made for ${thousands(product(published))} inputs, as in 2012, do not fit`,
    ]);
  lines.push(...(window ? windowSums(row, window) : denseSums(row)));
  if (groups > 1) {
    const read = `${thousands(from[2] / groups)} of ${thousands(from[2])} maps`;
    lines.push(["groups", `${groups}: a filter reads ${read}`]);
  }
  const held = parameters ? `parameters ${bytes(parameters)}, ` : "";
  lines.push(["memory, float32", `${held}outputs ${bytes(product(shape))} an image`]);
  return lines;
}

/**
 * The sums of a convolution or a pool.
 *
 * @param {Row} row
 * @param {NonNullable<Row["window"]>} window
 * @returns {string[][]}
 */
function windowSums(
  { from, shape, parameters, multiply_accumulates, groups, unused },
  { size, kernel_size, stride, padding },
) {
  const fits = `(${size}${padding ? ` + 2 · ${padding}` : ""} − ${kernel_size}) / ${stride}`;
  const lost = `; ${plural(unused, "row")} and column${unused === 1 ? "" : "s"} are not read`;
  const windows = `${unused ? `⌊${fits}⌋` : fits} + 1 = ${shape[0]}${unused ? lost : ""}`;
  const weights = [kernel_size, kernel_size, from[2] / groups, shape[2]].map(thousands).join(" · ");
  const sum = `${weights} + ${thousands(shape[2])} = ${thousands(parameters)}`;
  const products = `${shape[0]} · ${shape[1]} · ${weights} = ${thousands(multiply_accumulates)}`;
  return [
    ["windows", windows],
    ["parameters", parameters ? sum : "none"],
    ["multiply-accumulates", parameters ? products : "none"],
  ];
}

/**
 * The sums of a dense layer.
 *
 * @param {Row} row
 * @returns {string[][]}
 */
function denseSums({ from, shape: [features], parameters, multiply_accumulates }) {
  const weights = `${thousands(product(from))} · ${thousands(features)}`;
  return [
    ["parameters", `${weights} + ${thousands(features)} = ${thousands(parameters)}`],
    ["multiply-accumulates", `${weights} = ${thousands(multiply_accumulates)}`],
  ];
}

/**
 * A layer in a sentence.
 *
 * @param {Row} row
 * @param {number} size
 * @param {number} inside pixels along a side that one unit sees
 * @returns {string}
 */
export function told({ name, shape, parameters, field }, size, inside) {
  const sees = inside === size ? "the whole picture" : `${inside} × ${inside} of ${size} × ${size} pixels`;
  const beyond = inside < size && inside < field;
  return (
    `${name} gives ${times(shape)}, with ${parameters ? thousands(parameters) : "no"} parameters. ` +
    `One unit in its middle sees ${sees}` +
    `${beyond ? `; its field of ${field} × ${field} reaches into the padding` : ""}. `
  );
}
