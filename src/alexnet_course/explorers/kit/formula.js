/** Fractions, and the output-size formula in words and with the present numbers. */
import { h, number } from "./elements.js";

/** @typedef {import("./elements.js").Child} Child */

/**
 * A fraction: one part above the line, the others below it.
 *
 * @param {Child} top
 * @param {...Child} bottom
 * @returns {HTMLElement}
 */
export const fraction = (top, ...bottom) =>
  h("span", { class: "fraction" }, h("span", {}, top), h("span", {}, ...bottom));

/**
 * Three lines; only two where no window fits.
 *
 * @param {import("./maths.js").Sizes & { output: number }} sizes rounding "ceil" changes the brackets
 * @param {string} [window] what the kernel is called here
 * @returns {HTMLElement[]}
 */
export function sizeFormula(
  { size, kernel_size, stride, padding, rounding = "floor", output },
  window = "kernel",
) {
  const room = size + 2 * padding - kernel_size;
  const [open, close] = rounding === "ceil" ? "⌈⌉" : "⌊⌋";
  const bracket = (/** @type {string} */ text) => h("i", {}, text);
  /** @type {(start: string, inside: Child, ...end: Child[]) => HTMLElement} */
  const line = (start, inside, ...end) =>
    h("div", {}, h("span", {}, start), bracket(open), inside, bracket(close), " + 1", ...end);
  const lines = [
    line("output = ", fraction(`input + 2·padding − ${window}`, "stride")),
    line("= ", fraction(`${size} + 2·${padding} − ${kernel_size}`, String(stride))),
  ];
  return room < 0
    ? lines
    : [...lines, line("= ", number(room / stride), " = ", h("strong", {}, String(output)))];
}
