/**
 * A network that learns in the page: the course's layers forward and backward, the loss, and the paper's rule. Like
 * engine.js it builds what the table of export.py says.
 *
 * A batch is one array: its examples one after the other, each by rows, columns, channels. All arrays have the
 * precision of the network's numbers: single for speed, double where a result is compared with paper.
 */
import { biases, layWindows, size } from "./engine.js";
import { addProduct, pack, turned, zerosLike } from "./multiply.js";

/**
 * @typedef {import("./engine.js").Floats} Floats
 * @typedef {import("./engine.js").Row} Row
 * @typedef {import("./engine.js").ConvolutionRow} ConvolutionRow
 * @typedef {import("./engine.js").DenseRow} DenseRow
 * @typedef {import("./engine.js").NormalizationRow} NormalizationRow
 * @typedef {import("./engine.js").PoolingRow} PoolingRow
 *
 * @typedef {{ rate: number, momentum: number, decay: number }} Settings  What the paper's rule needs.
 *
 * A layer at work. `backward` takes the gradient of what `forward` gave last, writes the gradients of the layer's
 * numbers, and gives that of the input unless nobody wants it.
 *
 * @typedef {object} Stage
 * @property {(x: Floats, count: number, training: boolean) => Floats} forward
 * @property {(gradient: Floats, wanted: boolean) => Floats} backward
 * @property {boolean} [learns]
 *
 * @typedef {{ network: Trainer, shape: number[] }} Place  Where a layer stands: its network, and the shape of one input.
 */

/**
 * Adds the sum of each column: a bias is blamed for every place where it was added.
 *
 * @param {Floats} values
 * @param {number} columns
 * @param {Floats} out
 * @param {number} first  Where the sums go.
 */
function sumColumns(values, columns, out, first) {
  const sums = new Float64Array(columns);
  for (let i = 0; i < values.length; i += columns) {
    for (let j = 0; j < columns; j++) sums[j] += values[i + j];
  }
  for (let j = 0; j < columns; j++) out[first + j] += sums[j];
}

// ---- layers

/**
 * Adds what the windows of one image got to the pixels that they see: the other way of `layWindows`.
 *
 * @param {Floats} windows
 * @param {{ values: Floats, shape: number[] }} image
 * @param {{ first: number, channels: number }} group
 * @param {ConvolutionRow} row
 */
function addWindows(windows, { values, shape: [height, width, channels] }, group, row) {
  const [rows, columns] = row.shape,
    [kernelHeight, kernelWidth] = row.kernel_size;
  let place = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const top = i * row.stride[0] - row.padding[0],
        left = j * row.stride[1] - row.padding[1];
      for (let y = top; y < top + kernelHeight; y++) {
        for (let x = left; x < left + kernelWidth; x++, place += group.channels) {
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          const to = (y * width + x) * channels + group.first;
          for (let c = 0; c < group.channels; c++) values[to + c] += windows[place + c];
        }
      }
    }
  }
}

/**
 * @param {ConvolutionRow} row
 * @param {Place} place
 * @returns {Stage}
 */
function convolution(row, { network, shape }) {
  const { numbers, gradients } = network,
    [rows, columns, maps] = row.shape,
    filters = maps / row.groups,
    channels = shape[2] / row.groups,
    depth = row.kernel_size[0] * row.kernel_size[1] * channels,
    places = rows * columns,
    pixels = size(shape);
  /** @type {Floats[]} the windows of each group, a row a window, as long as backward may need them */
  let windows = [];
  let count = 0;
  const groups = Array.from({ length: row.groups }, (_, g) => ({ first: g * channels, channels }));
  // The matrices of a group: weights and their gradients (depth, filters), windows (places, depth), maps (places, filters).
  const weightsOf = (/** @type {Floats} */ values, /** @type {number} */ g) => ({
    values,
    first: row.weight + g * filters,
    row: maps,
    column: 1,
  });
  const windowsOf = (/** @type {Floats} */ values) => ({ values, first: 0, row: depth, column: 1 });
  const mapsOf = (/** @type {Floats} */ values, /** @type {number} */ g) => ({
    values,
    first: g * filters,
    row: maps,
    column: 1,
  });
  const example = (/** @type {Floats} */ values, /** @type {number} */ n, /** @type {number} */ length) =>
    values.subarray(n * length, (n + 1) * length);

  return {
    learns: true,
    forward(x, examples) {
      count = examples;
      const out = biases(numbers, row, count * places, maps);
      windows = groups.map((group, g) => {
        const laid = zerosLike(x, count * places * depth);
        const packed = pack(weightsOf(numbers, g), depth, filters);
        for (let n = 0; n < count; n++) {
          const own = example(laid, n, places * depth);
          layWindows({ values: example(x, n, pixels), shape }, group, row, { start: 0, count: places }, own);
          addProduct(windowsOf(own), places, packed, mapsOf(example(out, n, places * maps), g));
        }
        return laid;
      });
      return out;
    },
    backward(gradient, wanted) {
      const out = zerosLike(gradient, wanted ? count * pixels : 0);
      sumColumns(gradient, maps, gradients, row.bias);
      groups.forEach((group, g) => {
        const packed = pack(mapsOf(gradient, g), count * places, filters);
        addProduct(turned(windowsOf(windows[g])), depth, packed, weightsOf(gradients, g));
        if (!wanted) return;
        const blamed = zerosLike(gradient, places * depth),
          across = pack(turned(weightsOf(numbers, g)), filters, depth);
        for (let n = 0; n < count; n++) {
          const own = example(gradient, n, places * maps);
          addProduct(mapsOf(own, g), places, across, windowsOf(blamed.fill(0)));
          addWindows(blamed, { values: example(out, n, pixels), shape }, group, row);
        }
      });
      return out;
    },
  };
}

/**
 * @param {DenseRow} row
 * @param {Place} place
 * @returns {Stage}
 */
function dense(row, { network: { numbers, gradients } }) {
  const [outputs] = row.shape,
    { in_features: inputs } = row;
  /** @type {Floats} */
  let saved;
  let count = 0;
  const weightsOf = (/** @type {Floats} */ values) => ({
    values,
    first: row.weight,
    row: outputs,
    column: 1,
  });
  // A batch, an example a row.
  const batchOf = (/** @type {Floats} */ values, /** @type {number} */ features) => ({
    values,
    first: 0,
    row: features,
    column: 1,
  });
  return {
    learns: true,
    forward(x, examples) {
      count = examples;
      saved = x;
      const out = biases(numbers, row, count, outputs);
      addProduct(batchOf(x, inputs), count, pack(weightsOf(numbers), inputs, outputs), batchOf(out, outputs));
      return out;
    },
    backward(gradient, wanted) {
      sumColumns(gradient, outputs, gradients, row.bias);
      const blame = batchOf(gradient, outputs);
      const packed = pack(blame, count, outputs);
      addProduct(turned(batchOf(saved, inputs)), inputs, packed, weightsOf(gradients));
      const out = zerosLike(gradient, wanted ? count * inputs : 0);
      if (wanted) {
        const across = pack(turned(blame), outputs, count);
        addProduct(weightsOf(numbers), inputs, across, turned(batchOf(out, inputs)));
      }
      return out;
    },
  };
}

/**
 * @param {NormalizationRow} row
 * @param {Place} place
 * @returns {Stage}
 */
function normalization({ n, k, alpha, beta }, { shape }) {
  const reach = Math.floor(n / 2),
    channels = shape[2];
  // The paper's power by two square roots, far faster than any other.
  const power = (/** @type {number} */ s) => {
    const root = Math.sqrt(s);
    return beta === 0.75 ? root * Math.sqrt(root) : s ** beta;
  };
  /** @type {Floats} */
  let saved;
  /** @type {Floats} */
  let sums;
  return {
    forward(x) {
      const out = zerosLike(x, x.length);
      saved = x;
      sums = zerosLike(x, x.length);
      for (let pixel = 0; pixel < x.length; pixel += channels) {
        const end = pixel + channels;
        let sum = 0; // of the squares around: with each channel one comes, and one goes
        for (let at = pixel; at < Math.min(end, pixel + reach); at++) sum += x[at] * x[at];
        for (let at = pixel; at < end; at++) {
          const comes = at + reach < end ? x[at + reach] : 0,
            goes = at - reach > pixel ? x[at - reach - 1] : 0;
          sum += comes * comes - goes * goes;
          const s = k + alpha * sum;
          sums[at] = s;
          out[at] = x[at] / power(s);
        }
      }
      return out;
    },
    backward(gradient) {
      const out = zerosLike(gradient, gradient.length),
        shares = new Float64Array(channels);
      for (let pixel = 0; pixel < gradient.length; pixel += channels) {
        let through = 0;
        for (let c = 0; c < channels; c++) {
          const at = pixel + c;
          out[at] = gradient[at] / power(sums[at]);
          shares[c] = (out[at] * saved[at]) / sums[at];
          if (c < reach) through += shares[c];
        }
        for (let c = 0; c < channels; c++) {
          const comes = c + reach < channels ? shares[c + reach] : 0,
            goes = c > reach ? shares[c - reach - 1] : 0;
          through += comes - goes;
          out[pixel + c] -= 2 * alpha * beta * saved[pixel + c] * through;
        }
      }
      return out;
    },
  };
}

/**
 * @param {PoolingRow} row
 * @param {Place} place
 * @returns {Stage}
 */
function maxPooling(row, { shape }) {
  const [poolHeight, poolWidth] = row.pool_size,
    [rows, columns, channels] = row.shape,
    [height, width] = shape,
    pixels = size(shape);
  let winners = new Int32Array(0);
  let length = 0;
  return {
    forward(x, count) {
      const out = zerosLike(x, count * size(row.shape)).fill(-Infinity);
      winners = new Int32Array(out.length);
      length = x.length;
      for (let n = 0, to = 0; n < count; n++) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++, to += channels) {
            const top = i * row.stride[0] - row.padding[0],
              left = j * row.stride[1] - row.padding[1],
              bottom = Math.min(height, top + poolHeight),
              right = Math.min(width, left + poolWidth);
            for (let c = 0; c < channels; c++) winners[to + c] = -1;
            for (let y = Math.max(0, top); y < bottom; y++) {
              for (let x0 = Math.max(0, left); x0 < right; x0++) {
                const from = n * pixels + (y * width + x0) * channels;
                for (let c = 0; c < channels; c++) {
                  const value = x[from + c],
                    best = out[to + c];
                  // Of equal values the first wins, and NaN over every number.
                  if (winners[to + c] < 0 || value > best || (value !== value && best === best)) {
                    out[to + c] = value;
                    winners[to + c] = from + c;
                  }
                }
              }
            }
          }
        }
      }
      return out;
    },
    backward(gradient) {
      const out = zerosLike(gradient, length);
      for (let i = 0; i < gradient.length; i++) out[winners[i]] += gradient[i];
      return out;
    },
  };
}

/**
 * Chooses between 0 and a number by its place in an array: an `if` would be guessed by the processor, wrongly half of
 * the time, and take three times as long. A plus makes the place, 0 or 1, of what is true or false: Firefox takes six
 * times as long where it is `Number`, a function that it calls each time.
 *
 * @returns {Stage}
 */
function rectified() {
  /** @type {Floats} */
  let out;
  return {
    forward(x) {
      out = zerosLike(x, x.length);
      const choice = zerosLike(x, 2);
      for (let i = 0; i < x.length; i++) {
        choice[1] = x[i];
        out[i] = choice[+!(x[i] < 0)];
      }
      return out;
    },
    backward(gradient) {
      const passed = zerosLike(gradient, gradient.length),
        choice = zerosLike(gradient, 2);
      for (let i = 0; i < gradient.length; i++) {
        choice[1] = gradient[i];
        passed[i] = choice[+!(out[i] <= 0)];
      }
      return passed;
    },
  };
}

/**
 * The network's `dropout` is the rate, whatever the table says; its `random` tosses the coins.
 *
 * @param {Row} _
 * @param {Place} place
 * @returns {Stage}
 */
function dropout(_, { network }) {
  let kept = new Uint8Array(0);
  let scale = 1;
  const through = (/** @type {Floats} */ values) => {
    const out = zerosLike(values, values.length);
    for (let i = 0; i < out.length; i++) out[i] = kept[i] ? values[i] / scale : 0;
    return out;
  };
  return {
    forward(x, _count, training) {
      if (!training) return x;
      scale = 1 - network.dropout;
      kept = Uint8Array.from(x, () => Number(network.random() >= network.dropout));
      return through(x);
    },
    backward: through,
  };
}

/** @returns {Stage} */
const same = () => ({ forward: (x) => x, backward: (gradient) => gradient });

/**
 * What builds each kind of layer that can learn in a page.
 *
 * @type {Record<string, (row: any, place: Place) => Stage>}
 */
const KINDS = {
  Conv2D: convolution,
  Dense: dense,
  Dropout: dropout,
  Flatten: same,
  LocalResponseNormalization: normalization,
  MaxPooling2D: maxPooling,
  ReLU: rectified,
};

// ---- loss and rule

/**
 * The mean cross-entropy of a batch of scores, its gradient, and the shares that softmax makes of them.
 *
 * @param {Floats} scores
 * @param {ArrayLike<number>} labels
 * @returns {{ loss: number, gradient: Floats, shares: Floats }}
 */
export function crossEntropy(scores, labels) {
  const classes = scores.length / labels.length,
    shares = zerosLike(scores, scores.length),
    gradient = zerosLike(scores, scores.length);
  let loss = 0;
  for (let n = 0; n < labels.length; n++) {
    const own = scores.subarray(n * classes, (n + 1) * classes),
      most = Math.max(...own);
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += Math.exp(own[j] - most);
    loss += (Math.log(sum) - (own[labels[n]] - most)) / labels.length;
    for (let j = 0; j < classes; j++) {
      const share = Math.exp(own[j] - most) / sum;
      shares[n * classes + j] = share;
      gradient[n * classes + j] = (share - Number(j === labels[n])) / labels.length;
    }
  }
  return { loss, gradient, shares };
}

/**
 * The velocity of a weight after a step: what is left of the old one, less the decay and the gradient, both times
 * the rate (section 5 of the paper). The weight then moves by it.
 *
 * @param {number} weight
 * @param {number} gradient
 * @param {number} velocity
 * @param {Settings} settings
 * @returns {number}
 */
export const nextVelocity = (weight, gradient, velocity, { rate, momentum, decay }) =>
  momentum * velocity - (decay * weight + gradient) * rate;

/** A network in training. */
export class Trainer {
  /**
   * @param {Row[]} table
   * @param {number[]} shape  Of one input.
   * @param {Floats} numbers  The parameters in one row: they move.
   * @param {() => number} [random]  Tosses dropout's coins, from 0 to below 1.
   */
  constructor(table, shape, numbers, random = Math.random) {
    this.numbers = numbers;
    this.gradients = zerosLike(numbers, numbers.length);
    this.velocity = zerosLike(numbers, numbers.length);
    this.random = random;
    this.dropout = 0;
    this.stages = table.map((row) => {
      if (!Object.hasOwn(KINDS, row.kind)) throw new Error(`${row.name}: no ${row.kind} learns in the page`);
      const stage = KINDS[row.kind](row, { network: this, shape });
      shape = row.shape;
      return stage;
    });
  }

  /**
   * The scores of a batch.
   *
   * @param {Floats} x
   * @param {number} count  Examples in it.
   * @param {boolean} [training]  Whether dropout acts.
   */
  forward(x, count, training = false) {
    for (const stage of this.stages) x = stage.forward(x, count, training);
    return x;
  }

  /**
   * Writes the gradients of all parameters for the batch that went through `forward` last.
   *
   * @param {Floats} gradient  Of the scores.
   * @param {boolean} [wanted]  Whether somebody wants the gradient of the input, too.
   * @returns {Floats | null}
   */
  backward(gradient, wanted = false) {
    const first = wanted ? 0 : this.stages.findIndex((stage) => stage.learns);
    this.gradients.fill(0);
    for (let i = this.stages.length - 1; i >= first; i--) {
      gradient = this.stages[i].backward(gradient, wanted || i > first);
    }
    return wanted ? gradient : null;
  }

  /**
   * The loss of a batch, with the gradients that belong to it.
   *
   * @param {Floats} x
   * @param {ArrayLike<number>} labels
   */
  look(x, labels) {
    const found = crossEntropy(this.forward(x, labels.length, true), labels);
    this.backward(found.gradient);
    return found.loss;
  }

  /**
   * One step of every parameter by its gradient and the paper's rule.
   *
   * @param {Settings} settings
   */
  step(settings) {
    const { numbers, gradients, velocity } = this;
    for (let i = 0; i < numbers.length; i++) {
      velocity[i] = nextVelocity(numbers[i], gradients[i], velocity[i], settings);
      numbers[i] += velocity[i];
    }
  }
}
