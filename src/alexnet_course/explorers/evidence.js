/** The evidence explorer: a hypothesis about AlexNet's input, and what each piece of evidence says of it. */
import { paintOn } from "./kit/colours.js";
import { choice, slider, tick } from "./kit/controls.js";
import { h, number, plural, range, thousands } from "./kit/elements.js";
import { outputSize } from "./kit/maths.js";
import { heading, Page } from "./kit/page.js";
import { moved } from "./kit/pointer.js";
import { flag, whole, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */
/** @typedef {{ zeros: [number, number], convolutions: string, pools: string }} Rule */

const SMALLEST = 220;
const SIZES = range(SMALLEST, 232);

/**
 * Zeros before and after the row in conv1, and how convolutions and pools round.
 *
 * @type {Record<string, Rule>}
 */
const RULES = {
  "rounded down": { zeros: [0, 0], convolutions: "floor", pools: "floor" },
  "rounded up": { zeros: [0, 0], convolutions: "ceil", pools: "ceil" },
  "only pools rounded up": { zeros: [0, 0], convolutions: "floor", pools: "ceil" },
  "2 zeros on each side": { zeros: [2, 2], convolutions: "floor", pools: "floor" },
  "3 zeros on each side": { zeros: [3, 3], convolutions: "floor", pools: "floor" },
  "3 zeros at the end": { zeros: [0, 3], convolutions: "floor", pools: "floor" },
};
const NAMES = Object.keys(RULES);
const HYPOTHESES = NAMES.length * SIZES.length;

/** Every setting and what it may be, as in evidence.py. */
export const traits = {
  size: whole(SMALLEST, 232),
  rule: word(...NAMES),
  paper: flag(),
  files: flag(),
  program: flag(),
};

/**
 * The pieces of evidence: who says so, what, and where; whether it agrees with the number that a hypothesis gives,
 * as in evidence.py.
 *
 * @type {{ source: string, words: string, where: string, agrees: (said: number) => boolean }[]}
 */
const PIECES = [
  { source: "paper", words: "150,528 numbers go in", where: "Figure 2", agrees: (n) => n === 150_528 },
  { source: "paper", words: "2,048 views of an image", where: "section 4.1", agrees: (n) => n === 2048 },
  { source: "paper", words: "conv1 has 55 × 55 places", where: "Figure 2", agrees: (n) => n === 55 },
  { source: "paper", words: "conv2 has 186,624 units", where: "Figure 2", agrees: (n) => n === 186_624 },
  {
    source: "paper",
    words: "650,000 neurons (± 25,000)",
    where: "abstract",
    agrees: (n) => Math.abs(n - 650_000) <= 25_000,
  },
  {
    source: "paper",
    words: "60 million parameters (± 5 million)",
    where: "abstract",
    agrees: (n) => Math.abs(n - 60e6) <= 5e6,
  },
  { source: "files", words: "no padding in conv1", where: "layers-145.cfg, line 14", agrees: (n) => n === 0 },
  {
    source: "files",
    words: "5 divides the places of conv1",
    where: "layers-145.cfg, line 18",
    agrees: (n) => n === 0,
  },
  {
    source: "files",
    words: "run 147: 4 divides those of conv2",
    where: "layers-147.cfg, line 75",
    agrees: (n) => n === 0,
  },
  {
    source: "program",
    words: "a crop is 256 − 2 · border",
    where: "convdata.py, line 121",
    agrees: Number.isInteger,
  },
  { source: "program", words: "convolutions round up", where: "layer.py, line 1004", agrees: (n) => n === 1 },
  { source: "program", words: "pools round up", where: "layer.py, line 1164", agrees: (n) => n === 1 },
];
const SOURCES = { paper: "the paper", files: "the files of the runs", program: "the program" };

// ---- what follows from a hypothesis

/**
 * The side of a map after conv1, pool1, conv2, pool2, conv5 and pool5; conv3 and conv4 keep their size.
 *
 * @param {number} size
 * @param {string} rule
 * @param {{ pool: number, paddings: number[] }} run its pools, and the paddings of conv2 and conv5
 * @returns {number[]}
 */
function mapSides(size, rule, { pool, paddings }) {
  const { zeros, convolutions, pools } = RULES[rule];
  /** @type {[number, number, number, string][]} */
  const layers = [
    [11, 4, 0, convolutions],
    [pool, 2, 0, pools],
    [5, 1, paddings[0], convolutions],
    [pool, 2, 0, pools],
    [3, 1, paddings[1], convolutions],
    [pool, 2, 0, pools],
  ];
  /** @type {number[]} */
  const sides = [];
  let side = size + zeros[0] + zeros[1];
  for (const [kernel_size, stride, padding, rounding] of layers)
    sides.push((side = outputSize({ size: side, kernel_size, stride, padding, rounding })));
  return sides;
}

const RUN_145 = { pool: 3, paddings: [2, 1] };
const RUN_147 = { pool: 2, paddings: [1, 0] };
const FC6 = 4096;
const OTHER_UNITS = 2 * FC6 + 1000;
const OTHER_PARAMETERS = 23_212_392; // of all layers but fc6

/**
 * What a hypothesis says to each piece of evidence, as a number.
 *
 * @param {number} size
 * @param {string} rule
 * @returns {number[]}
 */
function saysOf(size, rule) {
  const { zeros, convolutions, pools } = RULES[rule];
  const [conv1, , conv2, pool2, conv5, pool5] = mapSides(size, rule, RUN_145);
  const others = mapSides(size, rule, RUN_147);
  return [
    3 * size ** 2,
    2 * (256 - size) ** 2, // as the paper counts: chapter 1
    conv1,
    256 * conv2 ** 2,
    96 * conv1 ** 2 + 256 * conv2 ** 2 + 2 * 384 * pool2 ** 2 + 256 * conv5 ** 2 + OTHER_UNITS,
    (256 * pool5 ** 2 + 1) * FC6 + OTHER_PARAMETERS,
    Math.max(...zeros),
    conv1 ** 2 % 5,
    others[2] ** 2 % 4,
    (256 - size) / 2,
    Number(convolutions === "ceil"),
    Number(pools === "ceil"),
  ];
}

/**
 * Whether each piece agrees with a hypothesis.
 *
 * @param {number} size
 * @param {string} rule
 * @returns {boolean[]}
 */
const agreesWith = (size, rule) => saysOf(size, rule).map((said, at) => PIECES[at].agrees(said));

const ALL = NAMES.map((rule) => SIZES.map((size) => agreesWith(size, rule)));

/**
 * Everything that follows from the settings, by its name in evidence.py.
 *
 * @param {State} state
 * @returns {{ sides: number[], sides_147: number[], says: number[], agrees: boolean[], trusted: number,
 *   agreed: number, agreeing: number[][], left: [string, number][] }}
 */
export function compute(state) {
  const { size, rule } = state;
  const trusts = PIECES.map(({ source }) => Boolean(state[source]));
  const count = (/** @type {boolean[]} */ agrees) => agrees.filter((yes, at) => yes && trusts[at]).length;
  const trusted = trusts.filter(Boolean).length;
  const agreeing = ALL.map((row) => row.map(count));
  const agrees = agreesWith(size, rule);
  return {
    sides: mapSides(size, rule, RUN_145),
    sides_147: mapSides(size, rule, RUN_147),
    says: saysOf(size, rule),
    agrees,
    trusted,
    agreed: count(agrees),
    agreeing,
    left: NAMES.flatMap((name, row) =>
      SIZES.filter((_, column) => agreeing[row][column] === trusted).map(
        (left) => /** @type {[string, number]} */ ([name, left]),
      ),
    ),
  };
}

// ---- the page

/**
 * What a hypothesis says to each piece, in words.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string[]}
 */
function answers({ says, sides, sides_147 }, { size, rule }) {
  const rest = (/** @type {number} */ side, /** @type {number} */ over) =>
    `${side}² = ${thousands(side ** 2)}, ${over ? `remainder ${over}` : "no remainder"}`;
  const direction = (/** @type {number} */ up) => (up ? "up" : "down");
  return [
    `${size}² · 3 = ${thousands(says[0])}`,
    `2 · ${256 - size}² = ${thousands(says[1])}`,
    `${sides[0]} × ${sides[0]}`,
    `${sides[2]}² · 256 = ${thousands(says[3])}`,
    thousands(says[4]),
    thousands(says[5]),
    says[6] ? rule : "none",
    rest(sides[0], says[7]),
    rest(sides_147[2], says[8]),
    `border ${number(says[9])}`,
    direction(says[10]),
    direction(says[11]),
  ];
}

/**
 * The table of all hypotheses: a line for each rule, a cell for each size.
 *
 * @param {Page} page
 */
function hypotheses(page) {
  const cells = NAMES.map((rule) =>
    SIZES.map((size) => h("b", { onclick: () => page.set({ rule, size }) }, "0")),
  );
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const { rule, size } = page.state;
    const last = { row: NAMES.length - 1, column: SIZES.length - 1 };
    const to = moved(event, { row: NAMES.indexOf(rule), column: size - SMALLEST }, last);
    if (!to) return;
    const within = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(0, Math.min(most, at));
    page.set({ rule: NAMES[within(to.row, last.row)], size: SIZES[within(to.column, last.column)] });
  };
  const head = SIZES.map((size) => h("span", { class: "size" }, String(size)));
  const lines = NAMES.flatMap((rule, row) => [h("span", { class: "rule" }, rule), ...cells[row]]);
  const el = h(
    "div",
    {
      class: "hypotheses",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "table of hypotheses",
      "aria-label": "Hypotheses: sizes by rules. Arrow keys choose one.",
      "aria-describedby": page.sentence.id,
      onkeydown,
    },
    h("span", { class: "rule" }),
    ...head,
    ...lines,
  );
  return { el, cells };
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const table = hypotheses(page);
  const [counted, tableTitle] = heading("Hypotheses");
  const [studied, listTitle] = heading("Evidence");
  const list = h("div", { class: "pieces" });
  const maps = h("p", { class: "note" });
  page.lay(
    [
      slider(page, "size", "Pixels of a crop"),
      choice(page, "rule", "Rule"),
      h(
        "div",
        { class: "trust" },
        ...Object.entries(SOURCES).map(([name, words]) => tick(page, name, `trust ${words}`)),
      ),
    ],
    [
      h("section", { class: "wide" }, h("p", { class: "title" }, ...tableTitle), table.el),
      h("section", { class: "wide" }, h("p", { class: "title" }, ...listTitle), list, maps),
    ],
  );
  return { table, counted, studied, list, maps };
}

/**
 * The pieces, by their sources: whether each agrees, what it says and where, and what the hypothesis says.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function piecesOf(found, state) {
  const said = answers(found, state);
  return Object.entries(SOURCES).flatMap(([source, title]) => {
    const trusted = state[source];
    const lines = PIECES.flatMap((piece, at) => {
      if (piece.source !== source) return [];
      const sign = found.agrees[at] ? "✓" : "✗";
      const words = found.agrees[at] ? "agrees" : "contradicts";
      return h(
        "div",
        { class: trusted ? "piece" : "piece out" },
        h("b", { role: "img", "aria-label": trusted ? words : "left out" }, trusted ? sign : "–"),
        h("span", {}, piece.words, h("small", {}, piece.where)),
        h("span", {}, said[at]),
      );
    });
    return [h("p", { class: "source" }, `In ${title}`), ...lines];
  });
}

/**
 * What is left, and how the hypothesis under study fares.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ agreed, trusted, left }, { size, rule }) {
  if (!trusted) return `Nothing is trusted, so all ${HYPOTHESES} hypotheses are left.`;
  const verb = left.length === 1 ? "agrees" : "agree";
  const only = left.length === 1 ? `: ${left[0][1]} pixels, ${left[0][0]}` : "";
  return (
    `${size} pixels, ${rule}: ${agreed} of ${plural(trusted, "piece")} agree. ` +
    `Of ${HYPOTHESES} hypotheses ${left.length} ${verb} with all that is trusted${only}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const { table, counted, studied, list, maps } = layout(page);

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { agreeing, trusted, sides, sides_147 } = found;
    table.cells.forEach((line, row) =>
      line.forEach((cell, column) => {
        const count = agreeing[row][column];
        const here = NAMES[row] === state.rule && SIZES[column] === state.size;
        cell.textContent = String(count);
        cell.style.cssText = paintOn(page.colours.signed(count, trusted || 1));
        cell.className = `${count === trusted ? "all" : ""} ${here ? "here" : ""}`;
      }),
    );
    counted.textContent = `how many of ${plural(trusted, "piece")} agree; framed: all`;
    studied.textContent = `${state.size} pixels, ${state.rule}`;
    list.replaceChildren(...piecesOf(found, state));
    maps.textContent =
      `Maps after conv1, pool1, conv2, pool2, conv5, pool5: ${sides.join(", ")}; ` +
      `in run 147: ${sides_147.join(", ")}.`;
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
