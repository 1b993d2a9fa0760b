/** Pixels on a canvas. */

/** @typedef {import("./crop.js").Size} Size */

/**
 * Gives a canvas its pixels. A size that is set, though to what it was, has the whole page laid out.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 */
export function fit(canvas, { width, height }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/**
 * Draws pixels on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {ArrayLike<number>} values red, green and blue, one after the other
 * @param {(at: number) => number} [place] where those of pixel `at` begin; pixels are counted row by row
 */
export function paint(canvas, { height, width }, values, place) {
  const image = new ImageData(width, height);
  const { data } = image;
  for (let at = 0, to = 0; at < height * width; at++) {
    const from = place ? place(at) : 3 * at;
    data[to++] = values[from];
    data[to++] = values[from + 1];
    data[to++] = values[from + 2];
    data[to++] = 255;
  }
  fit(canvas, { width, height });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * Draws grey levels on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {(at: number) => number} level of a pixel, from 0 to 255; pixels are counted row by row
 */
export function paintGrey(canvas, { height, width }, level) {
  const image = new ImageData(width, height);
  image.data.fill(255); // opaque
  for (let at = 0; at < height * width; at++) image.data.fill(level(at), 4 * at, 4 * at + 3);
  fit(canvas, { width, height });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * Draws rows of values, a pixel each.
 *
 * @template Value
 * @param {HTMLCanvasElement} canvas
 * @param {Value[][]} values
 * @param {(v: Value, row: number, column: number) => number[]} colour red, green and blue; opaque unless it says more
 */
export function paintCells(canvas, values, colour) {
  const size = { height: values.length || 1, width: values[0]?.length || 1 };
  const image = new ImageData(size.width, size.height);
  const { data } = image;
  let to = 0;
  values.forEach((row, r) =>
    row.forEach((v, c) => {
      const [red, green, blue, opacity = 255] = colour(v, r, c);
      data[to++] = red;
      data[to++] = green;
      data[to++] = blue;
      data[to++] = opacity;
    }),
  );
  fit(canvas, size);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
