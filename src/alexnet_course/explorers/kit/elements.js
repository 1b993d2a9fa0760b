/** What every explorer is written with: elements, ranges, and numbers as the course prints them. */

const SVG = /^(svg|g|path|rect|circle|line|polyline|text|pattern|defs)$/;

/** @typedef {string | Node} Child */

/**
 * What a tag makes.
 *
 * @template {string} Tag
 * @typedef {Tag extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Tag]
 *   : Tag extends keyof SVGElementTagNameMap ? SVGElementTagNameMap[Tag] : HTMLElement} ElementOf
 */

/**
 * Makes an element.
 *
 * @template {string} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes] those named on… are listeners; undefined and false leave an attribute
 *   out, true makes it empty
 * @param {...Child} children
 * @returns {ElementOf<Tag>}
 */
export function h(tag, attributes = {}, ...children) {
  const el = /** @type {HTMLElement} */ (
    SVG.test(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag)
  );
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "style")
      el.style.cssText = value || ""; // as an attribute, a strict host's policy refuses it
    else if (value !== undefined && value !== false) el.setAttribute(name, value === true ? "" : value);
  }
  // Without this mark on the focused element itself, JupyterLab takes the arrow keys for its own.
  if ("tabindex" in attributes || /^(input|select|button|summary)$/.test(tag))
    el.setAttribute("data-lm-suppress-shortcuts", "");
  el.append(...children);
  return /** @type {ElementOf<Tag>} */ (el);
}

/**
 * Sets some attributes, those that are not what they are to be.
 *
 * @param {Element} el
 * @param {Record<string, string | number>} attributes
 */
export function set(el, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (el.getAttribute(name) !== String(value)) el.setAttribute(name, String(value));
}

/**
 * Writes a text, unless it stands there already: the same text once more is a new text to the browser.
 *
 * @param {Element} el
 * @param {string} text
 */
export function write(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/**
 * The path of a rectangle.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} [height]
 * @returns {string}
 */
export const box = (x, y, width, height = width) => `M${x} ${y}h${width}v${height}h${-width}z`;

const copy = Math.random().toString(36).slice(2, 8);
let made = 0;

/**
 * An id that no other element has: in a notebook each explorer brings a copy of this module, on one page.
 *
 * @param {string} name
 * @returns {string}
 */
export const unique = (name) => `explorer-${name}-${copy}-${made++}`;

/**
 * Whole numbers from low to high, both included.
 *
 * @param {number} low
 * @param {number} high
 * @returns {number[]}
 */
export const range = (low, high) => Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);

/**
 * `1,089`. The browser's own way to write it loads the customs of all countries first, which takes as long as a page's
 * whole drawing.
 *
 * @param {number} n a whole number
 * @returns {string}
 */
export const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/**
 * `1 pixel`, `2 pixels`.
 *
 * @param {number} n
 * @param {string} word
 * @returns {string}
 */
export const plural = (n, word) => `${thousands(n)} ${word}${n === 1 ? "" : "s"}`;

/**
 * Largest magnitude of a matrix; never 0, so that it can divide.
 *
 * @param {number[][]} matrix
 * @returns {number}
 */
export const largest = (matrix) => Math.max(1e-9, ...matrix.map((row) => Math.max(...row.map(Math.abs))));

/**
 * A number with a true minus sign and at most `decimals` places, or as n/`denominator` where only that is exact.
 *
 * @param {number} v
 * @param {number} [decimals]
 * @param {number} [denominator]
 * @returns {string}
 */
export function number(v, decimals = 2, denominator = 1) {
  const near = Number(v.toFixed(decimals));
  const whole = Math.round(v * denominator);
  const fraction = Math.abs(near - v) > 1e-9 && Math.abs(whole / denominator - v) < 1e-9;
  return (fraction ? `${whole}/${denominator}` : String(near || 0)).replace("-", "−");
}

/**
 * The same with brackets round a negative number, for use after a sign.
 *
 * @param {number} v
 * @param {...number} how decimals, denominator
 * @returns {string}
 */
export const factor = (v, ...how) => (v < 0 ? `(${number(v, ...how)})` : number(v, ...how));

/**
 * The sign before a rounded number: = when nothing was lost, ≈ otherwise.
 *
 * @param {number} v
 * @param {number} [decimals]
 * @returns {string}
 */
export const equals = (v, decimals = 2) => (Math.abs(v - Number(v.toFixed(decimals))) < 1e-9 ? "=" : "≈");

/**
 * The number that a learner typed: 0.5, −1, 1/9 or 0,5; NaN for anything else.
 *
 * @param {string} text
 * @returns {number}
 */
export function parse(text) {
  const [top, bottom = "1", ...more] = text.trim().replace("−", "-").replace(",", ".").split("/");
  return more.length || !top.trim() || !bottom.trim() ? NaN : Number(top) / Number(bottom);
}
