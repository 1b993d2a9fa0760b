/** What each rung of the ladder asks of a machine: products, and bytes that move, as ladder.py counts them. */

/** @typedef {{ name: string, products: number, memory: number, cache: number, fresh: number }} Stage */
/** @typedef {{ height: number, channels: number, kernel_size: number, stride: number, filters: number,
 *   groups: number, side: number }} Shape one group of a layer, as in ladder.Shape */

export const RUNGS = [
  "product by product",
  "window by filter",
  "window by window",
  "matrix product",
  "memory kept",
  "Winograd",
  "all cores",
];
const BYTES = 4; // of a number
const TILE = 7; // numbers along one of Winograd's tiles

/**
 * @param {string} name
 * @param {number} products
 * @param {number} memory
 * @param {number} cache
 * @param {number} [fresh]
 * @returns {Stage}
 */
const stage = (name, products, memory, cache, fresh = 0) => ({ name, products, memory, cache, fresh });

/**
 * The stages of a rung and its steps of Python, as `ladder.stages` counts them; no stages where it is not possible.
 *
 * @param {Shape} shape
 * @param {string} rung
 * @param {number} images
 * @returns {{ stages: Stage[], steps: number }}
 */
export function count(shape, rung, images) {
  const { height, channels, kernel_size: k, stride, filters, groups, side } = shape;
  const window = k * k * channels;
  const places = images * side * side * groups;
  const inputs = images * height * height * channels * groups * BYTES;
  const weights = window * filters * groups * BYTES;
  const outputs = places * filters * BYTES;
  const matrix = places * window * BYTES;
  const products = places * window * filters;
  const once = inputs + weights + outputs;
  const again = products * BYTES - weights; // the filters are read for every window, once as part of the above
  const rows = "windows into rows";
  switch (RUNGS.indexOf(rung)) {
    case 0:
      return { stages: [stage("multiply, add", products, once, again + products * BYTES)], steps: products };
    case 1:
      return {
        stages: [stage("multiply, add", products, once, again + 3 * products * BYTES)],
        steps: places * filters,
      };
    case 2: {
      const read = again + matrix + outputs;
      return { stages: [stage("window times filters", products, once, read)], steps: places };
    }
    case 3: {
      const copy = stage(rows, 0, inputs + matrix, matrix, matrix);
      const product = stage("product", products, matrix + weights + outputs, 0, outputs);
      return { stages: [copy, product], steps: 0 };
    }
    case 4: {
      const product = stage("product", products, weights + outputs, matrix);
      return { stages: [stage(rows, 0, inputs, 2 * matrix), product], steps: 0 };
    }
  }
  if (stride !== 1 || ![3, 5].includes(k)) return { stages: [], steps: 0 };
  const m = TILE + 1 - k;
  const points = TILE * TILE;
  const tiles = images * Math.ceil(side / m) ** 2 * groups;
  const [pixels, evaluated] = [points * tiles * channels, points * channels * filters * groups];
  const [sums, kept] = [points * tiles * filters, m * m * tiles * filters];
  return {
    stages: [
      stage("cut tiles", 0, inputs, 2 * pixels * BYTES),
      stage("tiles to the points", points * pixels, 0, 2 * pixels * BYTES),
      stage("filters to the points", evaluated * k * k, weights + evaluated * BYTES, 0),
      stage("products", points * tiles * channels * filters, evaluated * BYTES, (pixels + sums) * BYTES),
      stage("back to responses", points * kept, 0, (sums + kept) * BYTES),
      stage("tiles into maps", 0, outputs, 3 * kept * BYTES),
    ],
    steps: 0,
  };
}
