/**
 * What the explorers compute. Nothing here knows about the screen; tests compare it with the course's NumPy code in
 * a real browser. A matrix is an array of rows; sizes are pixels along one side.
 */
import { bytesOf } from "./bytes.js";

/** @typedef {number[][]} Matrix */

/**
 * The numbers that say which windows there are.
 *
 * @typedef {object} Sizes
 * @property {number} size
 * @property {number} kernel_size
 * @property {number} stride
 * @property {number} padding
 * @property {string} [rounding] "floor", unless "ceil"
 */

/** @typedef {{ row: number, column: number, value: number, outside: boolean }} Tap a pixel under a window */
/** @typedef {{ pool_size: number, stride: number, padding: number }} Pool */
/** @typedef {{ height: number, width: number, pixels: string }} Bytes a picture, its pixels in base64 */

/** Whole numbers from 0 to n - 1. */
const upTo = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => i);

/**
 * Number of windows along one side; 0 when not even one fits.
 *
 * @param {Sizes} sizes
 * @returns {number}
 */
export function outputSize({ size, kernel_size, stride, padding, rounding = "floor" }) {
  const room = size + 2 * padding - kernel_size;
  if (room < 0) return 0;
  return (rounding === "ceil" ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
}

/**
 * For each row (or column) of a square picture: does any window read it?
 *
 * @param {Sizes} sizes
 * @returns {boolean[]}
 */
export function reached(sizes) {
  const { size, kernel_size, stride, padding } = sizes;
  const seen = Array(size).fill(false);
  for (let o = 0; o < outputSize(sizes); o++)
    for (let a = 0; a < kernel_size; a++) {
      const i = o * stride + a - padding;
      if (i >= 0 && i < size) seen[i] = true;
    }
  return seen;
}

/**
 * The pixels under window (r, c), row by row; outside the picture the value is 0.
 *
 * @param {Matrix} image
 * @param {Omit<Sizes, "size">} sizes
 * @param {number} r
 * @param {number} c
 * @returns {Tap[][]}
 */
export function windowAt(image, { kernel_size, stride, padding }, r, c) {
  return upTo(kernel_size).map((a) =>
    upTo(kernel_size).map((b) => {
      const row = r * stride + a - padding;
      const column = c * stride + b - padding;
      const value = image[row]?.[column];
      return { row, column, value: value ?? 0, outside: value === undefined };
    }),
  );
}

/**
 * Cross-correlation of one channel with one kernel, plus a bias: what the field calls convolution.
 *
 * @param {Matrix} image
 * @param {Matrix} kernel
 * @param {Sizes & { bias: number }} sizes
 * @returns {Matrix} outputSize(sizes) rows
 */
export function convolve(image, kernel, sizes) {
  const { stride, padding, bias } = sizes;
  const count = outputSize(sizes);
  const n = image.length;
  return upTo(count).map((r) => {
    const line = new Array(count);
    for (let c = 0; c < count; c++) {
      let sum = 0;
      for (let a = 0; a < kernel.length; a++) {
        const row = image[r * stride + a - padding];
        if (!row) continue;
        for (let b = 0; b < kernel.length; b++) {
          const i = c * stride + b - padding;
          if (i >= 0 && i < n) sum += row[i] * kernel[a][b];
        }
      }
      line[c] = sum + bias;
    }
    return line;
  });
}

// ---- pictures

/** The smallest and the largest number of a matrix. */
const limits = (/** @type {Matrix} */ matrix) => [
  Math.min(...matrix.map((row) => Math.min(...row))),
  Math.max(...matrix.map((row) => Math.max(...row))),
];

/**
 * A square matrix averaged down, or blown up, to n by n: each new pixel is the mean of what it covers.
 *
 * @param {Matrix} source
 * @param {number} n
 * @returns {Matrix}
 */
function average(source, n) {
  const m = source.length;
  if (m === n) return source;
  const overlap = (/** @type {number} */ i, /** @type {number} */ j) =>
    Math.max(0, Math.min((i + 1) * m, (j + 1) * n) - Math.max(i * m, j * n));
  const along = (/** @type {Matrix} */ lines) =>
    upTo(n).map((i) => {
      const from = Math.floor((i * m) / n);
      const to = Math.min(m, Math.ceil(((i + 1) * m) / n));
      return lines[0].map((_, x) => {
        let sum = 0;
        for (let j = from; j < to; j++) sum += overlap(i, j) * lines[j][x];
        return sum;
      });
    });
  const turn = (/** @type {Matrix} */ lines) => lines[0].map((_, x) => lines.map((line) => line[x]));
  return turn(along(turn(along(source)))).map((row) => row.map((sum) => sum / (m * m)));
}

/**
 * A picture, n by n. Its kind says what a pixel may be: "grey", whole levels stretched to 0..9; "signed", whole
 * numbers; "dot", one 9 in the middle of zeros; "own", any numbers, as they are.
 *
 * @param {{ kind: string, rows?: (string | number[])[] }} picture rows of numbers, or of base-36 digits
 * @param {number} n
 * @returns {Matrix}
 */
export function resample({ kind, rows = [] }, n) {
  const middle = (n - 1) >> 1;
  if (kind === "dot") return upTo(n).map((r) => upTo(n).map((c) => (r === middle && c === middle ? 9 : 0)));
  const source = rows.map((row) =>
    typeof row === "string" ? [...row].map((digit) => parseInt(digit, 36)) : row,
  );
  const mean = average(source, n);
  if (kind === "own") return mean;
  const round = (/** @type {number} */ v) => Math.floor(v + 0.5);
  if (kind === "signed") return mean.map((row) => row.map(round));
  const [low, high] = limits(mean);
  const span = high - low || 1;
  return mean.map((row) => row.map((v) => round((9 * (v - low)) / span)));
}

// ---- kernels

/**
 * A cell of a kernel of size k: y, x are counted from the middle; i, j, whole, from the centre cell.
 *
 * @typedef {{ y: number, x: number, i: number, j: number, k: number }} Cell
 */

/**
 * Ready-made kernels of every size: the weight of a cell.
 *
 * @type {Record<string, (cell: Cell) => number>}
 */
export const PRESETS = {
  "left edge": ({ x }) => Math.sign(x),
  "top edge": ({ y }) => Math.sign(y),
  "bright column": ({ j }) => Number(j === 0),
  Gabor: ({ y, x, k }) => {
    const envelope = Math.exp((-7 * (y * y + x * x)) / (k * k));
    const wave = Math.sin((2 * Math.PI * (x + y)) / (0.8 * k + 1));
    return Math.floor(4.4 * envelope * wave + 0.5);
  },
  identity: ({ i, j }) => Number(i === 0 && j === 0),
  blur: ({ k }) => 1 / (k * k),
  sharpen: ({ i, j, k }) => [1 + Math.min(4, 2 * k - 2), -1][Math.abs(i) + Math.abs(j)] ?? 0,
};

/**
 * The biases that the tile network gives its three filters; every other preset has 0.
 *
 * @type {Record<string, number>}
 */
export const BIASES = { "left edge": 1, "top edge": -1, "bright column": 0 };

/**
 * The kernel on screen: a preset by name, or the learner's own matrix, centred.
 *
 * @param {{ kernel: string | Matrix, kernel_size: number }} state
 * @returns {Matrix}
 */
export function weights({ kernel, kernel_size: k }) {
  const centre = (k - 1) >> 1;
  const middle = (k - 1) / 2;
  if (typeof kernel === "string")
    return upTo(k).map((a) =>
      upTo(k).map((b) => PRESETS[kernel]({ y: a - middle, x: b - middle, i: a - centre, j: b - centre, k })),
    );
  const shift = ((kernel.length - 1) >> 1) - centre;
  return upTo(k).map((a) => upTo(k).map((b) => kernel[a + shift]?.[b + shift] ?? 0));
}

// ---- images: a pixel is [red, green, blue]

/**
 * The rows of pixels of a stored picture.
 *
 * @param {Bytes} picture
 * @returns {number[][][]}
 */
export function pixelRows({ height, width, pixels }) {
  const bytes = bytesOf(pixels);
  return upTo(height).map((r) =>
    upTo(width).map((c) => [...bytes.subarray(3 * (r * width + c), 3 * (r * width + c) + 3)]),
  );
}

/**
 * Row after row of the larger of a value and 0.
 *
 * @param {Matrix} matrix
 * @returns {Matrix}
 */
export const rectify = (matrix) => matrix.map((row) => row.map((v) => Math.max(0, v)));

/**
 * What one of the tile's filters responds, with a bias of one's own: where pooling and the activations begin.
 *
 * @param {Matrix} tile
 * @param {string} name one of BIASES
 * @param {number} bias
 * @returns {Matrix}
 */
export const responses = (tile, name, bias) =>
  convolve(tile, weights({ kernel: name, kernel_size: 3 }), {
    size: tile.length,
    kernel_size: 3,
    stride: 1,
    padding: 0,
    bias,
  });

// ---- pooling

/**
 * The pixels under pool (r, c), row by row; not those of the padding, which holds minus infinity and never wins.
 *
 * @param {Matrix} image
 * @param {Pool} pool
 * @param {number} r
 * @param {number} c
 * @returns {Tap[]}
 */
export function pooled(image, { pool_size, stride, padding }, r, c) {
  return windowAt(image, { kernel_size: pool_size, stride, padding }, r, c)
    .flat()
    .filter((tap) => !tap.outside);
}

/**
 * Windows along one side of a pool; 0 also where a window could lie in the padding alone.
 *
 * @param {number} size
 * @param {Pool} pool
 * @returns {number}
 */
export function poolCount(size, { pool_size, stride, padding }) {
  return padding >= pool_size ? 0 : outputSize({ size, kernel_size: pool_size, stride, padding });
}

/**
 * Max pooling: `output`, the largest value of each window; `winners`, the {row, column} it came from, the first
 * of equals; `wins`, for each pixel, how many windows it wins: its gradient when every output has gradient 1.
 *
 * @param {Matrix} image
 * @param {Pool} pool
 * @returns {{ output: Matrix, winners: Tap[][], wins: Matrix }}
 */
export function maxPool(image, pool) {
  const windows = upTo(poolCount(image.length, pool));
  const wins = image.map((row) => row.map(() => 0));
  const winners = windows.map((r) =>
    windows.map((c) => {
      const winner = pooled(image, pool, r, c).reduce((best, tap) => (tap.value > best.value ? tap : best));
      wins[winner.row][winner.column] += 1;
      return winner;
    }),
  );
  return { output: winners.map((row) => row.map((winner) => winner.value)), winners, wins };
}

// ---- activations

/**
 * Functions of one number, each with its slope; ReLU's slope at 0 is 0, by choice.
 *
 * @type {Record<string, { value: (z: number) => number, slope: (z: number) => number }>}
 */
export const ACTIVATIONS = {
  ReLU: { value: (z) => Math.max(0, z), slope: (z) => Number(z > 0) },
  tanh: { value: (z) => Math.tanh(z), slope: (z) => 1 - Math.tanh(z) ** 2 },
  sigmoid: {
    value: (z) => 1 / (1 + Math.exp(-z)),
    slope: (z) => Math.exp(-Math.abs(z)) / (1 + Math.exp(-Math.abs(z))) ** 2,
  },
};

// ---- local response normalization

/**
 * Local response normalization of neighbouring maps at one place. `convention` says what n and alpha mean: "paper",
 * n maps and the plain sum; "alpha / n", as PyTorch and Caffe; "half width", n maps on each side, as TensorFlow.
 * Gives, for each map, the first and last neighbour, their sum of squares, alpha as it multiplies that, the base that
 * is raised to the power beta, and the output.
 *
 * @param {number[]} values
 * @param {{ n: number, k: number, alpha: number, beta: number, convention: string }} settings
 * @returns {{ first: number, last: number, sum_of_squares: number, scaled_alpha: number, base: number,
 *   output: number }[]}
 */
export function normalize(values, { n, k, alpha, beta, convention }) {
  const reach = convention === "half width" ? n : (n - 1) / 2;
  const scaled_alpha = convention === "alpha / n" ? alpha / n : alpha;
  return values.map((v, i) => {
    const first = Math.max(0, i - reach);
    const last = Math.min(values.length - 1, i + reach);
    const sum_of_squares = values.slice(first, last + 1).reduce((sum, x) => sum + x * x, 0);
    const base = k + scaled_alpha * sum_of_squares;
    return { first, last, sum_of_squares, scaled_alpha, base, output: v / base ** beta };
  });
}

// ---- dense layers

/**
 * The order in which numbers stored by rows, columns, maps are put in one row: for each place of the row, the
 * index of the number that stands there.
 *
 * @param {number[]} shape
 * @param {string} order "H, W, C" or "C, H, W"
 * @returns {number[]}
 */
export function flattenOrder([rows, columns, maps], order) {
  const stored = upTo(rows * columns * maps);
  return order === "H, W, C" ? stored : upTo(maps).flatMap((map) => stored.filter((i) => i % maps === map));
}

/**
 * x @ weight + bias for one row of numbers.
 *
 * @param {number[]} x
 * @param {Matrix} weight a row for each input, a column for each output
 * @param {number[]} bias
 * @returns {number[]}
 */
export const dense = (x, weight, bias) =>
  bias.map((b, o) => x.reduce((sum, v, i) => sum + v * weight[i][o], b));
