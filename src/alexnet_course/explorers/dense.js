/** The dense explorer: twelve features, four hidden units, and the wires between them. */
import { paintOn } from "./kit/colours.js";
import { choice } from "./kit/controls.js";
import { equals, factor, h, largest, number, parse, range } from "./kit/elements.js";
import { dense, flattenOrder, rectify } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { chip, line } from "./kit/text.js";
import { list, whole, word } from "./kit/traits.js";
import { Features, Units, wires } from "./kit/wires.js";
import TILE_NETWORK from "./made/tile_network.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */
/** @typedef {(value: number) => import("./kit/colours.js").Colour} Shade */

const {
  pooled: TILES,
  hidden_weight: hiddenWeight,
  hidden_bias: hiddenBias,
  output_weight: outputWeight,
  output_bias: outputBias,
} = TILE_NETWORK;
/** @type {Record<string, number[]>} */
const tiles = TILES;
const SHAPE = [2, 2, 3];
const CLASSES = Object.keys(tiles);
const FEATURES = hiddenWeight.length;
const UNITS = hiddenBias.length;

/**
 * The name of a tile, or a row of numbers; a link writes ear or 1,0,2,…
 *
 * @param {string[]} words
 * @param {number} length
 * @param {number} limit
 */
const tileOrNumbers = (words, length, limit) => {
  const numbers = list(length, length, limit);
  return {
    ...numbers,
    words,
    shortest: length,
    accepts: (/** @type {any} */ value) => words.includes(value) || numbers.accepts(value),
    read: (/** @type {string} */ text) => (words.includes(text) ? text : numbers.read(text)),
    write: (/** @type {any} */ value) => (typeof value === "string" ? value : numbers.write(value)),
  };
};

/** Every setting and what it may be, as in dense.py. */
export const traits = {
  picture: tileOrNumbers(CLASSES, FEATURES, 99),
  order: word("H, W, C", "C, H, W"),
  unit: whole(0, UNITS - 1),
};

/** The features that a hidden unit reads, by index: those whose weight is not 0. */
const readBy = (/** @type {number} */ unit) => range(0, FEATURES - 1).filter((i) => hiddenWeight[i][unit]);

/**
 * Everything that follows from the settings, by its name in dense.py.
 *
 * @param {State} state
 * @returns {{ stored: number[], places: number[], features: number[], hidden: number[], active: number[],
 *   logits: number[], read: number[] }}
 */
export function compute({ picture, order, unit }) {
  /** @type {number[]} */
  const stored = typeof picture === "string" ? tiles[picture] : picture;
  const places = flattenOrder(SHAPE, order);
  const features = places.map((place) => stored[place]);
  const hidden = dense(features, hiddenWeight, hiddenBias);
  const [active] = rectify([hidden]);
  const logits = dense(active, outputWeight, outputBias);
  return { stored, places, features, hidden, active, logits, read: readBy(unit) };
}

/** Where pooled number i, stored by rows, columns, maps, comes from. */
const origin = (/** @type {number} */ i) => ({
  map: i % SHAPE[2],
  row: Math.floor(i / SHAPE[2] / SHAPE[1]),
  column: Math.floor(i / SHAPE[2]) % SHAPE[1],
});

/**
 * What the network says: the class of the largest score, or those that share it.
 *
 * @param {number[]} logits
 * @returns {string}
 */
function verdict(logits) {
  const best = CLASSES.filter((_, c) => logits[c] > Math.max(...logits) - 1e-9);
  return best.length > 1 ? `a tie of ${best.join(" and ")}` : best[0];
}

/** The scores by class: ear 1, stripe 2, whisker 0. */
const scores = (/** @type {number[]} */ logits) =>
  CLASSES.map((name, c) => `${name} ${number(logits[c])}`).join(", ");

// ---- the pooled maps, the sum, the layers

/**
 * The pooled maps as squares, each number with the feature that it becomes; what the unit reads is set off.
 *
 * @param {Found} found
 * @param {number} studied
 * @param {import("./kit/wires.js").Paint} paint
 * @returns {HTMLElement[]}
 */
function pooledMaps({ stored, places }, studied, paint) {
  const cell = (/** @type {number} */ place) => {
    const i = places.indexOf(place);
    const attributes = { style: paint(stored[place]), class: hiddenWeight[i][studied] ? "here" : "" };
    return h("b", attributes, number(stored[place]), h("small", {}, `f${i}`));
  };
  return range(0, SHAPE[2] - 1).map((map) => {
    const cells = range(0, FEATURES - 1).filter((place) => origin(place).map === map);
    return h("div", {}, h("span", {}, `map ${map}`), h("div", {}, ...cells.map(cell)));
  });
}

/**
 * What a unit makes of what it reads, as a sum.
 *
 * @param {Found} found
 * @param {number} unit
 * @param {{ feature: Shade, weight: Shade, unit: Shade }} shade
 * @returns {HTMLElement[]}
 */
function written({ features, hidden }, unit, shade) {
  const read = readBy(unit);
  const bias = hiddenBias[unit];
  const value = hidden[unit];
  const product = (/** @type {number} */ i) => {
    const weight = hiddenWeight[i][unit];
    const terms = h(
      "span",
      {},
      `f${i}`,
      chip(shade.feature(features[i]), number(features[i])),
      "·",
      chip(shade.weight(weight), number(weight)),
    );
    return line(h("span", { class: "terms" }, terms), number(features[i] * weight));
  };
  return [
    ...read.map(product),
    line(`${FEATURES - read.length} products with weight 0`, "0"),
    line(`sum of ${FEATURES} products`, number(value - bias), "total"),
    line("bias", number(bias)),
    line("before ReLU", [`${equals(value)} `, chip(shade.unit(value), number(value))], "result"),
  ];
}

/**
 * The same in a sentence, and what the network makes of it all.
 *
 * @param {Found} found
 * @param {number} unit
 * @returns {string}
 */
function told({ features, hidden, logits }, unit) {
  const terms = readBy(unit).map((i) => `${factor(features[i])}·${factor(hiddenWeight[i][unit])}`);
  const value = hidden[unit];
  return (
    `Unit ${unit}: ${terms.join(" + ")} + ${number(hiddenBias[unit])} ${equals(value)} ${number(value)}. ` +
    `The scores are ${scores(logits)}; the largest: ${verdict(logits)}.`
  );
}

/**
 * What each layer holds, and what comes out of the last, as a list of names and texts.
 *
 * @param {Found} found
 * @returns {HTMLElement[]}
 */
function layers({ logits }) {
  const size = (/** @type {number} */ inputs, /** @type {number} */ outputs) =>
    `${inputs} × ${outputs} weights + ${outputs} biases = ` +
    `${inputs * outputs + outputs} parameters, ${inputs * outputs} products`;
  const rows = [
    ["hidden", size(FEATURES, UNITS)],
    ["output", size(UNITS, CLASSES.length)],
    ["scores", scores(logits)],
    ["largest", verdict(logits)],
  ];
  return rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]);
}

// ---- the page

const LEGEND =
  "Type another number over a feature. Above it, its map; below it, its index and its weight for this unit. " +
  "Solid wire: weight 1; dashed: −1; faint: 0.";

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {(i: number, text: string) => void} type is called with what was typed into feature i
 */
function layout(page, type) {
  const features = new Features(hiddenWeight, type);
  const units = new Units(page, UNITS);
  const [order, orderTitle] = heading("Features");
  const [shape, mapsTitle] = heading("Pooled maps");
  const view = { viewBox: "0 0 1200 100", preserveAspectRatio: "none", "aria-hidden": "true" };
  const wiring = h("svg", { class: "wires", ...view });
  const maps = h("div", { class: "pooled" });
  const sum = h("div");
  const sumTitle = new Text();
  const sizes = h("dl", { class: "sizes" });
  page.lay(
    [choice(page, "picture", "Picture", CLASSES), choice(page, "order", "Flatten order")],
    [
      panel(mapsTitle, maps),
      panel([sumTitle], sum),
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, ...orderTitle),
        features.el,
        wiring,
        units.el,
        h("p", { class: "note" }, LEGEND),
      ),
      h("section", { class: "wide" }, h("p", { class: "title" }, "The layers"), sizes),
    ],
  );
  shape.textContent = SHAPE.join(" × ");
  return { features, units, order, wiring, maps, sum, sumTitle, sizes };
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page, (i, text) => {
    const { stored, places } = compute(page.state);
    const typed = parse(text);
    if (Math.abs(typed) <= traits.picture.limit) page.set({ picture: stored.with(places[i], typed) });
    page.schedule(); // also when it is no number: it goes back to what it was
  });
  const { features, units, maps, sum } = parts;

  /**
   * The colours of features, weights and units: functions of a value.
   *
   * @param {Found} found
   * @returns {{ feature: Shade, weight: Shade, unit: Shade }}
   */
  const shades = ({ features: values, hidden }) => {
    const most = largest([values]);
    const loudest = largest([hidden]);
    return {
      feature: (value) => page.colours.signed(value, most),
      weight: (value) => page.colours.signed(value, 1),
      unit: (value) => page.colours.signed(value, loudest),
    };
  };

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const shade = shades(found);
    parts.order.textContent = `flattened ${state.order}`;
    features.show(found.features, found.places.map(origin), (value) => paintOn(shade.feature(value)));
    units.show(found.hidden, found.active, (value) => paintOn(shade.unit(value)));
    parts.sizes.replaceChildren(...layers(found));
  }

  /**
   * The unit under study: its wires, its features, its sum.
   *
   * @param {Found} found
   * @param {State} state
   */
  function mark(found, state) {
    const { studied } = units;
    const shade = shades(found);
    units.mark(state.unit);
    features.mark(studied);
    parts.wiring.replaceChildren(...wires(hiddenWeight, studied));
    maps.replaceChildren(...pooledMaps(found, studied, (value) => paintOn(shade.feature(value))));
    parts.sumTitle.data = `Unit ${studied}`;
    sum.replaceChildren(...written(found, studied, shade));
    page.say(told(found, studied), units.preview !== undefined);
  }

  return page.start({ compute, update, mark, moves: ["unit"] });
}

export default { traits, compute, render };
