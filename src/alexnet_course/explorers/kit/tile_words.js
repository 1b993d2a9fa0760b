/** The tile's network in words: what a number is called, what it is made of, and what its gradient adds up. */
import { factor, h, number, plural } from "./elements.js";
import { line } from "./text.js";
import { CLASSES, IMAGE, KERNEL, MAP, MAPS, pixel, POOL, POOLS, SUMS } from "./tile_network.js";

/** @typedef {import("./tile_network.js").Place} Place */
/** @typedef {import("./tile_network.js").Run & { gradients: import("./tile_network.js").Parts }} Network */

const UNITS = 4;

/**
 * A number as the chapter prints it: four decimals unless it is whole.
 *
 * @param {number} v
 * @returns {string}
 */
export const written = (v) => (Number.isFinite(v) ? number(v, 4) : Number.isNaN(v) ? "no number" : "∞");
const inBrackets = (/** @type {number} */ v) => factor(v, 4);

/** Row, column and map of a number that is stored by rows, columns, maps. */
const spot = (/** @type {number} */ index, /** @type {number} */ side) => ({
  m: index % MAPS,
  row: Math.floor(index / MAPS / side),
  column: Math.floor(index / MAPS) % side,
});
const between = (/** @type {number} */ index, /** @type {number} */ outputs) => ({
  from: Math.floor(index / outputs),
  to: index % outputs,
});

/**
 * What a number is called.
 *
 * @type {Record<string, (index: number) => string>}
 */
const NAMES = {
  image: (i) => `pixel (${Math.floor(i / IMAGE)}, ${i % IMAGE})`,
  kernels: (i) => {
    const { m, row, column } = spot(i, KERNEL);
    return `weight (${row}, ${column}) of filter ${m}`;
  },
  biases: (i) => `bias of filter ${i}`,
  responses: (i) => {
    const { m, row, column } = spot(i, MAP);
    return `response (${row}, ${column}) of map ${m}`;
  },
  pooled: (i) => {
    const { m, row, column } = spot(i, POOL);
    return `f${i}, pool (${row}, ${column}) of map ${m}`;
  },
  "hidden weights": (i) => `weight from f${between(i, UNITS).from} to h${between(i, UNITS).to}`,
  "hidden biases": (i) => `bias of h${i}`,
  hidden: (i) => `h${i} before ReLU`,
  active: (i) => `h${i} after ReLU`,
  "output weights": (i) =>
    `weight from h${between(i, CLASSES.length).from} to ${CLASSES[between(i, CLASSES.length).to]}`,
  "output biases": (i) => `bias of ${CLASSES[i]}`,
  logits: (i) => `logit of ${CLASSES[i]}`,
  shares: (i) => `share of ${CLASSES[i]}`,
  loss: () => "loss",
};

/**
 * What the number at a place is called: h2 before ReLU.
 *
 * @param {Place} place
 * @returns {string}
 */
export const nameOf = ({ part, index }) => NAMES[part](index);

/**
 * A text with a capital at its start.
 *
 * @param {string} text
 * @returns {string}
 */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * Where a number comes from: the numbers it is made of, and how.
 *
 * @param {Network} found
 * @param {Place} place
 * @param {string} picture
 * @returns {{ places: Place[], text: string }}
 */
export function origin({ values, winners }, { part, index }, picture) {
  const layer = SUMS.find(({ to }) => to === part);
  const value = written(values[part]?.[index]);
  if (layer) {
    const { from, weights, biases } = layer;
    const products = layer.products.filter(({ to }) => to === index);
    const terms = products
      .map((product) => [values[from][product.from], values[weights][product.weight]])
      .filter(([x, w]) => x && w)
      .map(([x, w]) => `${inBrackets(x)}·${inBrackets(w)}`);
    const bias = index % values[biases].length;
    const none = products.length - terms.length;
    const dropped = none ? ` (${plural(none, "other product")} ${none === 1 ? "is" : "are"} 0.)` : "";
    return {
      places: [
        ...products.map((product) => ({ part: from, index: product.from })),
        ...products.map((product) => ({ part: weights, index: product.weight })),
        { part: biases, index: bias },
      ],
      text: `${[...terms, `bias ${inBrackets(values[biases][bias])}`].join(" + ")} = ${value}.${dropped}`,
    };
  }
  if (part === "pooled") {
    const winner = { part: "responses", index: winners[index] };
    const { row, column } = spot(winners[index], MAP);
    const ties = POOLS[index].filter((i) => values.responses[i] === values.responses[winners[index]]).length;
    const tied = value !== "0" && ties > 1 ? `; ${ties} are as large, and the first wins` : "";
    return {
      places: [winner],
      text: `The largest of nine after ReLU: ${value}, at (${row}, ${column})${tied}.`,
    };
  }
  if (part === "active")
    return {
      places: [{ part: "hidden", index }],
      text: `max(${written(values.hidden[index])}, 0) = ${value}.`,
    };
  if (part === "shares") {
    const sum = values.logits.reduce((all, z) => all + Math.exp(z), 0);
    return {
      places: CLASSES.map((_, c) => ({ part: "logits", index: c })),
      text: `exp(${written(values.logits[index])}) / ${written(sum)}, the sum of all three: ${value}.`,
    };
  }
  if (part === "loss") {
    const truth = CLASSES.indexOf(picture);
    return {
      places: [{ part: "shares", index: truth }],
      text: `−log ${written(values.shares[truth])}, the share of the truth, ${picture}: ${value}.`,
    };
  }
  if (part === "image") {
    const { own, mean } = pixel(picture, index);
    return { places: [], text: `The pixel, ${own}, less that of the mean image, ${mean}: ${value}.` };
  }
  return { places: [], text: `${value}: a parameter. Nothing computes it; training moves it.` };
}

/**
 * @typedef {object} Payment what one of the numbers that use a number hands back to it
 * @property {Place} place who pays
 * @property {number} gradient its gradient
 * @property {number} slope how much it changes per unit of the number
 */

/**
 * Where a number goes: who uses it, and with which slope.
 *
 * @param {Network} found
 * @param {Place} place
 * @returns {Payment[]}
 */
function payments({ values, gradients, winners }, { part, index }) {
  const pay = (/** @type {string} */ by, /** @type {number} */ at, slope = 1) => ({
    place: { part: by, index: at },
    gradient: gradients[by][at],
    slope,
  });
  for (const { to, from, weights, biases, products } of SUMS) {
    if (part === from)
      return products
        .filter((product) => product.from === index)
        .map((product) => pay(to, product.to, values[weights][product.weight]));
    if (part === weights)
      return products
        .filter((product) => product.weight === index)
        .map((product) => pay(to, product.to, values[from][product.from]));
    if (part === biases)
      return values[to].flatMap((_, i) => (i % values[biases].length === index ? [pay(to, i)] : []));
  }
  if (part === "responses")
    return winners.flatMap((winner, pool) => (winner === index ? [pay("pooled", pool)] : []));
  if (part === "hidden") return [pay("active", index)];
  return [];
}

/**
 * Where a number goes when a sum of payments does not say it: who uses it, and its gradient in words.
 *
 * @param {Network} found
 * @param {Place} place
 * @param {number} truth
 * @returns {{ places: Place[], text: string }}
 */
function head({ values, gradients }, { part, index }, truth) {
  const value = written(gradients[part][index]);
  if (part === "logits") {
    const share = written(values.shares[index]);
    return {
      places: CLASSES.map((_, c) => ({ part: "shares", index: c })),
      text: `Share minus truth: ${share} − ${Number(index === truth)} = ${value}.`,
    };
  }
  if (part === "shares")
    return index === truth
      ? {
          places: [{ part: "loss", index: 0 }],
          text: `The slope of −log p: −1 / ${written(values.shares[index])} = ${value}.`,
        }
      : { places: [], text: "The loss reads the share of the truth alone: 0." };
  return { places: [], text: "Here it begins: the loss changes by 1 per unit of itself." };
}

/**
 * The gradient of a number as lines of a sum.
 *
 * @param {Network} found
 * @param {Place} place
 * @param {{ picture: string, assign: boolean }} state
 * @returns {{ places: Place[], lines: (HTMLElement | string)[] }}
 */
export function destination(found, place, { picture, assign }) {
  const { part, index } = place;
  if (["logits", "shares", "loss"].includes(part)) {
    const { places, text } = head(found, place, CLASSES.indexOf(picture));
    return { places, lines: [text] };
  }
  const all = payments(found, place);
  const gated = ["responses", "hidden"].includes(part);
  const shown = gated ? all : all.filter(({ gradient, slope }) => gradient && slope);
  const rows = shown.map(({ place: by, gradient, slope }) =>
    line(
      nameOf(by),
      gated
        ? written(gradient)
        : `${inBrackets(gradient)} · ${inBrackets(slope)} = ${written(gradient * slope)}`,
    ),
  );
  const rest = all.length - shown.length;
  if (!all.length) rows.push(line("It is the largest of no pool: nobody pays", "0"));
  if (rest)
    rows.push(
      line(`${plural(rest, shown.length ? "other" : "number")} that ${rest === 1 ? "uses" : "use"} it`, "0"),
    );
  if (part === "responses" && assign && all.length > 1)
    rows.push(line("= keeps the last of them", written(all[all.length - 1].gradient)));
  if (gated) {
    const value = found.values[part][index];
    rows.push(
      line(`ReLU at ${written(value)} ${value > 0 ? "lets it pass" : "stops it"}`, `· ${Number(value > 0)}`),
    );
  }
  rows.push(line("Gradient", h("strong", {}, written(found.gradients[part][index])), "total"));
  return { places: all.map(({ place: by }) => by), lines: rows };
}
