/** What a network gets of a picture: a square of it. Runs on the page and in the worker. */

/** @typedef {{ height: number, width: number }} Size */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {[row: number, column: number, mirrored: boolean]} View where a square begins */

export const SIDE = 227; // pixels of the square that a network looks at
export const SQUARE = 256; // pixels of the square out of which ten views are cut

/**
 * Where the middle square of a picture begins: row and column.
 *
 * @param {Size} picture
 * @returns {[row: number, column: number]}
 */
export const middle = ({ height, width }) =>
  /** @type {[number, number]} */ ([Math.floor((height - SIDE) / 2), Math.floor((width - SIDE) / 2)]);

/**
 * What the network gets of a view: blue, green and red of each pixel, less the mean colour.
 *
 * @param {Picture} picture
 * @param {View} view
 * @param {number[]} mean red, green and blue
 * @returns {Float32Array}
 */
export function inputOf({ width, pixels }, [top, left, mirrored], mean) {
  const values = new Float32Array(SIDE * SIDE * 3);
  const [red, green, blue] = mean.map(Math.fround);
  let to = 0;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const from = 3 * ((top + row) * width + left + (mirrored ? SIDE - 1 - column : column));
      values[to++] = pixels[from + 2] - blue;
      values[to++] = pixels[from + 1] - green;
      values[to++] = pixels[from] - red;
    }
  }
  return values;
}
