/** The worker that runs a trained network, and reads the pictures that it is to name. */
import { Network, fromHalf, softmax } from "../../engine.js";
import { arithmeticOf, summaryOf, votesOf } from "./arithmetic.js";
import { inputOf } from "./crop.js";
import { readPicture } from "./picture.js";
import { serve } from "./worker.js";

/** @typedef {{ shape: number[], values: Float32Array }} Stage */
/** @typedef {{ name: string, kind: string, shape: number[] }} Row of the network's table */

/** @type {Network} */
let network;
/** @type {Float32Array} */
let weights;
/** @type {number[]} */
let inputShape;
/** @type {Map<string, Stage>} what each stage gave for the last example that came to its end */
let stages = new Map();

/**
 * What a layer gave; "image" is what went in, "softmax" what came of the scores.
 *
 * @param {string} name
 * @returns {Stage}
 */
function given(name) {
  const found = stages.get(name);
  if (!found) throw new Error(`${name} has given nothing yet`);
  return found;
}

/**
 * The rows of a network, by name.
 *
 * @param {string} name
 * @returns {Row}
 */
const rowOf = (name) =>
  network.stages.find(({ row }) => row.name === name)?.row ?? {
    name,
    kind: name === "softmax" ? "Softmax" : "",
    shape: [],
  };

/**
 * The probabilities that the network gives, averaged over a few views of one picture.
 *
 * @template View
 * @param {View[]} views
 * @param {(view: View) => Float32Array} input what the network gets of a view
 * @returns {Generator<{ view: number, name: string, share: number }, Float32Array>} yields after each stage: which
 *   view, which stage, and what share of all is done
 */
function* averaged(views, input) {
  const { length: count } = network.stages;
  /** @type {Float32Array | undefined} */
  let sum;
  for (const [view, seen] of views.entries()) {
    const image = { values: input(seen), shape: inputShape };
    const found = new Map([["image", image]]);
    for (const { name, ...output } of network.run(image)) {
      found.set(name, output);
      yield { view, name, share: (view + (found.size - 1) / count) / views.length };
    }
    const { values: scores, shape } = [...found.values()][count];
    const added = softmax(scores);
    stages = found.set("softmax", { values: added, shape });
    sum = sum ? sum.map((value, i) => value + added[i]) : added;
  }
  return /** @type {Float32Array} */ (sum).map((value) => value / views.length);
}

serve({
  /**
   * Builds a network from its file (`packed` in export.py).
   *
   * @param {{ bytes: ArrayBuffer }} file
   * @returns {Generator<never, { labels: string[], input_shape: number[], stages: Row[] }>}
   */
  *load({ bytes }) {
    const start = new Uint8Array(bytes).indexOf(10) + 1; // after the line
    const { table, labels, dtype, input_shape } = JSON.parse(new TextDecoder().decode(bytes.slice(0, start)));
    const numbers =
      dtype === "float16" ? fromHalf(new Uint16Array(bytes, start)) : new Float32Array(bytes, start);
    network = new Network(table, numbers);
    weights = numbers;
    stages = new Map();
    inputShape = input_shape;
    const named = table.map((/** @type {Row} */ { name, kind, shape }) => ({ name, kind, shape }));
    return { labels, input_shape, stages: named };
  },

  /** @param {{ views: Float32Array[] }} input what the network gets of each view, ready made */
  run: ({ views }) => averaged(views, (values) => values),

  /**
   * The same for views of a picture, each made when its turn comes.
   *
   * @param {{ picture: import("./picture.js").Picture, views: import("./crop.js").View[], mean: number[] }} input
   */
  look: ({ picture, views, mean }) => averaged(views, (view) => inputOf(picture, view, mean)),

  /**
   * What a stage gave for the last example: all its numbers, or one of its maps.
   *
   * @param {{ name: string, map?: number }} which
   * @returns {Generator<never, Stage>} a map has the shape (rows, columns)
   */
  *stage({ name, map }) {
    const found = given(name);
    if (map === undefined) return found;
    const [rows, columns, maps] = found.shape;
    const values = Float32Array.from({ length: rows * columns }, (_, i) => found.values[i * maps + map]);
    return { shape: [rows, columns], values };
  },

  /**
   * Stages in short, each by its last layer; yields after each.
   *
   * @param {{ names: string[] }} which
   */
  *summaries({ names }) {
    const found = [];
    for (const name of names) {
      found.push(summaryOf(given(name)));
      yield found.length / names.length;
    }
    return found;
  },

  /**
   * How a unit came to its number.
   *
   * @param {{ before: string, layers: string[], map: number, row: number, column: number }} which the last layer of
   *   the stage before, the layers of its own, and its place
   */
  *unit({ before, layers, ...place }) {
    const tensors = {
      input: given(before),
      value: given(layers[0]),
      passed: given(layers[layers.length - 1]),
    };
    return arithmeticOf(rowOf(layers[0]), weights, tensors, place);
  },

  /**
   * Which features voted for a class.
   *
   * @param {{ before: string, name: string, scores: string, map: number }} which the layer before the last that has
   *   weights, that layer, the one that gives the scores, and the class
   */
  *votes({ before, name, scores, map }) {
    const tensors = { input: given(before), value: given(name), scores: given(scores) };
    return votesOf(rowOf(name), weights, tensors, map);
  },

  /** @param {{ source: Blob | ImageBitmap }} input */
  picture: ({ source }) => readPicture(source),
});
