/** The pooling explorer: which pixel of each window goes on, and for how many windows it speaks. */
import { CellMap } from "./kit/cellmap.js";
import { button, choice, slider, toolbar } from "./kit/controls.js";
import { h, largest, number, plural, range } from "./kit/elements.js";
import { sizeFormula } from "./kit/formula.js";
import { BIASES, maxPool, pooled, reached, resample, responses, rectify } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { chip, hatched, line, sayNoWindow, tooWide } from "./kit/text.js";
import { matrix, whole } from "./kit/traits.js";
import { Walk } from "./kit/walk.js";
import PICTURES from "./made/pictures.json" with { type: "json" };

/** @typedef {import("./kit/maths.js").Matrix} Matrix */
/** @typedef {import("./kit/maths.js").Tap} Tap */
/** @typedef {(value: number) => import("./kit/colours.js").Colour} Shade */
/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

const NAMES = [...Object.keys(BIASES), "photograph"];
const PHOTOGRAPH_SIZE = 12; // pixels along a side: small enough to read every number

/** Every setting and what it may be, as in pooling.py. */
export const traits = {
  picture: matrix(NAMES, 64, 999),
  pool_size: whole(1, 5),
  stride: whole(1, 5),
  padding: whole(0, 2),
  row: whole(0, 67),
  column: whole(0, 67),
};

/**
 * The map to pool: one of the tile's three after ReLU, a small photograph, or the learner's own.
 *
 * @param {string | Matrix} picture
 * @returns {Matrix}
 */
function mapOf(picture) {
  if (typeof picture !== "string") return picture;
  if (picture === "photograph") return resample(PICTURES.photograph, PHOTOGRAPH_SIZE);
  return rectify(responses(PICTURES.tile.rows, picture, BIASES[picture]));
}

/**
 * Everything that follows from the settings, by its name in pooling.py.
 *
 * @param {State} state
 * @returns {{ image: number[][], output_size: number, output: number[][], winners:
 *   import("./kit/maths.js").Tap[][], wins: number[][], reached: boolean[], unused: number }}
 */
export function compute(state) {
  const { pool_size, stride, padding } = state;
  const image = mapOf(state.picture);
  const size = image.length;
  const { output, winners, wins } = maxPool(image, { pool_size, stride, padding });
  const read = output.length
    ? reached({ size, kernel_size: pool_size, stride, padding })
    : Array(size).fill(false);
  const unused = size ** 2 - read.filter(Boolean).length ** 2;
  return { image, output_size: output.length, output, winners, wins, reached: read, unused };
}

/** Pools that a button sets. */
const READY = [
  { pool_size: 3, stride: 2, words: "3 × 3, stride 2: overlapping" },
  { pool_size: 2, stride: 2, words: "2 × 2, stride 2: side by side" },
];

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const walk = new Walk(page);
  const describedBy = page.sentence.id;
  const input = new CellMap("Map. Arrow keys move the window.", { walk, describedBy, signed: true });
  const result = new CellMap("Output. Arrow keys choose a value.", { walk, describedBy, signed: true });
  const paid = new CellMap("How many windows each pixel of the map wins.", { signed: true });
  const [inputSize, inputTitle] = heading("Map");
  const [outputSize, outputTitle] = heading("Output");
  const [total, paidTitle] = heading("Wins");
  const unused = h("p", { class: "note" });
  const sum = h("div");
  const formula = h("div", { class: "formula" });
  const ready = READY.map(({ pool_size, stride, words }) =>
    button(words, () => page.set({ pool_size, stride, padding: 0 })),
  );
  page.lay(
    [
      choice(page, "picture", "Map", NAMES),
      slider(page, "pool_size", "Pool size"),
      slider(page, "stride", "Stride"),
      slider(page, "padding", "Padding"),
      toolbar("Ready-made pools", "ready", ...ready),
    ],
    [
      panel(inputTitle, input.el, unused),
      panel(outputTitle, result.el, h("p", { class: "note" }, "dotted: the map’s edge")),
      panel(
        paidTitle,
        paid.el,
        h("p", { class: "note" }, "The map’s gradient when every output has gradient 1"),
      ),
      h("section", {}, walk.el, sum, formula),
    ],
  );
  return { walk, input, result, paid, inputSize, outputSize, total, unused, sum, formula, ready };
}

/**
 * The colour of a pixel of the map, and of the output.
 *
 * @param {Page} page
 * @param {string | Matrix} picture
 * @param {Matrix} image
 * @returns {Shade}
 */
const shading = (page, picture, image) => {
  const most = largest(image);
  return picture === "photograph" ? page.colours.grey : (v) => page.colours.signed(v, most);
};

/**
 * Draws the three maps.
 *
 * @param {Page} page
 * @param {Parts} parts
 * @param {Found} found
 * @param {State} state
 */
function drawMaps(page, { walk, input, result, paid }, found, state) {
  const { image, output, wins, output_size: n } = found;
  const { pool_size: k, stride, padding } = state;
  const size = image.length;
  const colour = shading(page, state.picture, image);
  const mostWins = largest(wins);
  const text = (/** @type {number} */ value) => number(value, 1);
  const span = Math.max(size + 2 * padding, n && (n - 1) * stride + k);
  Object.assign(walk, { count: n, pitch: stride, span: k });
  input.paint({
    values: image,
    total: span,
    start: padding,
    colour,
    text,
    padded: padding > 0,
    zero: "−∞",
  });
  if (n) input.strike(found.reached, padding);
  if (n && n <= 8) {
    const places = range(0, n * n - 1).map((i) => [Math.floor(i / n) * stride, (i % n) * stride]);
    input.outlines(places, k);
  }
  result.paint({
    values: output,
    total: span,
    start: (k - stride) / 2,
    pitch: stride,
    gap: Math.max(0, stride - k),
    colour,
    text,
    blank: (row, column) => walk.hides(row, column),
  });
  result.edge(padding, size);
  paid.paint({
    values: wins,
    total: span,
    start: padding,
    colour: (v) => page.colours.signed(v, mostWins),
  });
}

/**
 * The pixels of a window, row by row, the winner set off; and the largest.
 *
 * @param {Tap[]} taps
 * @param {Tap} winner
 * @param {Shade} shade
 * @returns {HTMLElement[]}
 */
function comparison(taps, winner, shade) {
  const rows = [...new Set(taps.map((tap) => tap.row))].map((row) => taps.filter((tap) => tap.row === row));
  const one = (/** @type {Tap} */ tap) =>
    chip(shade(tap.value), number(tap.value, 1), {
      class: tap.row === winner.row && tap.column === winner.column ? "won" : "",
    });
  const terms = (/** @type {Tap[]} */ row) =>
    h("div", { class: "line" }, h("span", { class: "terms" }, ...row.map(one)));
  return [
    h("div", { class: "lines" }, ...rows.map(terms)),
    line(
      `largest of ${plural(taps.length, "value")}`,
      chip(shade(winner.value), number(winner.value)),
      "result",
    ),
  ];
}

/**
 * What the window under study passes on, and what comes back to it, in a sentence.
 *
 * @param {import("./kit/walk.js").Place} place
 * @param {{ winner: Tap, taps: Tap[], wins: Matrix, output_size: number }} found
 * @returns {string}
 */
function told({ row, column }, { winner, taps, wins, output_size: n }) {
  const equal = taps.filter((tap) => tap.value === winner.value).length;
  const count = wins[winner.row][winner.column];
  const tie = equal > 1 ? `, the first of ${equal} that are equal` : "";
  return (
    `Window (${row}, ${column}): the largest of ${plural(taps.length, "value")} is ${number(winner.value)}, ` +
    `at (${winner.row}, ${winner.column})${tie}. It wins in ${plural(count, "window")}, so ` +
    `${count === 1 ? "1 gradient arrives" : `${count} gradients are added`} there. Output ${n} by ${n}.`
  );
}

/**
 * Why there is no output.
 *
 * @param {State} state
 * @param {number} size
 * @returns {string}
 */
const noOutput = ({ pool_size: k, padding }, size) =>
  padding >= k
    ? `Padding ${padding} is not smaller than the pool, ${k}: a window would see nothing but padding.`
    : tooWide(k, size + 2 * padding, {
        window: "pool",
        input: "map",
        cure: "Make the pool smaller or the padding larger.",
      });

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);
  const { walk, input, result, paid, sum } = parts;

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { pool_size, stride, padding } = state;
    const size = found.image.length;
    const n = found.output_size;
    drawMaps(page, parts, found, state);
    parts.inputSize.textContent = `${size} × ${size}`;
    parts.outputSize.textContent = `${n} × ${n}`;
    parts.total.textContent = `${plural(n * n, "window")} in all`;
    parts.unused.textContent = hatched(n, found.unused);
    READY.forEach((one, i) => {
      const pressed = one.pool_size === pool_size && one.stride === stride && padding === 0;
      parts.ready[i].setAttribute("aria-pressed", String(pressed));
    });
    const sizes = { size, kernel_size: pool_size, stride, padding, output: n };
    parts.formula.replaceChildren(...(padding < pool_size ? sizeFormula(sizes, "pool") : []));
  }

  /**
   * The window under study: outlined, compared pixel by pixel, said in a sentence.
   *
   * @param {Found} found
   * @param {State} state
   */
  function mark(found, state) {
    const { pool_size: k, stride, padding } = state;
    const { image, winners, wins, output_size } = found;
    if (!output_size) {
      sayNoWindow(page, noOutput(state, image.length), { walk, sum });
      return;
    }
    const { row, column } = walk.place;
    const cell = Math.min(stride, k);
    const shift = (k - cell) / 2;
    const winner = winners[row][column];
    const taps = pooled(image, { pool_size: k, stride, padding }, row, column);
    input.outline(row * stride, column * stride, k);
    result.outline(row * stride + shift, column * stride + shift, cell);
    for (const map of [input, paid]) map.circle(winner.row + padding + 0.5, winner.column + padding + 0.5);
    walk.title.textContent = `Window (${row}, ${column})`;
    sum.replaceChildren(...comparison(taps, winner, shading(page, state.picture, image)));
    page.say(told({ row, column }, { winner, taps, wins, output_size }), walk.passing);
  }

  return page.start({ compute, update, mark, moves: ["row", "column"], stop: () => walk.pause() });
}

export default { traits, compute, render };
