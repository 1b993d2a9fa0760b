/**
 * How a number of a network comes about: the window that a unit sees, its filter, and what else goes into it; and
 * which features voted for a class. By the rows of export.py, as the engine computes; runs in the worker.
 */
import { size } from "../../engine.js";

/** @typedef {import("../../engine.js").Row} Row */
/** @typedef {import("../../engine.js").ConvolutionRow} ConvolutionRow */
/** @typedef {import("../../engine.js").DenseRow} DenseRow */
/** @typedef {import("../../engine.js").Tensor} Tensor */
/** @typedef {{ map: number, row: number, column: number }} Place */

/**
 * What goes into a unit; which of it there is depends on the kind of layer.
 *
 * @typedef {object} Arithmetic
 * @property {number} passed what the unit hands on, after ReLU
 * @property {number} [value] before ReLU
 * @property {Float32Array} [window]
 * @property {Float32Array} [filter]
 * @property {number} [bias]
 * @property {number} [first] the first map that the filter sees
 * @property {Float32Array} [neighbours]
 * @property {number} [sum] of their squares
 * @property {number} [k] with alpha and beta the constants of normalization
 * @property {number} [alpha]
 * @property {number} [beta]
 */

/** @typedef {{ parts: Float64Array, bias: number, score: number }} Votes */

/**
 * The numbers of a window, row by row with all maps of each pixel; 0 outside, or what `outside` says.
 *
 * @param {Tensor} input
 * @param {{ top: number, left: number, side: number, first: number, count: number }} place
 * @returns {Float32Array}
 */
function cut({ values, shape: [height, width, maps] }, { top, left, side, first, count }) {
  const found = new Float32Array(side * side * count);
  let to = 0;
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++, to += count) {
      if (y < 0 || y >= height || x < 0 || x >= width) continue;
      const from = (y * width + x) * maps + first;
      found.set(values.subarray(from, from + count), to);
    }
  }
  return found;
}

/**
 * @param {ConvolutionRow} row
 * @param {Float32Array} numbers
 * @param {Tensor} input
 * @param {Place} place
 */
function convolved(row, numbers, input, { map, row: r, column: c }) {
  const [side] = row.kernel_size;
  const filters = row.shape[2];
  const count = row.in_channels / row.groups;
  const first = Math.floor(map / (filters / row.groups)) * count;
  const [top, left] = [r * row.stride[0] - row.padding[0], c * row.stride[1] - row.padding[1]];
  const filter = new Float32Array(side * side * count);
  for (let i = 0; i < filter.length; i++) filter[i] = numbers[row.weight + i * filters + map];
  const window = cut(input, { top, left, side, first, count });
  return { window, filter, bias: numbers[row.bias + map], first };
}

/**
 * @param {any} row
 * @param {Float32Array} numbers
 * @param {Tensor} input
 * @param {Place} place
 */
function given(row, numbers, input, place) {
  const { map, row: r, column: c } = place;
  const { values, shape } = input;
  switch (row.kind) {
    case "Conv2D":
      return convolved(row, numbers, input, place);
    case "SideBySide": {
      let before = 0;
      for (const branch of row.branches) {
        const within = map - before;
        before += branch.shape[2];
        if (map < before) return convolved(branch, numbers, input, { map: within, row: r, column: c });
      }
      return {};
    }
    case "Dense": {
      const [outputs] = row.shape;
      const filter = Float32Array.from(values, (_, i) => numbers[row.weight + i * outputs + map]);
      return { window: values, filter, bias: numbers[row.bias + map] };
    }
    case "MaxPooling2D": {
      const [top, left] = [r * row.stride[0] - row.padding[0], c * row.stride[1] - row.padding[1]];
      return { window: cut(input, { top, left, side: row.pool_size[0], first: map, count: 1 }) };
    }
    case "LocalResponseNormalization": {
      const reach = Math.floor(row.n / 2);
      const first = Math.max(0, map - reach);
      const pixel = (r * shape[1] + c) * shape[2];
      const last = Math.min(shape[2] - 1, map + reach);
      const neighbours = values.slice(pixel + first, pixel + last + 1);
      const sum = neighbours.reduce((total, value) => total + value * value, 0);
      return { first, neighbours, sum, k: row.k, alpha: row.alpha, beta: row.beta };
    }
    case "GlobalAverage": {
      const [rows, columns, maps] = shape;
      return { window: Float32Array.from({ length: rows * columns }, (_, i) => values[i * maps + map]) };
    }
    case "Softmax":
      return { window: values };
    default:
      return {};
  }
}

/**
 * @param {Row} row of the layer
 * @param {Float32Array} numbers of the network
 * @param {{ input: Tensor, value: Tensor, passed: Tensor }} tensors what goes in, what the layer gives, and what the
 *   stage hands on, after ReLU
 * @param {Place} place
 * @returns {Arithmetic}
 */
export function arithmeticOf(row, numbers, { input, value, passed }, place) {
  const [, columns, maps] = passed.shape.length === 3 ? passed.shape : [1, 1, passed.shape[0]];
  const at = (place.row * columns + place.column) * maps + place.map;
  const found = given(row, numbers, input, place);
  const summed = "filter" in found ? { value: value.values[at] } : {};
  return { ...found, ...summed, passed: passed.values[at] };
}

/**
 * What each feature adds to the score of a class, where the last layer with weights is dense, or a convolution of one
 * pixel whose maps are averaged after ReLU.
 *
 * @param {any} row of that layer
 * @param {Float32Array} numbers
 * @param {{ input: Tensor, value: Tensor, scores: Tensor }} tensors
 * @param {number} map the class
 * @returns {Votes}
 */
export function votesOf(row, numbers, { input, value, scores }, map) {
  const classes = row.shape[row.shape.length - 1];
  const features = size(input.shape) / (size(row.shape) / classes);
  const places = input.values.length / features;
  const parts = new Float64Array(features);
  let bias = 0;
  for (let place = 0; place < places; place++) {
    if (row.kind === "Conv2D" && value.values[place * classes + map] <= 0) continue; // ReLU lets nothing through
    bias += numbers[row.bias + map] / places;
    for (let i = 0; i < features; i++)
      parts[i] += (input.values[place * features + i] * numbers[row.weight + i * classes + map]) / places;
  }
  return { parts, bias, score: scores.values[map] };
}

/**
 * A stage in short: which of its maps come first, those with the largest sums; the first of them, or
 * all numbers where they have no places; the spread of all
 * its numbers, how many are 0, and where a scale of colours should end.
 *
 * @param {Tensor} stage
 * @returns {{ shape: number[], order: Uint32Array, largest: Float32Array, deviation: number, zeros: number,
 *   limit: number }}
 */
export function summaryOf({ values, shape }) {
  const maps = shape[shape.length - 1];
  const sums = new Float64Array(maps);
  let total = 0;
  let squares = 0;
  let zeros = 0;
  for (let i = 0, map = 0; i < values.length; i++, map = map + 1 === maps ? 0 : map + 1) {
    const value = values[i];
    sums[map] += value;
    total += value;
    squares += value * value;
    if (value === 0) zeros++;
  }
  const order = Uint32Array.from({ length: maps }, (_, i) => i).sort((a, b) => sums[b] - sums[a] || a - b);
  const places = values.length / maps;
  const largest =
    places === 1 ? values : Float32Array.from({ length: places }, (_, i) => values[i * maps + order[0]]);
  const step = Math.ceil(values.length / 50_000); // a sample is enough for a scale
  const sample = Float32Array.from({ length: Math.ceil(values.length / step) }, (_, i) =>
    Math.abs(values[i * step]),
  ).sort();
  const mean = total / values.length;
  return {
    shape,
    order,
    largest,
    deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)),
    zeros: zeros / values.length,
    limit: sample[Math.floor(0.998 * (sample.length - 1))] || sample[sample.length - 1] || 1,
  };
}
