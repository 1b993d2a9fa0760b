/** The six photographs on a page: their sizes, their thumbnails, and names in bars. */
import { bytesOf } from "./bytes.js";
import { SIDE } from "./crop.js";
import { h, range } from "./elements.js";
import { paint } from "./pixels.js";
import KNOWN from "../made/photographs.json" with { type: "json" };

/** @typedef {import("./crop.js").Size} Size */

export const CHANNELS = ["blue", "green", "red"];
export const MOST = 128; // the colours of a channel end here, on both sides of the mean
const THUMB = KNOWN.thumb;
export const MEAN = KNOWN.mean;
/** @type {Record<string, Size & { pixels: string }>} */
export const PHOTOGRAPHS = KNOWN.photographs;
export const NAMES = Object.keys(PHOTOGRAPHS);
const TOP = 5;

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
