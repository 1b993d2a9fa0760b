/** What a unit of a network computes, written out: its window, its filter, its largest terms, and their sum. */
import { chip, line } from "./text.js";
import { factor, h, number, plural, range, thousands } from "./elements.js";

/** @typedef {import("./arithmetic.js").Arithmetic} Arithmetic */
/** @typedef {import("./colours.js").Colour} Colour */
/** @typedef {import("./elements.js").Child} Child */
/** @typedef {(v: number, most: number) => Colour} Signed */

const TERMS = 5; // written out
const CARDS = 6; // maps whose part of the window is shown
const DECIMALS = 3;
const LISTED = 600; // terms of a sum that can be read one by one
const EXACT = 6; // decimals that they have there

/**
 * A unit in its stage.
 *
 * @typedef {object} Unit
 * @property {string} kind of the stage
 * @property {string} before name of the stage before
 * @property {number} map
 * @property {number} [top] first row of its window
 * @property {number} [left]
 * @property {number} [side]
 * @property {number[]} shape_before of the stage before
 * @property {boolean} rectified whether ReLU follows
 * @property {string[]} labels names of the classes
 * @property {string[]} channels names of the maps of the stage before, where they have some
 * @property {Signed} signed
 */

const short = (/** @type {number} */ v) => number(v, DECIMALS);
const rounded = (/** @type {number} */ v) => Number(v.toFixed(DECIMALS));
const magnitude = (/** @type {ArrayLike<number>} */ values) =>
  Math.max(1e-9, ...Array.from(values, (v) => Math.abs(v)));

/**
 * The places of the largest numbers of a row; of equal ones the first comes first. Only these are put in order: a row
 * may have fifty thousand.
 *
 * @param {ArrayLike<number>} values
 * @param {number} count
 * @param {(v: number) => number} [by] what is large; magnitudes by default
 * @returns {number[]}
 */
export function largestOf(values, count, by = Math.abs) {
  /** @type {number[]} */
  const places = [];
  for (let i = 0; i < values.length; i++) {
    if (places.length === count && !(by(values[i]) > by(values[places[count - 1]]))) continue;
    let to = places.length;
    while (to && by(values[i]) > by(values[places[to - 1]])) to--;
    places.splice(to, 0, i);
    places.length = Math.min(places.length, count);
  }
  return places;
}

/**
 * @typedef {object} Sum
 * @property {ArrayLike<number>} terms
 * @property {number} bias
 * @property {number} value the whole
 * @property {(at: number, decimals: number) => Child} words what a term is
 * @property {number} [count] how many terms are written out
 * @property {string} [total] what the whole is called
 * @property {boolean} [all] whether all terms are listed on demand, where they are not too many
 */

/**
 * A few terms of a sum, the sum of the others, the bias, and the whole. The others' sum is what is left of the rounded
 * whole, so that the lines add up as they stand.
 *
 * @param {Sum} sum
 * @returns {HTMLElement[]}
 */
export function sumLines(sum) {
  const { terms, bias, value, words, count = TERMS, total = "sum", all = false } = sum;
  const first = largestOf(terms, count).filter((at) => terms[at] !== 0);
  const rest = rounded(value) - rounded(bias) - first.reduce((sum, at) => sum + rounded(terms[at]), 0);
  const others = terms.length - first.length;
  const left = /** @type {const} */ ([`${plural(others, "other term")} together`, short(rest)]);
  return [
    ...first.map((at) => line(words(at, DECIMALS), short(terms[at]))),
    ...(others ? [all && terms.length <= LISTED ? folded(left, sum) : line(...left)] : []),
    line("bias", short(bias)),
    line(total, h("strong", {}, short(value)), "total"),
  ];
}

/**
 * A line that opens on all terms of the sum, exact enough to be added up by hand. They are written when it opens: few
 * readers will want them.
 *
 * @param {readonly [words: string, value: string]} line
 * @param {Sum} sum
 */
function folded([together, rest], { terms, bias, words }) {
  const list = h("div", { class: "all", tabindex: 0, role: "group", "aria-label": "All terms" });
  const write = () => {
    const counted = range(0, terms.length - 1).filter((at) => terms[at] !== 0);
    const which =
      counted.length === terms.length ? `All ${thousands(terms.length)} terms` : "The terms other than 0";
    list.replaceChildren(
      h("p", { class: "note" }, `${which} and the bias add up to the sum.`),
      ...counted.map((at) => line(words(at, EXACT), number(terms[at], EXACT))),
      line("bias", number(bias, EXACT)),
    );
  };
  const ontoggle = () => list.firstChild || write();
  return h(
    "details",
    { class: "others", ontoggle },
    h("summary", { class: "line" }, together, h("span", {}, rest)),
    list,
  );
}

/**
 * A square of cells in colours; its numbers are read when pointed at.
 *
 * @param {number[]} values
 * @param {number} side
 * @param {(v: number) => Colour} colour
 * @param {number} [ringed] the cell with a ring
 * @returns {HTMLElement}
 */
const cells = (values, side, colour, ringed) =>
  h(
    "span",
    { class: "cells", style: `grid-template-columns:repeat(${side},auto)` },
    ...values.map((v, i) =>
      chip(colour(v), number(v, Math.abs(v) < 10 ? 1 : 0), {
        title: short(v),
        class: i === ringed ? "ring" : undefined,
      }),
    ),
  );

/**
 * What a unit computes.
 *
 * @param {Unit} unit
 * @param {Arithmetic} found
 * @returns {{ pictures: HTMLElement[], lines: HTMLElement[] }}
 */
export function written(unit, found) {
  const make = { convolution, dense, pooling, normalization, average, softmax }[unit.kind];
  if (make) return make(unit, found);
  const words =
    unit.kind === "flatten" ? `${placed(unit, unit.map)} of ${unit.before}` : "what the network gets";
  return { pictures: [], lines: [line(words, short(found.passed), "total")] };
}

/**
 * Where a number of a flattened stage comes from.
 *
 * @param {Unit} unit
 * @param {number} at
 */
function placed({ shape_before: [, columns, maps] }, at) {
  if (columns === undefined) return `unit ${at}`;
  const pixel = Math.floor(at / maps);
  return `map ${at % maps}, row ${Math.floor(pixel / columns)}, column ${pixel % columns}`;
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function passes({ rectified }, { value = 0, passed }) {
  if (!rectified) return [];
  const words = value > 0 ? "ReLU lets it pass" : "ReLU stops it";
  return [line(words, h("strong", {}, short(passed)))];
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function convolution(unit, found) {
  const named = (/** @type {number} */ map) => unit.channels[map] ?? `map ${map}`;
  const { window = new Float32Array(), filter = new Float32Array(), bias = 0, value = 0, first = 0 } = found;
  const { top = 0, left = 0, side = 1, signed, shape_before } = unit;
  const count = window.length / side ** 2;
  const terms = Float64Array.from(window, (v, i) => v * filter[i]);
  const sums = range(0, count - 1).map((c) => {
    let sum = 0;
    for (let i = c; i < terms.length; i += count) sum += terms[i];
    return sum;
  });
  const [most, heaviest] = [magnitude(window), magnitude(filter)];
  const pick = (/** @type {Float32Array} */ values, /** @type {number} */ c) =>
    range(0, side ** 2 - 1).map((i) => values[i * count + c]);
  const shown = largestOf(sums, CARDS);
  const cards = shown.map((c) =>
    h(
      "figure",
      {},
      cells(pick(window, c), side, (v) => signed(v, most)),
      h("span", {}, "×"),
      cells(pick(filter, c), side, (v) => signed(v, heaviest)),
      h("figcaption", {}, `${named(first + c)}: ${short(sums[c])}`),
    ),
  );
  const all = shape_before[2];
  const sees =
    count < all
      ? `It sees maps ${first} to ${first + count - 1} of ${all}: its group.`
      : `It sees ${all > 1 ? `all ${all} maps` : "one map"}.`;
  const more = count > CARDS ? ` The ${CARDS} that add most, up or down:` : "";
  const note = h("p", { class: "note" }, `${sees}${more}`);
  const words = (/** @type {number} */ at, /** @type {number} */ decimals) => {
    const pixel = Math.floor(at / count);
    const [row, column] = [top + Math.floor(pixel / side), left + (pixel % side)];
    return `${named(first + (at % count))} (${number(row)}, ${number(column)}): ${number(window[at], decimals)} × ${factor(filter[at], decimals)}`;
  };
  return {
    pictures: [note, h("div", { class: "cards" }, ...cards)],
    lines: [...sumLines({ terms, bias, value, words, all: true }), ...passes(unit, found)],
  };
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function dense(unit, found) {
  const { window = new Float32Array(), filter = new Float32Array(), bias = 0, value = 0 } = found;
  const terms = Float64Array.from(window, (v, i) => v * filter[i]);
  const words = (/** @type {number} */ at, /** @type {number} */ decimals) =>
    `${placed(unit, at)}: ${number(window[at], decimals)} × ${factor(filter[at], decimals)}`;
  const note = h(
    "p",
    { class: "note" },
    `It sees all ${thousands(window.length)} numbers of ${unit.before}.`,
  );
  return {
    pictures: [note],
    lines: [...sumLines({ terms, bias, value, words, all: true }), ...passes(unit, found)],
  };
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function pooling({ top = 0, left = 0, side = 1, map, signed }, { window = new Float32Array(), passed }) {
  const winner = window.indexOf(passed);
  const most = magnitude(window);
  const [row, column] = [top + Math.floor(winner / side), left + (winner % side)];
  return {
    pictures: [
      h("p", { class: "note" }, `Its window on map ${map}; the largest wins.`),
      h(
        "div",
        { class: "cards" },
        h(
          "figure",
          {},
          cells([...window], side, (v) => signed(v, most), winner),
        ),
      ),
    ],
    lines: [line(`the largest, from row ${row}, column ${column}`, h("strong", {}, short(passed)), "total")],
  };
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function normalization({ map }, found) {
  const { neighbours = new Float32Array(), first = 0, sum = 0, passed, k = 0, alpha = 0, beta = 0 } = found;
  return {
    pictures: [h("p", { class: "note" }, "Its number and its neighbours' at the same place, squared:")],
    lines: [
      ...Array.from(neighbours, (v, i) => line(`map ${first + i}: ${short(v)}²`, short(v * v))),
      line("together", short(sum), "total"),
      line(`(${k} + ${alpha} × that) to the power of ${beta}`, number((k + alpha * sum) ** beta, 4)),
      line(`${short(neighbours[map - first])} divided by it`, h("strong", {}, number(passed, 4))),
    ],
  };
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function average({ map, labels, before }, { window = new Float32Array(), passed }) {
  const sum = window.reduce((total, v) => total + v, 0);
  return {
    pictures: [
      h("p", { class: "note" }, `The mean of map ${map} of ${before}: ${labels[map] ?? "a class"}.`),
    ],
    lines: [
      line(
        `${plural(window.filter((v) => v > 0).length, "place")} of ${window.length} above 0, together`,
        short(sum),
      ),
      line(`divided by ${window.length}`, h("strong", {}, short(passed)), "total"),
    ],
  };
}

/**
 * @param {Unit} unit
 * @param {Arithmetic} found
 */
function softmax({ map, labels }, { window = new Float32Array(), passed }) {
  const most = Math.max(...window);
  const own = Math.exp(window[map] - most);
  const sum = window.reduce((total, v) => total + Math.exp(v - most), 0);
  return {
    pictures: [h("p", { class: "note" }, `Class ${map}: ${labels[map] ?? ""}.`)],
    lines: [
      line(`score ${short(window[map])}, less the largest, ${short(most)}`, short(window[map] - most)),
      line("its exponential", number(own, 5)),
      line(`divided by the sum over ${thousands(window.length)} classes`, short(sum)),
      line("probability", h("strong", {}, number(passed, 4)), "total"),
    ],
  };
}
