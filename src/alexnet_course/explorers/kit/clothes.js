/** The pictures of clothes that the miniature can be shown, and what it gets of one. */
import { bytesOf } from "./bytes.js";
import { h } from "./elements.js";
import { paintGrey } from "./pixels.js";
import CLOTHES from "../made/clothes.json" with { type: "json" };

export const GREY = 28; // pixels along a picture, of which the network sees all but the last row and column
export const COUNT = CLOTHES.pictures.length;

/**
 * What the miniature gets of a picture of clothes: its grey less the mean of all, about 1 in deviation.
 *
 * @param {Uint8Array} pixels
 * @returns {Float32Array}
 */
export function clothesInput(pixels) {
  const side = GREY - 1;
  const mean = CLOTHES.sums.map((sum) => sum / CLOTHES.count);
  return Float32Array.from({ length: side * side }, (_, i) => {
    const from = Math.floor(i / side) * GREY + (i % side);
    return (pixels[from] - mean[from]) / CLOTHES.scale;
  });
}

/**
 * The grey levels of a stored picture of clothes, row by row.
 *
 * @param {number} at
 * @returns {Uint8Array}
 */
export const clothesPixels = (at) => bytesOf(CLOTHES.pictures[at].pixels);

/**
 * Buttons with the pictures of clothes.
 *
 * @param {(at: number) => void} choose
 * @returns {HTMLButtonElement[]}
 */
export const clothesButtons = (choose) =>
  CLOTHES.pictures.map(({ label }, at) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    const pixels = clothesPixels(at);
    paintGrey(canvas, { height: GREY, width: GREY }, (i) => pixels[i]);
    const name = `${label}, picture ${at}`;
    return h(
      "button",
      { type: "button", "aria-label": name, title: label, onclick: () => choose(at) },
      canvas,
    );
  });
