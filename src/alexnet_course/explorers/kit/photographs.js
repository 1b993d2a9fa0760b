/** The six photographs on a page: their sizes, their thumbnails, what a network gets of them; and names in bars. */
import { h, range } from "./elements.js";
import KNOWN from "../made/photographs.json" with { type: "json" };

/** @typedef {{ height: number, width: number }} Size */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {[row: number, column: number, mirrored: boolean]} View */

export const SIDE = 227; // pixels of the square that a network looks at
export const CHANNELS = ["blue", "green", "red"];
export const MOST = 128; // the colours of a channel end here, on both sides of the mean
const THUMB = KNOWN.thumb;
export const MEAN = KNOWN.mean;
/** @type {Record<string, Size & { pixels: string }>} */
export const PHOTOGRAPHS = KNOWN.photographs;
export const NAMES = Object.keys(PHOTOGRAPHS);
const TOP = 5;

/**
 * What the network gets of a view: blue, green and red of each pixel, less the mean colour.
 *
 * @param {Picture} picture
 * @param {View} view
 * @returns {Float32Array}
 */
export function inputOf({ width, pixels }, [top, left, mirrored]) {
  const values = new Float32Array(SIDE * SIDE * 3);
  const mean = MEAN.map(Math.fround);
  let to = 0;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const from = 3 * ((top + row) * width + left + (mirrored ? SIDE - 1 - column : column));
      for (const channel of [2, 1, 0]) values[to++] = pixels[from + channel] - mean[channel];
    }
  }
  return values;
}

/**
 * Draws pixels on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {ArrayLike<number>} values red, green and blue, one after the other
 * @param {(at: number) => number} [place] where those of pixel `at` begin; pixels are counted row by row
 */
export function paint(canvas, { height, width }, values, place = (at) => 3 * at) {
  const image = new ImageData(width, height);
  for (let at = 0; at < height * width; at++) {
    const from = place(at);
    image.data[4 * at] = values[from];
    image.data[4 * at + 1] = values[from + 1];
    image.data[4 * at + 2] = values[from + 2];
    image.data[4 * at + 3] = 255;
  }
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * The bytes that a text in base64 holds.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/**
 * Where the middle square of a picture begins: row and column.
 *
 * @param {Size} picture
 */
export const middle = ({ height, width }) =>
  /** @type {[number, number]} */ ([Math.floor((height - SIDE) / 2), Math.floor((width - SIDE) / 2)]);

/**
 * The middle of a photograph, as its thumbnail has it: every fourth pixel.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 */
export function paintThumbnail(canvas, name) {
  const { height, width, pixels } = PHOTOGRAPHS[name];
  const unit = Math.min(height, width) / THUMB; // pixels of the photograph that one of the thumbnail stands for
  const edge = (Math.min(height, width) - SIDE) / 2;
  const side = Math.ceil(SIDE / 4);
  const nearest = (/** @type {number} */ v) => Math.floor((4 * v + edge) / unit);
  const from = (/** @type {number} */ i) => 3 * (nearest(Math.floor(i / side)) * THUMB + nearest(i % side));
  paint(canvas, { height: side, width: side }, bytesOf(pixels), from);
}

/**
 * Buttons with small pictures of the six photographs.
 *
 * @param {(name: string) => void} choose
 * @returns {HTMLButtonElement[]}
 */
export const photographButtons = (choose) =>
  NAMES.map((name) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    paint(canvas, { height: THUMB, width: THUMB }, bytesOf(PHOTOGRAPHS[name].pixels));
    const onclick = () => choose(name);
    return h("button", { type: "button", "aria-label": name, title: name, onclick }, canvas);
  });

// ---- names and their shares

/** @typedef {{ name: string, probability: number }} Answer */

/**
 * The most probable names.
 *
 * @param {ArrayLike<number>} probabilities
 * @param {string[]} labels
 * @returns {Answer[]}
 */
export function best(probabilities, labels) {
  const order = range(0, probabilities.length - 1).sort((a, b) => probabilities[b] - probabilities[a]);
  return order.slice(0, TOP).map((at) => ({ name: labels[at], probability: probabilities[at] }));
}

/**
 * A name, its bar and its probability: children of `.tracks`.
 *
 * @param {Answer} answer
 * @returns {HTMLElement[]}
 */
export const bar = ({ name, probability }) => [
  h("span", { class: "name" }, name),
  h("span", { class: "track" }, h("i", { style: `left:0;width:${100 * probability}%` })),
  h("b", {}, probability.toFixed(3)),
];
