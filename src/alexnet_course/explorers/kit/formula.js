/** The output-size formula, in words and with the present numbers. */
import { h, number } from "./elements.js";

const over = (top, bottom) => h("span", { class: "fraction" }, h("span", {}, top), h("span", {}, bottom));

/** Three lines of elements; `rounding` "ceil" changes the brackets. `window` is what the kernel is called here. */
export function sizeFormula(
  { size, kernel_size, stride, padding, rounding = "floor", output },
  window = "kernel",
) {
  const room = size + 2 * padding - kernel_size,
    [open, close] = rounding === "ceil" ? "⌈⌉" : "⌊⌋";
  const bracket = (text) => h("i", {}, text);
  const line = (start, inside, ...end) =>
    h("div", {}, h("span", {}, start), bracket(open), inside, bracket(close), " + 1", ...end);
  const lines = [
    line("output = ", over(`input + 2·padding − ${window}`, "stride")),
    line("= ", over(`${size} + 2·${padding} − ${kernel_size}`, stride)),
  ];
  return room < 0 ? lines : [...lines, line("= ", number(room / stride), " = ", h("strong", {}, output))];
}
