/** What several explorers write: lines of a sum, values on their colours, and why there is nothing to show. */
import { paintOn } from "./colours.js";
import { h, plural } from "./elements.js";

/** @typedef {import("./colours.js").Colour} Colour */
/** @typedef {import("./elements.js").Child} Child */

/**
 * A value on its colour.
 *
 * @param {Colour} colour
 * @param {string} text
 * @param {Record<string, any>} [attributes]
 * @returns {HTMLElement}
 */
export const chip = (colour, text, attributes = {}) =>
  h("b", { style: paintOn(colour), ...attributes }, text);

/**
 * A line of a sum: what is added on the left, its value on the right. `kind` "total" draws a rule above it,
 * "result" sets off the chip in it.
 *
 * @param {Child} words
 * @param {Child | Child[]} value
 * @param {string} [kind]
 * @returns {HTMLElement}
 */
export const line = (words, value, kind = "") =>
  h("div", { class: kind ? `line ${kind}` : "line" }, words, h("span", {}, ...[value].flat()));

/**
 * Says that no window fits, and why, in the sentence; and, where windows are written out, in place of the sum.
 *
 * @param {import("./page.js").Page} page
 * @param {string} why
 * @param {{ walk: import("./walk.js").Walk, sum: HTMLElement }} [places]
 */
export function sayNoWindow(page, why, places) {
  if (places) {
    places.walk.title.textContent = "No window fits";
    places.sum.replaceChildren(why);
  }
  page.say(`No window fits. ${why}`);
}

/**
 * Why a window does not fit.
 *
 * @param {number} window pixels along a side of the window
 * @param {number} room pixels along a side of the padded input
 * @param {{ window?: string, input?: string, cure?: string }} [names] what the two are called here, and what helps
 * @returns {string}
 */
export const tooWide = (
  window,
  room,
  { window: name = "kernel", input = "input", cure = "Make the input or the padding larger." } = {},
) => `The ${name} is ${plural(window, "pixel")} wide, the padded ${input} ${room}. ${cure}`;

/**
 * The note under a map whose unread pixels are hatched; empty where there is no window.
 *
 * @param {number} windows how many there are
 * @param {number} unused how many pixels no window reads
 * @param {{ reads?: string, all?: string }} [words]
 * @returns {string}
 */
export function hatched(windows, unused, { reads = "reads", all = "Every pixel is read" } = {}) {
  if (!windows) return "";
  return unused ? `Hatched: ${plural(unused, "pixel")} that no window ${reads}` : all;
}
