/** The kinds of setting that an explorer has, as in traits.py: what each accepts, and how a link writes it. */
import { range } from "./elements.js";

/**
 * @typedef {object} Kind
 * @property {(value: any) => boolean} accepts
 * @property {(value: any) => string} write as it stands in a link
 * @property {(text: string) => any} read what a link says; undefined if that is not acceptable
 * @property {number[]} [values] what a slider moves over
 * @property {string[]} [words] what can be chosen
 */

/**
 * @template More
 * @param {(value: any) => boolean} accepts
 * @param {(text: string) => any} read
 * @param {(value: any) => string} write
 * @param {More} more
 * @returns {Kind & More}
 */
const kind = (accepts, read, write, more) => ({
  accepts,
  write,
  ...more,
  read: (/** @type {string} */ text) => {
    const value = read(text);
    return value !== undefined && accepts(value) ? value : undefined;
  },
});
const decimal = (/** @type {string} */ text) =>
  /^-?\d+(\.\d+)?(e-?\d+)?$/.test(text) ? Number(text) : undefined;

/**
 * A whole number from low to high, in steps of `step`.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} [step]
 * @returns {Kind & { low: number, high: number, step: number, values: number[] }}
 */
export const whole = (low, high, step = 1) =>
  kind((v) => Number.isInteger(v) && v >= low && v <= high && (v - low) % step === 0, decimal, String, {
    low,
    high,
    step,
    values: range(low, high).filter((v) => (v - low) % step === 0),
  });

/**
 * A number from low to high; sliders move it by `step`.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} step
 * @returns {Kind & { low: number, high: number, values: number[] }}
 */
export const real = (low, high, step) =>
  kind((v) => Number.isFinite(v) && v >= low && v <= high, decimal, String, {
    low,
    high,
    values: range(0, Math.round((high - low) / step)).map((i) => Number((low + i * step).toPrecision(9))),
  });

/**
 * One of a few words.
 *
 * @param {...string} words
 * @returns {Kind & { words: string[] }}
 */
export const word = (...words) =>
  kind(
    (v) => words.includes(v),
    (text) => text,
    String,
    { words },
  );

/**
 * Yes or no.
 *
 * @returns {Kind}
 */
export const flag = () =>
  kind(
    (v) => typeof v === "boolean",
    (text) => /** @type {Record<string, boolean>} */ ({ true: true, false: false })[text],
    String,
    {},
  );

/**
 * A row of numbers between -limit and limit; a link writes 1,0,2.
 *
 * @param {number} shortest
 * @param {number} longest
 * @param {number} limit
 * @returns {Kind & { shortest: number, longest: number, limit: number }}
 */
export const list = (shortest, longest, limit) =>
  kind(
    (v) =>
      Array.isArray(v) &&
      v.length >= shortest &&
      v.length <= longest &&
      v.every((x) => Number.isFinite(x) && Math.abs(x) <= limit),
    (text) => text.split(",").map(decimal),
    (v) => v.join(),
    { shortest, longest, limit },
  );

/**
 * `length` whole numbers from low to high; a link writes 11,5,3.
 *
 * @param {number} length
 * @param {number} low
 * @param {number} high
 * @returns {Kind & { length: number, low: number, high: number }}
 */
export const wholes = (length, low, high) =>
  kind(
    (v) =>
      Array.isArray(v) && v.length === length && v.every((x) => Number.isInteger(x) && x >= low && x <= high),
    (text) => text.split(",").map(decimal),
    (v) => v.join(),
    { length, low, high },
  );

/**
 * One of a few words, or a square matrix of numbers between -limit and limit; a link writes 0,1_1,0.
 *
 * @param {string[]} words
 * @param {number} most
 * @param {number} limit
 * @returns {Kind & { words: string[], most: number, limit: number }}
 */
export const matrix = (words, most, limit) =>
  kind(
    (v) =>
      words.includes(v) ||
      (Array.isArray(v) &&
        v.length >= 1 &&
        v.length <= most &&
        v.every(
          (row) =>
            Array.isArray(row) &&
            row.length === v.length &&
            row.every((w) => Number.isFinite(w) && Math.abs(w) <= limit),
        )),
    (text) => (words.includes(text) ? text : text.split("_").map((row) => row.split(",").map(decimal))),
    (v) => (typeof v === "string" ? v : v.map((/** @type {number[]} */ row) => row.join()).join("_")),
    { words, most, limit },
  );
