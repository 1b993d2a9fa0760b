/** Covers on a photograph: where they can lie, their pixels, and what was answered behind them beforehand. */
import { SIDE } from "./crop.js";
import { range } from "./elements.js";
import { NAMES } from "./photographs.js";
import MADE from "../made/occlusion.json" with { type: "json" };

/** @typedef {import("./page.js").State} State */
/** @typedef {{ falls: (number | undefined)[][], leaders: [string, number][] }} Mapped what is behind a cover everywhere */

export const PLACES = 15;
export const LAST = PLACES - 1;
export const SIZES = [31, 45, 59];
export const SMALLEST = 11;
export const LARGEST = 113;
export const KINDS = ["mean of ImageNet", "mean of the photograph", "black", "white", "noise"];
export const OWN = "a colour of your own";
const GRAIN = 59; // pixels after which the noise begins again
export const CHELSEA = NAMES[0];
/** @type {Record<string, any>} */
const STORED = MADE;
/** Her square, as the address of an image. */
export const CHELSEA_DRAWN = MADE.photograph;

/**
 * The rows at which a map's covers begin, and the columns: the last one ends at the edge.
 *
 * @param {number} size
 * @returns {number[]}
 */
export const placesOf = (size) =>
  range(0, LAST).map((at) => Math.floor((2 * at * (SIDE - size) + LAST) / (2 * LAST)));

/** Noise by the generator of occlusion.py, GRAIN by GRAIN pixels; computed when it is first asked for. */
const grain = (() => {
  /** @type {number[][][]} */
  let made = [];
  return () => {
    if (!made.length) {
      let state = 1;
      const byte = () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0) >>> 24;
      const all = range(1, GRAIN);
      made = all.map(() => all.map(() => [byte(), byte(), byte()]));
    }
    return made;
  };
})();

/**
 * The cover as rows of pixels.
 *
 * @param {State} state
 * @returns {number[][][]}
 */
export function patchOf({ photograph, size, cover, colour }) {
  const all = range(0, size - 1);
  if (cover === "noise") return all.map((row) => all.map((column) => grain()[row % GRAIN][column % GRAIN]));
  const { colour: mean } = STORED.photographs[photograph];
  const filled = cover === OWN ? colour : (STORED.colours[cover] ?? mean);
  return all.map(() => all.map(() => filled));
}

/**
 * The whole numbers that a text holds, two base-36 digits each.
 *
 * @param {string} text
 * @returns {number[]}
 */
const numbers = (text) => (text.match(/../g) ?? []).map((pair) => parseInt(pair, 36));

/**
 * The probability of what is followed on a photograph, without a cover.
 *
 * @param {string} photograph
 * @returns {number}
 */
export const wholeOf = (photograph) => numbers(STORED.photographs[photograph].uncovered)[0] / 1000;

/** The name of a class by its number. */
const named = (/** @type {number} */ place) => /** @type {string} */ (STORED.names[String(place)]);
const odd = (/** @type {number} */ _, /** @type {number} */ i) => i % 2 === 1;
const even = (/** @type {number} */ _, /** @type {number} */ i) => i > 0 && i % 2 === 0;

/** @type {Record<string, number[][][]>} */
const read = {};

/**
 * What was answered to Chelsea behind a cover at every place of a map: first the thousandths of the three cats
 * together, then for each of the five best its class and thousandths.
 *
 * @param {State} state
 * @returns {number[][][] | undefined}
 */
export function answersTo({ photograph, cover, size }) {
  const key = `${cover} ${size}`;
  /** @type {string[] | undefined} */
  const rows = photograph === CHELSEA ? STORED[key] : undefined;
  const { length } = STORED.photographs[CHELSEA].uncovered;
  const split = (/** @type {string} */ row) =>
    range(0, LAST).map((i) => numbers(row.slice(i * length, (i + 1) * length)));
  return rows && (read[key] ??= rows.map(split));
}

/**
 * One of these answers.
 *
 * @param {number[]} answer
 * @returns {import("./occlusion_session.js").Answer}
 */
export const answerOf = (answer) => ({
  names: answer.filter(odd).map(named),
  shares: answer.filter(even).map((n) => n / 1000),
  kept: answer[0] / 1000,
});

/**
 * What was answered beforehand behind one cover at every place of a map.
 *
 * @param {number[][][]} all
 * @returns {Mapped}
 */
export function mapOf(all) {
  /** @type {Record<number, number>} */
  const counts = {};
  for (const [, first] of all.flat()) counts[first] = (counts[first] ?? 0) + 1;
  const order = Object.entries(counts).sort(([a, m], [b, n]) => n - m || Number(a) - Number(b));
  return {
    falls: all.map((row) => row.map(([kept]) => wholeOf(CHELSEA) - kept / 1000)),
    leaders: order.map(([place, count]) => [named(Number(place)), count]),
  };
}

/**
 * What is followed on a photograph: the classes, what they are called, and how they have their share.
 *
 * @param {string} photograph
 * @returns {{ classes: number[], what: string, has: string }}
 */
export function followedOn(photograph) {
  const { followed: classes } = STORED.photographs[photograph];
  return classes.length > 1
    ? { classes, what: "the three cats", has: "together have" }
    : { classes, what: named(classes[0]), has: "has" };
}
