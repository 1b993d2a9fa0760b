/** The convolution explorer: one picture, one kernel, every window. */
import { CellMap } from "./kit/cellmap.js";
import { choice, slider } from "./kit/controls.js";
import { equals, factor, h, largest, number, plural, range } from "./kit/elements.js";
import { sizeFormula } from "./kit/formula.js";
import { Editor, Presets } from "./kit/kernel.js";
import { BIASES, PRESETS, convolve, reached, resample, weights, windowAt } from "./kit/maths.js";
import { heading, Page, panel, scale } from "./kit/page.js";
import { chip, hatched, line, sayNoWindow, tooWide } from "./kit/text.js";
import { matrix, real, whole } from "./kit/traits.js";
import { Walk } from "./kit/walk.js";
import PICTURES from "./made/pictures.json" with { type: "json" };

/** @typedef {import("./kit/maths.js").Matrix} Matrix */
/** @typedef {import("./kit/maths.js").Tap} Tap */
/** @typedef {(value: number) => import("./kit/colours.js").Colour} Shade */
/** @typedef {{ weight: Matrix, response: number, bias: number }} Terms of the sum under study */
/** @typedef {{ kind: string, rows?: (string | number[])[] }} Picture */
/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

/** @type {Record<string, Picture>} */
const pictures = PICTURES;
const SIZES = [...range(3, 16), 20, 24, 32, 48, 64, 96, 128, 160, 192, 224, 225, 226, 227];

/** Every setting and what it may be, as in convolution.py. */
export const traits = {
  picture: matrix(Object.keys(PICTURES), 227, 999),
  size: whole(1, 227),
  kernel: matrix(Object.keys(PRESETS), 11, 99),
  kernel_size: whole(1, 11),
  stride: whole(1, 5),
  padding: whole(0, 5),
  bias: real(-99, 99, 1),
  row: whole(0, 236),
  column: whole(0, 236),
};

/**
 * Everything that follows from the settings, by its name in convolution.py.
 *
 * @param {State} state
 * @returns {{ image: number[][], weight: number[][], output_size: number, output: number[][], window:
 *   number[][], reached: boolean[], unused: number }}
 */
export function compute(state) {
  const { picture, size, kernel, kernel_size, stride, padding, bias } = state;
  const sizes = { size, kernel_size, stride, padding };
  const own = typeof picture !== "string";
  const image = resample(own ? { kind: "own", rows: picture } : pictures[picture], size);
  const weight = weights({ kernel, kernel_size });
  const output = convolve(image, weight, { ...sizes, bias });
  const read = reached(sizes);
  const last = output.length - 1;
  const taps = output.length
    ? windowAt(image, sizes, Math.min(state.row, last), Math.min(state.column, last))
    : [];
  return {
    image,
    weight,
    output_size: output.length,
    output,
    window: taps.map((row) => row.map((tap) => tap.value)),
    reached: read,
    unused: size ** 2 - read.filter(Boolean).length ** 2,
  };
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const walk = new Walk(page);
  const describedBy = page.sentence.id;
  const input = new CellMap("Input. Arrow keys move the window.", { walk, describedBy });
  const result = new CellMap("Output. Arrow keys choose a response.", { walk, describedBy, signed: true });
  const presets = new Presets(Object.keys(PRESETS), (name) =>
    page.set({ kernel: name, bias: BIASES[name] ?? 0 }),
  );
  const editor = new Editor(traits.kernel.limit, (kernel) =>
    page.set({ kernel, kernel_size: kernel.length }),
  );
  const [inputSize, inputTitle] = heading("Input");
  const [outputSize, outputTitle] = heading("Output");
  const [kernelSize, kernelTitle] = heading("Kernel");
  const unused = h("p", { class: "note" });
  const legend = h("p", { class: "note" });
  const sum = h("div");
  const formula = h("div", { class: "formula" });
  page.lay(
    [
      choice(page, "picture", "Picture", Object.keys(PICTURES), (name) =>
        page.set(name === "tile" ? { picture: name, size: 7 } : { picture: name }),
      ),
      slider(page, "size", "Input size", SIZES),
      slider(page, "padding", "Padding"),
      slider(page, "kernel_size", "Kernel size"),
      slider(page, "stride", "Stride"),
      slider(page, "bias", "Bias", range(-9, 9)),
    ],
    [
      panel(inputTitle, input.el, unused),
      panel(outputTitle, result.el, legend),
      panel(kernelTitle, presets.el, editor.el),
      h("section", {}, walk.el, sum, formula),
    ],
  );
  return {
    walk,
    input,
    result,
    presets,
    editor,
    inputSize,
    outputSize,
    kernelSize,
    unused,
    legend,
    sum,
    formula,
  };
}

/**
 * Whether a picture has the diverging colours: grey is for levels from 0 to 9.
 *
 * @param {string} picture
 * @param {Matrix} image
 * @returns {boolean}
 */
const isSigned = (picture, image) =>
  pictures[picture]?.kind === "signed" ||
  image.some((row) => row.some((value) => value < 0)) ||
  largest(image) > 9;

/**
 * The colours of the picture, of the weights and of the responses: functions of a value.
 *
 * @param {Page} page
 * @param {Found} found
 * @param {State} state
 * @returns {{ pixel: Shade, weight: Shade, response: Shade }}
 */
function shades(page, { image, weight, output }, { picture }) {
  const signed = (/** @type {Matrix} */ matrix) => {
    const most = largest(matrix);
    return (/** @type {number} */ value) => page.colours.signed(value, most);
  };
  return {
    pixel: isSigned(picture, image) ? signed(image) : page.colours.grey,
    weight: signed(weight),
    response: signed(output),
  };
}

/**
 * Draws picture and output, a unit of one as long as a unit of the other.
 *
 * @param {Page} page
 * @param {Parts} parts
 * @param {Found} found
 * @param {State} state
 */
function drawMaps(page, { walk, input, result }, found, state) {
  const { image, output, output_size: n } = found;
  const { size, kernel_size: k, stride, padding, picture } = state;
  const shade = shades(page, found, state);
  const total = Math.max(size + 2 * padding, n && (n - 1) * stride + k);
  const text = (/** @type {number} */ value) => number(value, 1);
  Object.assign(walk, { count: n, pitch: stride, span: k });
  input.el.classList.toggle("signed", isSigned(picture, image));
  input.paint({ values: image, total, start: padding, colour: shade.pixel, padded: true, text });
  if (n) input.strike(found.reached, padding);
  result.paint({
    values: output,
    total,
    start: (k - stride) / 2,
    pitch: stride,
    gap: Math.max(0, stride - k),
    colour: shade.response,
    text,
    blank: (row, column) => walk.hides(row, column),
  });
  result.edge(padding, size);
}

/**
 * The response as a sum: a line a row of the window, written out up to 5 by 5; the bias; the result.
 *
 * @param {Tap[][]} taps
 * @param {Terms} terms
 * @param {ReturnType<typeof shades>} shade
 * @returns {HTMLElement[]}
 */
function written(taps, { weight, response, bias }, shade) {
  const k = weight.length;
  const term = (/** @type {Tap} */ tap, /** @type {number} */ w) =>
    h(
      "span",
      {},
      tap.outside ? h("b", { class: "outside" }, "0") : chip(shade.pixel(tap.value), number(tap.value, 1)),
      "·",
      chip(shade.weight(w), number(w, 2, k * k)),
    );
  const lines = taps.map((row, a) => {
    const terms = k > 5 ? [`row ${a}`] : row.map((tap, b) => term(tap, weight[a][b]));
    const sum = row.reduce((total, tap, b) => total + tap.value * weight[a][b], 0);
    return line(h("span", { class: "terms" }, ...terms), number(sum));
  });
  return [
    h("div", { class: `lines k${Math.min(k, 6)}`, style: `--half:${Math.ceil(k / 2)}` }, ...lines),
    line(`sum of ${plural(k * k, "product")}`, number(response - bias), "total"),
    line("bias", number(bias)),
    line("response", [`${equals(response)} `, chip(shade.response(response), number(response))], "result"),
  ];
}

/**
 * How the sum begins and what it comes to, in a sentence.
 *
 * @param {import("./kit/walk.js").Place} place
 * @param {Tap[][]} taps
 * @param {Terms} terms
 * @param {Found} found
 * @returns {string}
 */
function told({ row, column }, taps, { weight, response, bias }, { output_size: n, unused }) {
  const k = weight.length;
  const products = response - bias;
  const first = taps[0]
    .slice(0, 2)
    .map((tap, b) => `${number(tap.value)}·${factor(weight[0][b], 2, k * k)}`)
    .join(" + ");
  const sign = bias < 0 ? "minus" : "plus";
  const plus = bias ? `, ${sign} ${number(Math.abs(bias))} is ${number(response)}` : "";
  const verb = unused === 1 ? "is" : "are";
  const lost = unused ? `${plural(unused, "pixel")} ${verb} reached by no window` : "every pixel is used";
  return (
    `Window (${row}, ${column}): ${first}${k > 1 ? " + …" : ""} ${equals(products)} ${number(products)}${plus}. ` +
    `Output ${n} by ${n}; ${lost}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);
  const { walk, input, result, sum } = parts;

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { size, kernel_size: k, stride, padding } = state;
    const n = found.output_size;
    const padded = size + 2 * padding;
    const most = largest(found.output);
    drawMaps(page, parts, found, state);
    parts.inputSize.textContent = `${size} × ${size}${padding ? `, with zeros ${padded} × ${padded}` : ""}`;
    parts.outputSize.textContent = `${n} × ${n}`;
    parts.kernelSize.textContent = `${k} × ${k}`;
    parts.unused.textContent = hatched(n, found.unused, { reads: "reaches", all: "Every pixel is used" });
    parts.legend.replaceChildren(
      ...(n ? scale(number(-most, 1), number(most, 1), "dotted: picture’s edge") : []),
    );
    parts.presets.show(state.kernel, k, page.colours);
    parts.editor.show(found.weight, page.colours);
    parts.formula.replaceChildren(...sizeFormula({ size, kernel_size: k, stride, padding, output: n }));
  }

  /**
   * The window under study: outlined in both maps, written out as a sum, said in a sentence.
   *
   * @param {Found} found
   * @param {State} state
   */
  function mark(found, state) {
    const { size, kernel_size: k, stride, padding, bias } = state;
    if (!found.output_size) {
      sayNoWindow(page, tooWide(k, size + 2 * padding), { walk, sum });
      return;
    }
    const { row, column } = walk.place;
    const cell = Math.min(stride, k);
    const shift = (k - cell) / 2;
    input.outline(row * stride, column * stride, k);
    result.outline(row * stride + shift, column * stride + shift, cell);
    walk.title.textContent = `Window (${row}, ${column})`;
    const taps = windowAt(found.image, { kernel_size: k, stride, padding }, row, column);
    const terms = { weight: found.weight, response: found.output[row][column], bias };
    sum.replaceChildren(...written(taps, terms, shades(page, found, state)));
    page.say(told({ row, column }, taps, terms, found), walk.passing);
  }

  return page.start({ compute, update, mark, moves: ["row", "column"], stop: () => walk.pause() });
}

export default { traits, compute, render };
