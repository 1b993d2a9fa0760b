/**
 * The tile's network, number by number, forward and backward. Its parts are rows of numbers, in the order of the
 * arrays in NumPy; a number is a part and an index.
 */
import { range } from "./elements.js";
import TILE_NETWORK from "../made/tile_network.json" with { type: "json" };

/** @typedef {{ part: string, index: number }} Place a number of the network */
/** @typedef {Record<string, number[]>} Parts every number, or every gradient, part by part */
/** @typedef {{ to: number, from: number, weight: number }} Product three indices: `to` adds up `from` times `weight` */
/** @typedef {{ to: string, from: string, weights: string, biases: string, products: Product[] }} Sum a layer of products */
/** @typedef {{ values: Parts, winners: number[] }} Run the numbers, and the response that each pooled number is */

/** How many rows and columns there are. */
export const IMAGE = 7;
export const MAP = 5;
export const POOL = 2;
export const KERNEL = 3;
/** Maps, and so filters. */
export const MAPS = 3;

/** @type {Record<string, number[]>} */
const pixels = TILE_NETWORK.pixels;
/** The names of the classes, which are those of the pictures. */
export const CLASSES = Object.keys(pixels);

/**
 * The parameters as they are stored.
 *
 * @type {Parts}
 */
const PARAMETERS = {
  kernels: TILE_NETWORK.kernels,
  biases: TILE_NETWORK.biases,
  "hidden weights": TILE_NETWORK.hidden_weight.flat(),
  "hidden biases": TILE_NETWORK.hidden_bias,
  "output weights": TILE_NETWORK.output_weight.flat(),
  "output biases": TILE_NETWORK.output_bias,
};
/** The parts that training changes. */
export const LEARNED = Object.keys(PARAMETERS);

const cross = (/** @type {number[]} */ ...sizes) =>
  sizes.reduce(
    (rows, size) => rows.flatMap((row) => range(0, size - 1).map((i) => [...row, i])),
    /** @type {number[][]} */ ([[]]),
  );
const fully = (/** @type {number} */ inputs, /** @type {number} */ outputs) =>
  cross(inputs, outputs).map(([from, to]) => ({ to, from, weight: from * outputs + to }));

/** The layers that add up products, in order. @type {Sum[]} */
export const SUMS = [
  {
    to: "responses",
    from: "image",
    weights: "kernels",
    biases: "biases",
    products: cross(MAP, MAP, MAPS, KERNEL, KERNEL).map(([i, j, m, a, b]) => ({
      to: (i * MAP + j) * MAPS + m,
      from: (i + a) * IMAGE + j + b,
      weight: (a * KERNEL + b) * MAPS + m,
    })),
  },
  {
    to: "hidden",
    from: "pooled",
    weights: "hidden weights",
    biases: "hidden biases",
    products: fully(POOL * POOL * MAPS, 4),
  },
  {
    to: "logits",
    from: "active",
    weights: "output weights",
    biases: "output biases",
    products: fully(4, CLASSES.length),
  },
];

/** The responses under each pool, row by row; pools count by rows, columns, maps. @type {number[][]} */
export const POOLS = cross(POOL, POOL, MAPS).map(([i, j, m]) =>
  cross(3, 3).map(([a, b]) => ((2 * i + a) * MAP + 2 * j + b) * MAPS + m),
);

const rectified = (/** @type {number} */ z) => Math.max(0, z);

/**
 * A grey level of a picture, and that of the mean image.
 *
 * @param {string} picture
 * @param {number} index row by row
 * @returns {{ own: number, mean: number }}
 */
export const pixel = (picture, index) => ({
  own: pixels[picture][index],
  mean: TILE_NETWORK.mean_image[index],
});

/**
 * Every number of the network, one of which may be moved on the way.
 *
 * @param {string} picture
 * @param {Place} [moved]
 * @param {number} [by]
 * @returns {Run}
 */
export function forward(picture, moved, by = 0) {
  /** @type {Parts} */
  const values = {};
  const keep = (/** @type {string} */ part, /** @type {number[]} */ row) => {
    values[part] = part === moved?.part ? row.with(moved.index, row[moved.index] + by) : row;
  };
  const sum = (/** @type {Sum} */ { to, from, weights, biases, products }, /** @type {number} */ count) => {
    const bias = values[biases];
    const sums = range(0, count - 1).map((i) => bias[i % bias.length]);
    for (const product of products)
      sums[product.to] += values[from][product.from] * values[weights][product.weight];
    keep(to, sums);
  };
  keep(
    "image",
    pixels[picture].map((_, i) => pixel(picture, i).own - pixel(picture, i).mean),
  );
  for (const [part, row] of Object.entries(PARAMETERS)) keep(part, row);
  sum(SUMS[0], MAP * MAP * MAPS);
  const responses = values.responses.map(rectified);
  const winners = POOLS.map((pool) => pool.reduce((best, i) => (responses[i] > responses[best] ? i : best)));
  keep(
    "pooled",
    winners.map((i) => responses[i]),
  );
  sum(SUMS[1], values["hidden biases"].length);
  keep("active", values.hidden.map(rectified));
  sum(SUMS[2], CLASSES.length);
  const largest = Math.max(...values.logits);
  const exponentials = values.logits.map((z) => Math.exp(z - largest));
  const total = exponentials.reduce((a, b) => a + b);
  keep(
    "shares",
    exponentials.map((e) => e / total),
  );
  keep("loss", [-Math.log(values.shares[CLASSES.indexOf(picture)])]);
  return { values, winners };
}

/**
 * The gradient of every number; `assign` writes = in place of += where pooling pays its winners.
 *
 * @param {string} picture
 * @param {Run} run
 * @param {boolean} assign
 * @returns {Parts}
 */
export function backward(picture, { values, winners }, assign) {
  const truth = CLASSES.map((name) => Number(name === picture));
  const zeros = (/** @type {string} */ part) => values[part].map(() => 0);
  const gate = (/** @type {string} */ part, /** @type {number[]} */ row) =>
    row.map((g, i) => (values[part][i] > 0 ? g : 0));
  /** @type {Parts} */
  const found = {
    loss: [1],
    shares: values.shares.map((p, c) => -truth[c] / p || 0),
    logits: values.shares.map((p, c) => p - truth[c]),
  };
  const back = (/** @type {Sum} */ { to, from, weights, biases, products }) => {
    for (const part of [from, weights, biases]) found[part] = zeros(part);
    found[to].forEach((g, i) => {
      found[biases][i % found[biases].length] += g;
    });
    for (const product of products) {
      found[from][product.from] += found[to][product.to] * values[weights][product.weight];
      found[weights][product.weight] += found[to][product.to] * values[from][product.from];
    }
  };
  back(SUMS[2]);
  found.hidden = gate("hidden", found.active);
  back(SUMS[1]);
  const paid = zeros("responses");
  winners.forEach((i, pool) => {
    paid[i] = (assign ? 0 : paid[i]) + found.pooled[pool];
  });
  found.responses = gate("responses", paid);
  back(SUMS[0]);
  return found;
}
