/** The networks that learn on the page, as training.py has them: what they start with, and a run of steps. */
import { coins, normals } from "./coins.js";
import { Trainer, crossEntropy } from "../../training_engine.js";
import DATA from "../made/training.json" with { type: "json" };

/**
 * @typedef {import("../../engine.js").Floats} Floats
 * @typedef {import("../../training_engine.js").Settings & { dropout: number }} Settings
 *
 * Examples one after the other, and their classes; and those that nothing is learned from.
 *
 * @typedef {{ x: Floats, labels: ArrayLike<number> }} Examples
 * @typedef {{ training: Examples, heldOut: Examples }} Lesson
 *
 * @typedef {object} Known  A network of made/training.json.
 * @property {number[]} input_shape
 * @property {any[]} table
 * @property {{ name: string, weights: number, biases: number, deviations: Record<string, number>,
 *   paper_bias: number }[]} starts
 */

const BATCH = 16;
const MASKS = 2000; // added to the seed: the coins of dropout
const ORDER = 1000; // and those of the order of the pictures
const SIDE = 28; // pixels of a picture; the networks see the first 27
const SCALE = 64; // grey levels that become one unit of input
const TO_TRAIN = 1000; // of the pictures; the rest is held out
const CLASSES = DATA.classes.length;
export const AT_ONCE = 50; // pictures that are judged at once
export const CLOTHES = "clothes.pixels"; // the file of them
export const STEPS = 10; // of the tile network, which the page computes at once

/**
 * @param {string} name
 * @returns {Known}
 */
export const known = (name) => /** @type {any} */ (DATA)[name];

/**
 * The numbers that a network starts with, or the first few of them.
 *
 * @param {{ network: string, start: string, seed: number }} which
 * @param {number} [most]
 * @returns {number[]}
 */
export function startNumbers({ network, start, seed }, most = Infinity) {
  if (network === "tile" && start === "chapter") return DATA.tile_numbers.slice(0, most);
  const draw = normals(seed);
  /** @type {number[]} */
  const numbers = [];
  for (const layer of known(network).starts) {
    if (numbers.length >= most) break;
    for (let i = 0; i < layer.weights; i++) numbers.push(layer.deviations[start] * draw());
    for (let i = 0; i < layer.biases; i++) numbers.push(start === "paper" ? layer.paper_bias : 0);
  }
  return numbers.slice(0, most);
}

/** @returns {Lesson} the three tiles: there are no others to judge by */
export function tiles() {
  const examples = { x: Float64Array.from(DATA.tiles.pixels.flat(2)), labels: DATA.tiles.labels };
  return { training: examples, heldOut: examples };
}

/**
 * Pictures of clothes as the networks want them: less the mean of those to train with, about 1 in deviation.
 *
 * @param {Uint8Array} pixels
 * @returns {Lesson}
 */
export function clothes(pixels) {
  const count = pixels.length / SIDE ** 2,
    seen = SIDE - 1,
    mean = new Float64Array(SIDE ** 2);
  for (let i = 0; i < TO_TRAIN * SIDE ** 2; i++) mean[i % SIDE ** 2] += pixels[i] / TO_TRAIN;
  const x = new Float32Array(count * seen ** 2);
  for (let n = 0, to = 0; n < count; n++) {
    for (let row = 0; row < seen; row++) {
      for (let column = 0; column < seen; column++, to++) {
        const place = row * SIDE + column;
        x[to] = (pixels[n * SIDE ** 2 + place] - mean[place]) / SCALE;
      }
    }
  }
  const labels = Uint8Array.from({ length: count }, (_, n) => n % CLASSES),
    end = TO_TRAIN * seen ** 2;
  return {
    training: { x: x.subarray(0, end), labels: labels.subarray(0, TO_TRAIN) },
    heldOut: { x: x.subarray(end), labels: labels.subarray(TO_TRAIN) },
  };
}

/** A network that learns, step by step; its gradients are those of the batch that comes next. */
export class Run {
  /**
   * @param {{ network: string, start: string, seed: number }} which
   * @param {Lesson} lesson  In the precision that the network is to have.
   * @param {Settings} settings
   */
  constructor(which, { training, heldOut }, settings) {
    const { input_shape, table, starts } = known(which.network);
    const Kind = /** @type {any} */ (training.x.constructor);
    this.trainer = new Trainer(table, input_shape, Kind.from(startNumbers(which)), coins(which.seed + MASKS));
    this.training = training;
    this.heldOut = heldOut;
    this.pixels = training.x.length / training.labels.length;
    this.first = starts[0].weights; // so many numbers are the first layer's weights
    this.toss = coins(which.seed + ORDER);
    /** @type {number[]} the pictures of this epoch that are still to come, the next one last */
    this.left = [];
    this.steps = 0;
    this.loss = NaN;
    this.look(settings);
  }

  /** @param {Settings} settings moves every weight, and looks at the next batch */
  step(settings) {
    this.trainer.step(settings);
    this.steps++;
    this.look(settings);
  }

  /** @param {Settings} settings finds loss and gradients of the next batch */
  look({ dropout }) {
    this.trainer.dropout = dropout;
    const { x, labels } = this.batch();
    this.loss = this.trainer.look(x, labels);
  }

  /** @returns {Examples} the next batch: all, or sixteen of an order that is drawn for every epoch */
  batch() {
    const { x, labels } = this.training;
    if (labels.length <= BATCH) return this.training;
    if (!this.left.length) {
      this.left = Array.from(labels, (_, i) => i);
      for (let i = labels.length - 1; i > 0; i--) {
        const other = Math.floor(this.toss() * (i + 1));
        [this.left[i], this.left[other]] = [this.left[other], this.left[i]];
      }
    }
    const places = this.left.splice(-BATCH).reverse();
    const chosen = x.slice(0, places.length * this.pixels);
    places.forEach((place, n) => {
      chosen.set(x.subarray(place * this.pixels, (place + 1) * this.pixels), n * this.pixels);
    });
    return { x: chosen, labels: places.map((place) => labels[place]) };
  }

  /**
   * What the network says of a few held-out examples: how much it gives each class, and how many are right.
   *
   * @param {number} from
   * @param {number} to
   */
  judge(from, to) {
    const x = this.heldOut.x.subarray(from * this.pixels, to * this.pixels),
      labels = Array.from({ length: to - from }, (_, i) => this.heldOut.labels[from + i]);
    const { shares } = crossEntropy(this.trainer.forward(x, to - from), labels),
      classes = shares.length / labels.length;
    const said = labels.map((_, n) => {
      const own = Array.from(shares.subarray(n * classes, (n + 1) * classes));
      return { best: own.indexOf(Math.max(...own)), shares: own };
    });
    return { said, right: said.filter(({ best }, n) => best === labels[n]).length };
  }

  /** The first layer: its weights, their gradients for the next batch, and their velocities. */
  filters() {
    const { numbers, gradients, velocity } = this.trainer;
    const [weights, slopes, speeds] = [numbers, gradients, velocity].map((row) =>
      Array.from(row.subarray(0, this.first)),
    );
    return { weights, gradients: slopes, velocity: speeds };
  }
}
