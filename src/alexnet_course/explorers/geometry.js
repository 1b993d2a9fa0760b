/** The geometry explorer: one row of pixels, the windows that fit on it, and what is left over. */
import { choice, slider } from "./kit/controls.js";
import { h, plural, range } from "./kit/elements.js";
import { sizeFormula } from "./kit/formula.js";
import { outputSize, reached } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { Ruler } from "./kit/ruler.js";
import { hatched, sayNoWindow, tooWide } from "./kit/text.js";
import { whole, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

/** Every setting and what it may be, as in geometry.py. */
export const traits = {
  size: whole(1, 256),
  kernel_size: whole(1, 15),
  stride: whole(1, 8),
  padding: whole(0, 7),
  rounding: word("floor", "ceil"),
  layers: whole(1, 5),
  window: whole(0, 269),
};

/**
 * The output size of each of `layers` equal layers on each other, as far as a window fits.
 *
 * @param {State} state
 * @returns {number[]}
 */
function outputSizes({ size, layers, kernel_size, stride, padding, rounding }) {
  const sizes = [];
  for (let room = size; sizes.length < layers; sizes.push(room)) {
    room = outputSize({ size: room, kernel_size, stride, padding, rounding });
    if (!room) break;
  }
  return sizes;
}

/**
 * What a unit after `depth` equal layers sees: `field` pixels, its neighbour `jump` pixels further on, and the first
 * unit from pixel `first` on, negative in the padding.
 *
 * @param {State} state
 * @param {number} depth
 * @returns {{ field: number, jump: number, first: number }}
 */
function receptiveField({ kernel_size, stride, padding }, depth) {
  let [field, jump, first] = [1, 1, 0];
  for (let layer = 0; layer < depth; layer++) {
    field += (kernel_size - 1) * jump;
    first -= padding * jump;
    jump *= stride;
  }
  return { field, jump, first };
}

/**
 * Everything that follows from the settings, by its name in geometry.py.
 *
 * @param {State} state
 * @returns {{ output_size: number, output_sizes: number[], output: number[][], chosen: number, reached:
 *   boolean[], unused: number, receptive_fields: number[][], unit: number, seen: number[] }}
 */
export function compute(state) {
  const { size, kernel_size, stride, padding, rounding } = state;
  const output_sizes = outputSizes(state);
  const depth = output_sizes.length;
  const output_size = output_sizes[0] ?? 0;
  const output = range(0, output_size - 1).map((window) => {
    const first = window * stride - padding;
    return [first, first + kernel_size - 1];
  });
  const read = reached({ size, kernel_size, stride, padding, rounding });
  const fields = range(1, depth).map((layer) => receptiveField(state, layer));
  const { field, jump, first } = receptiveField(state, depth);
  const chosen = Math.max(0, Math.min(output_size - 1, state.window));
  const centre = chosen * stride - padding + (kernel_size - 1) / 2;
  const nearest = Math.floor((centre - first - (field - 1) / 2) / jump + 0.5);
  const unit = depth ? Math.max(0, Math.min(output_sizes[depth - 1] - 1, nearest)) : 0;
  return {
    output_size,
    output_sizes,
    output,
    chosen,
    reached: read,
    unused: read.filter((yes) => !yes).length,
    receptive_fields: fields.map((one) => [one.field, one.jump]),
    unit,
    seen: [first + unit * jump, first + unit * jump + field - 1],
  };
}

/**
 * `pixels 3 to 5`, `pixel 3`.
 *
 * @param {number} first
 * @param {number} last
 * @returns {string}
 */
const stretch = (first, last) => (first === last ? `pixel ${first}` : `pixels ${first} to ${last}`);

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  /** @param {{ pixel?: number, by?: number }} to a pixel that was pointed at, or a step of the keys */
  const choose = ({ pixel = 0, by }) => {
    const { kernel_size, stride, padding } = page.state;
    const { output_size, chosen } = compute(page.state);
    const wanted = by === undefined ? Math.round((pixel + padding - kernel_size / 2) / stride) : chosen + by;
    page.set({ window: Math.max(0, Math.min(output_size - 1, wanted)) });
  };
  const whole = new Ruler("All pixels. Arrow keys choose a window.", {
    choose,
    describedBy: page.sentence.id,
  });
  const end = new Ruler("The last pixels, larger.");
  const [count, wholeTitle] = heading("Pixels and windows");
  const [near, endTitle] = heading("The end of the row");
  const formula = h("div", { class: "formula" });
  const sizes = h("dl", { class: "sizes" });
  const note = h("p", { class: "note" });
  page.lay(
    [
      slider(page, "size", "Input size"),
      slider(page, "kernel_size", "Kernel size"),
      slider(page, "stride", "Stride"),
      slider(page, "padding", "Padding"),
      choice(page, "rounding", "Rounding"),
      slider(page, "layers", "Layers like this"),
    ],
    [
      h("section", { class: "wide" }, h("p", { class: "title" }, ...wholeTitle), whole.el, note),
      h("section", { class: "wide" }, h("p", { class: "title" }, ...endTitle), end.el),
      panel(["Output size"], formula),
      panel(["Layer by layer"], sizes),
    ],
  );
  return { whole, end, count, near, formula, sizes, note };
}

/**
 * Draws the whole row, and its end enlarged.
 *
 * @param {Parts} parts
 * @param {Found} found
 * @param {State} state
 */
function drawRulers({ whole, end, near }, found, state) {
  const { size, kernel_size, stride, padding } = state;
  const { output, output_size, output_sizes, chosen, unit } = found;
  const [first, last] = found.seen;
  const to = Math.max(size + padding, output_size ? output[output_size - 1][1] + 1 : 0);
  const from = Math.max(-padding, Math.min(to - 16, to - kernel_size - stride - 4));
  const seen = plural(last - first + 1, "pixel");
  const name = `Orange: what unit ${unit} of layer ${output_sizes.length} sees, ${seen}`;
  const field = output_size ? { first, field: last - first + 1, name } : undefined;
  const drawn = { read: found.reached, count: output_size, window: chosen };
  const sizes = { size, kernel_size, stride, padding };
  whole.draw({ ...sizes, from: -padding, to }, { ...drawn, field });
  end.draw({ ...sizes, from, to }, drawn);
  const short = from === -padding; // the same once more: its place stays, so that nothing below it moves
  end.el.style.visibility = short ? "hidden" : "";
  near.textContent = short ? "all of the row stands above" : stretch(Math.max(0, from), size - 1);
}

/**
 * For each layer how many units it has and what one of them sees.
 *
 * @param {Found} found
 * @param {number} layers so many are asked for
 * @returns {HTMLElement[]}
 */
function layerByLayer({ output_sizes, receptive_fields }, layers) {
  const rows = output_sizes.map((units, at) => {
    const [field, jump] = receptive_fields[at];
    const sees = `${plural(units, "unit")}; one sees ${plural(field, "pixel")}, jump\u00a0${jump}`;
    return [`layer ${at + 1}`, sees];
  });
  if (rows.length < layers) rows.push([`layer ${rows.length + 1}`, "no window fits"]);
  return rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]);
}

/**
 * Where the window is, what it reads, and what that does to the whole row.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ output_size, output, chosen, unused }, { size, kernel_size }) {
  const [first, last] = output[chosen];
  const outside = Math.min(kernel_size, Math.max(0, -first) + Math.max(0, last + 1 - size));
  const reads =
    outside === kernel_size
      ? "reads nothing but zeros"
      : `reads ${stretch(Math.max(0, first), Math.min(size - 1, last))}`;
  const zeros = outside && outside < kernel_size ? ` and ${plural(outside, "zero")} outside the picture` : "";
  const place = output_size > 1 ? ` of 0 to ${output_size - 1}` : ", the only one,";
  const verb = unused === 1 ? "is" : "are";
  const lost = unused ? `${plural(unused, "pixel")} ${verb} read by no window` : "every pixel is read";
  return `Window ${chosen}${place} ${reads}${zeros}. Output size ${output_size}; ${lost}.`;
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { size, kernel_size, stride, padding, rounding, layers } = state;
    const { output_size, unused } = found;
    drawRulers(parts, found, state);
    parts.count.textContent = `${plural(size, "pixel")}, ${plural(output_size, "window")}`;
    parts.note.textContent = hatched(output_size, unused);
    const sizes = { size, kernel_size, stride, padding, rounding };
    parts.formula.replaceChildren(...sizeFormula({ ...sizes, output: output_size }));
    parts.sizes.replaceChildren(...layerByLayer(found, layers));
    if (output_size) page.say(told(found, state));
    else sayNoWindow(page, tooWide(kernel_size, size + 2 * padding));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
