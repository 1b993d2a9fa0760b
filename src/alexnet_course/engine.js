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
 * @typedef {Float32Array | Float64Array} Floats
 */

export const BLOCK = 4; // rows and columns of a product that are summed at once, in sixteen variables
const PORTION = 1 << 17; // numbers of windows that are laid out at a time: they stay in the cache

/** @param {number[]} shape */
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
 * Zeros of the same precision.
 *
 * @param {Floats} values
 * @param {number} length
 * @returns {Floats}
 */
export const zerosLike = (values, length) => new /** @type {any} */ (values.constructor)(length);

/**
 * A matrix (depth, columns) as strips of four columns, each in one piece: so a product reads it in order.
 *
 * @param {Floats} values
 * @param {number} depth
 * @param {number} columns
 * @param {number} first  Where the matrix begins.
 * @param {number} step  From one row of it to the next.
 */
export function strips(values, depth, columns, first, step) {
  const packed = zerosLike(values, Math.ceil(columns / BLOCK) * depth * BLOCK);
  for (let column = 0, place = 0; column < columns; column += BLOCK) {
    const wide = Math.min(BLOCK, columns - column);
    for (let k = 0, from = first + column; k < depth; k++, from += step, place += BLOCK) {
      for (let c = 0; c < wide; c++) packed[place + c] = values[from + c];
    }
  }
  return packed;
}

/**
 * The products of four rows with a strip of four columns, summed in variables of their own: no other way of
 * writing it in plain JavaScript was as fast.
 *
 * @param {Floats} left
 * @param {number} row  Where the first of the four rows begins.
 * @param {Floats} packed
 * @param {number} strip  Where the strip begins.
 * @param {number} depth  Numbers in a row.
 * @param {Float64Array} sums  Takes the sixteen.
 */
// prettier-ignore
function sixteen(left, row, packed, strip, depth, sums) {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
  let s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
  const second = row + depth, third = second + depth, fourth = third + depth;
  for (let k = 0, place = strip; k < depth; k++, place += BLOCK) {
    const a = left[row + k], b = left[second + k], c = left[third + k], d = left[fourth + k];
    const w = packed[place], x = packed[place + 1], y = packed[place + 2], z = packed[place + 3];
    s0 += a * w; s1 += a * x; s2 += a * y; s3 += a * z;
    s4 += b * w; s5 += b * x; s6 += b * y; s7 += b * z;
    s8 += c * w; s9 += c * x; s10 += c * y; s11 += c * z;
    s12 += d * w; s13 += d * x; s14 += d * y; s15 += d * z;
  }
  sums[0] = s0; sums[1] = s1; sums[2] = s2; sums[3] = s3;
  sums[4] = s4; sums[5] = s5; sums[6] = s6; sums[7] = s7;
  sums[8] = s8; sums[9] = s9; sums[10] = s10; sums[11] = s11;
  sums[12] = s12; sums[13] = s13; sums[14] = s14; sums[15] = s15;
}

/**
 * Adds to the biases the product of rows with a packed matrix, and writes it.
 *
 * @param {Floats} left  Rows of `depth` numbers; room for a multiple of four of them.
 * @param {number} rows
 * @param {number} depth
 * @param {Floats} packed  As `strips` gives it.
 * @param {Floats} numbers  Where the biases are.
 * @param {Floats} out
 * @param {{ columns: number, first: number, step: number, bias: number }} place  How many columns, where the first
 *   number goes, from one row to the next, and where the biases begin.
 */
export function multiply(left, rows, depth, packed, numbers, out, place) {
  const sums = new Float64Array(BLOCK * BLOCK);
  for (let j = 0; j < place.columns; j += BLOCK) {
    const wide = Math.min(BLOCK, place.columns - j);
    for (let i = 0; i < rows; i += BLOCK) {
      const tall = Math.min(BLOCK, rows - i);
      sixteen(left, i * depth, packed, j * depth, depth, sums);
      for (let row = 0; row < tall; row++) {
        const start = place.first + (i + row) * place.step + j;
        for (let column = 0; column < wide; column++) {
          out[start + column] = numbers[place.bias + j + column] + sums[row * BLOCK + column];
        }
      }
    }
  }
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
  const filters = row.shape[2] / row.groups,
    { in_channels: inChannels } = row,
    channels = inChannels / row.groups,
    depth = row.kernel_size[0] * row.kernel_size[1] * channels;
  const groups = Array.from({ length: row.groups }, (_, g) => ({
    first: g * channels,
    channels,
    packed: strips(numbers, depth, filters, row.weight + g * filters, row.shape[2]),
  }));
  const portion = Math.max(BLOCK, Math.floor(PORTION / depth / BLOCK) * BLOCK);
  const windows = new Float32Array(portion * depth);
  return (/** @type {Tensor} */ image) => {
    const values = new Float32Array(size(row.shape)),
      all = row.shape[0] * row.shape[1];
    groups.forEach((group, g) => {
      for (let start = 0; start < all; start += portion) {
        const count = Math.min(portion, all - start);
        layWindows(image, group, row, { start, count }, windows);
        multiply(windows, count, depth, group.packed, numbers, values, {
          columns: filters,
          first: start * row.shape[2] + g * filters,
          step: row.shape[2],
          bias: row.bias + g * filters,
        });
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
