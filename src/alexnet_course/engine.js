/**
 * A network that was built in Python, run in the page: the forward mathematics of the course's layers in
 * single precision. It builds what the table of export.py says and knows no network by itself.
 *
 * An array of one example is a Float32Array with the shape beside it: rows, columns, channels.
 *
 * A layer as export.py writes it: the class in Python, the shape of the output, and the arguments of that class.
 * `padding` is the pixels above and at the left; `weight` and `bias` are the places where they begin.
 *
 * @typedef {{ name: string, kind: string, shape: number[] }} Row
 * @typedef {Row & { stride: number[], padding: number[], weight: number, bias: number, kernel_size: number[],
 *   groups: number, in_channels: number }} ConvolutionRow
 * @typedef {Row & { stride: number[], padding: number[], pool_size: number[] }} PoolingRow
 * @typedef {Row & { in_features: number, weight: number, bias: number }} DenseRow
 * @typedef {Row & { n: number, k: number, alpha: number, beta: number }} NormalizationRow
 * @typedef {Row & { branches: Row[] }} SideBySideRow
 *
 * @typedef {{ values: Float32Array, shape: number[] }} Tensor
 * @typedef {import("./multiply.js").Floats} Floats
 */
import { addProduct, pack, zerosLike } from "./multiply.js";

const PORTION = 1 << 17; // numbers of windows that are laid out at a time: they stay in the cache

/**
 * @param {number[]} shape
 * @returns {number} how many numbers an array of this shape has
 */
export const size = (shape) => shape.reduce((product, length) => product * length, 1);

/**
 * The numbers of half precision in single precision.
 *
 * @param {Uint16Array} halves  Their bits.
 * @returns {Float32Array}
 */
export function fromHalf(halves) {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const exponent = (halves[i] >> 10) & 31,
      fraction = halves[i] & 1023;
    let value;
    if (exponent === 0) value = fraction * 2 ** -24;
    else if (exponent === 31) value = fraction ? NaN : Infinity;
    else value = (1 + fraction / 1024) * 2 ** (exponent - 15);
    values[i] = halves[i] & 0x8000 ? -value : value;
  }
  return values;
}

/**
 * The biases of a layer, once for every place: what its products are added to.
 *
 * @template {Floats} Kind
 * @param {Kind} numbers
 * @param {{ bias: number }} row
 * @param {number} places
 * @param {number} maps
 * @returns {Kind}
 */
export function biases(numbers, { bias }, places, maps) {
  const out = zerosLike(numbers, places * maps),
    own = numbers.subarray(bias, bias + maps);
  for (let to = 0; to < out.length; to += maps) out.set(own, to);
  return out;
}

/**
 * Lays windows out as rows of a matrix: rows, columns and channels of each in order, 0 outside the image.
 *
 * @param {{ values: Floats, shape: number[] }} image
 * @param {{ first: number, channels: number }} group  The channels that the windows see.
 * @param {ConvolutionRow} row
 * @param {{ start: number, count: number }} portion  Which windows, counted row by row.
 * @param {Floats} out
 */
export function layWindows(image, group, row, portion, out) {
  const [height, width, channels] = image.shape,
    [kernelHeight, kernelWidth] = row.kernel_size,
    columns = row.shape[1];
  let place = 0;
  for (let window = portion.start; window < portion.start + portion.count; window++) {
    const top = Math.floor(window / columns) * row.stride[0] - row.padding[0],
      left = (window % columns) * row.stride[1] - row.padding[1];
    for (let y = top; y < top + kernelHeight; y++) {
      for (let x = left; x < left + kernelWidth; x++, place += group.channels) {
        if (y < 0 || y >= height || x < 0 || x >= width) {
          out.fill(0, place, place + group.channels);
        } else {
          const from = (y * width + x) * channels + group.first;
          for (let c = 0; c < group.channels; c++) out[place + c] = image.values[from + c];
        }
      }
    }
  }
}

/**
 * @param {ConvolutionRow} row
 * @param {Float32Array} numbers
 */
function convolution(row, numbers) {
  const [rows, columns, maps] = row.shape,
    filters = maps / row.groups,
    { in_channels: inChannels } = row,
    channels = inChannels / row.groups,
    depth = row.kernel_size[0] * row.kernel_size[1] * channels,
    all = rows * columns;
  const groups = Array.from({ length: row.groups }, (_, g) => {
    const weights = { values: numbers, first: row.weight + g * filters, row: maps, column: 1 };
    return { first: g * channels, channels, packed: pack(weights, depth, filters) };
  });
  const asTheyAre = depth === channels && [...row.stride, ...row.padding].join() === "1,1,0,0";
  const portion = asTheyAre ? all : Math.ceil(PORTION / depth);
  const windows = new Float32Array(asTheyAre ? 0 : portion * depth);
  return (/** @type {Tensor} */ image) => {
    const values = biases(numbers, row, all, maps);
    groups.forEach((group, g) => {
      for (let start = 0; start < all; start += portion) {
        const count = Math.min(portion, all - start),
          out = { values, first: start * maps + g * filters, row: maps, column: 1 };
        /** @type {import("./multiply.js").Matrix} */
        let left = { values: windows, first: 0, row: depth, column: 1 };
        if (asTheyAre) left = { values: image.values, first: group.first, row: inChannels, column: 1 };
        else layWindows(image, group, row, { start, count }, windows);
        addProduct(left, count, group.packed, out);
      }
    });
    return values;
  };
}

/**
 * @param {DenseRow} row
 * @param {Float32Array} numbers
 */
function dense(row, numbers) {
  const [outputs] = row.shape,
    { in_features: inputs } = row;
  return (/** @type {Tensor} */ x) => {
    const sums = Float64Array.from({ length: outputs }, (_, j) => numbers[row.bias + j]);
    for (let i = 0; i < inputs; i++) {
      const value = x.values[i];
      if (value === 0) continue; // after ReLU and dropout most are
      const start = row.weight + i * outputs;
      for (let j = 0; j < outputs; j++) sums[j] += value * numbers[start + j];
    }
    return Float32Array.from(sums);
  };
}

/** @param {NormalizationRow} row */
function normalization(row) {
  const reach = Math.floor(row.n / 2);
  return (/** @type {Tensor} */ { values, shape }) => {
    const out = new Float32Array(values.length),
      channels = shape[shape.length - 1];
    for (let pixel = 0; pixel < values.length; pixel += channels) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        const last = Math.min(channels - 1, c + reach);
        for (let j = Math.max(0, c - reach); j <= last; j++) sum += values[pixel + j] ** 2;
        out[pixel + c] = values[pixel + c] / (row.k + row.alpha * sum) ** row.beta;
      }
    }
    return out;
  };
}

/** @param {PoolingRow} row */
function maxPooling(row) {
  const [poolHeight, poolWidth] = row.pool_size,
    [rows, columns, channels] = row.shape;
  return (/** @type {Tensor} */ { values, shape: [height, width] }) => {
    const out = new Float32Array(size(row.shape)).fill(-Infinity);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const top = i * row.stride[0] - row.padding[0],
          left = j * row.stride[1] - row.padding[1],
          to = (i * columns + j) * channels;
        for (let y = Math.max(0, top); y < Math.min(height, top + poolHeight); y++) {
          for (let x = Math.max(0, left); x < Math.min(width, left + poolWidth); x++) {
            const from = (y * width + x) * channels;
            for (let c = 0; c < channels; c++) {
              const value = values[from + c];
              if (value > out[to + c] || value !== value) out[to + c] = value;
            }
          }
        }
      }
    }
    return out;
  };
}

/** @param {Tensor} x */
function rectify({ values }) {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[i] < 0 ? 0 : values[i];
  return out;
}

/** @param {Tensor} image */
function average({ values, shape: [height, width, channels] }) {
  const sums = new Float64Array(channels);
  for (let pixel = 0; pixel < values.length; pixel += channels) {
    for (let c = 0; c < channels; c++) sums[c] += values[pixel + c];
  }
  return Float32Array.from(sums, (sum) => sum / (height * width));
}

/**
 * Scores as probabilities.
 *
 * @param {Float32Array | number[]} scores
 * @returns {Float32Array}
 */
export function softmax(scores) {
  const most = Math.max(...scores),
    exponentials = Array.from(scores, (score) => Math.exp(score - most)),
    sum = exponentials.reduce((total, value) => total + value, 0);
  return Float32Array.from(exponentials, (value) => value / sum);
}

/**
 * @param {SideBySideRow} row
 * @param {Float32Array} numbers
 */
function sideBySide(row, numbers) {
  const branches = row.branches.map((branch) => ({ branch, run: layer(branch, numbers) }));
  return (/** @type {Tensor} */ image) => {
    const out = new Float32Array(size(row.shape)),
      step = row.shape[2];
    let first = 0;
    for (const { branch, run } of branches) {
      const values = run(image),
        channels = branch.shape[2];
      for (let from = 0, to = first; from < values.length; from += channels, to += step) {
        out.set(values.subarray(from, from + channels), to);
      }
      first += channels;
    }
    return out;
  };
}

const same = () => (/** @type {Tensor} */ x) => x.values;

/**
 * What builds each kind of layer.
 *
 * @type {Record<string, (row: any, numbers: Float32Array) => (x: Tensor) => Float32Array>}
 */
const KINDS = {
  Conv2D: convolution,
  Dense: dense,
  Dropout: same, // in evaluation it changes nothing
  Flatten: same,
  GlobalAverage: () => average,
  LocalResponseNormalization: normalization,
  MaxPooling2D: maxPooling,
  ReLU: () => rectify,
  SideBySide: sideBySide,
  Softmax: () => (/** @type {Tensor} */ x) => softmax(x.values),
};

/**
 * @param {Row} row
 * @param {Float32Array} numbers
 * @returns {(x: Tensor) => Float32Array}
 */
function layer(row, numbers) {
  if (!Object.hasOwn(KINDS, row.kind)) throw new Error(`${row.name}: the page knows no layer ${row.kind}`);
  return KINDS[row.kind](row, numbers);
}

/** A network of a table and its numbers. */
export class Network {
  /**
   * @param {Row[]} table
   * @param {Float32Array} numbers
   */
  constructor(table, numbers) {
    this.stages = table.map((row) => ({ row, run: layer(row, numbers) }));
  }

  /**
   * The outputs of all layers for one example.
   *
   * @param {Tensor} x
   * @yields {{ name: string, shape: number[], values: Float32Array }}  A layer, as soon as it is done.
   */
  *run(x) {
    for (const { row, run } of this.stages) {
      x = { values: run(x), shape: row.shape };
      yield { name: row.name, ...x };
    }
  }
}
