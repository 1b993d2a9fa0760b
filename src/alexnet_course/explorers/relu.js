/** The ReLU explorer: what a non-linearity keeps of a map, and what it passes back. */
import { CellMap } from "./kit/cellmap.js";
import { choice, slider } from "./kit/controls.js";
import { equals, h, largest, number, plural, range } from "./kit/elements.js";
import { ACTIVATIONS, BIASES, responses } from "./kit/maths.js";
import { heading, Page, panel, scale } from "./kit/page.js";
import { follow } from "./kit/pointer.js";
import { chip, line } from "./kit/text.js";
import { real, whole, word } from "./kit/traits.js";
import { Walk } from "./kit/walk.js";
import PICTURES from "./made/pictures.json" with { type: "json" };

/** @typedef {import("./kit/maths.js").Matrix} Matrix */
/** @typedef {(value: number) => import("./kit/colours.js").Colour} Shade */
/** @typedef {{ z: number, y: number, slope: number }} Studied a response, what is made of it, the slope there */
/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

/** Every setting and what it may be, as in relu.py. */
export const traits = {
  map: word(...Object.keys(BIASES)),
  function: word(...Object.keys(ACTIVATIONS)),
  bias: real(-9, 9, 1),
  row: whole(0, 4),
  column: whole(0, 4),
};

/**
 * Everything that follows from the settings, by its name in relu.py.
 *
 * @param {State} state
 * @returns {{ z: number[][], output: number[][], slope: number[][], silent: number }}
 */
export function compute(state) {
  const z = responses(PICTURES.tile.rows, state.map, state.bias);
  const { value, slope } = ACTIVATIONS[state.function];
  return {
    z,
    output: z.map((row) => row.map(value)),
    slope: z.map((row) => row.map(slope)),
    silent: z.flat().filter((response) => response <= 0).length,
  };
}

/** What has the full colour after the function: 1 at least, so that a share of it that prints as 0 looks like 0. */
const mostOf = (/** @type {Matrix} */ output) => Math.max(1, largest(output));

// ---- the plot of the functions

const WIDTH = 320;
const HEIGHT = 250;
const FLOOR = 200; // where y = 0

/** The functions, drawn, and the response under study on the chosen one. */
class Plot {
  /** @param {(x: number) => void} drag is called with the response to which the ring is dragged */
  constructor(drag) {
    this.axes = h("path", { class: "axes" });
    this.curves = h("g", { class: "curves" });
    this.drop = h("path", { class: "drop" });
    this.point = h("circle", { class: "point", r: 7 });
    this.reach = 4;
    const svg = h(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
      this.axes,
      this.curves,
      this.drop,
      this.point,
    );
    const label = "ReLU, tanh and the sigmoid; the ring is the response under study.";
    this.el = h("div", { class: "plot", role: "img", "aria-label": label }, svg);
    follow(this.el, (event) => {
      const { left, width } = svg.getBoundingClientRect();
      const x = ((event.clientX - left) / width) * WIDTH;
      drag(((x - WIDTH / 2) / (WIDTH / 2 - 8)) * this.reach);
    });
  }

  /**
   * @param {number} x
   * @returns {number} its place from left to right
   */
  across(x) {
    return WIDTH / 2 + (x / this.reach) * (WIDTH / 2 - 8);
  }

  /**
   * @param {number} y
   * @returns {number} its place from above
   */
  up(y) {
    return FLOOR - (y / this.reach) * (FLOOR - 10);
  }

  /**
   * Draws axes and curves.
   *
   * @param {number} most every response of magnitude up to this has its place
   * @param {string} chosen the function that is set off
   */
  draw(most, chosen) {
    this.reach = Math.max(4, most);
    const wide = this.reach > 8;
    const every = range(Math.ceil(-this.reach), Math.floor(this.reach));
    const ticks = every.filter((x) => x % (wide ? 4 : 2) === 0);
    const marks = ticks.map((x) => `M${this.across(x)} ${FLOOR - 3}v6`).join("");
    this.axes.setAttribute("d", `M8 ${FLOOR}H${WIDTH - 8}M${WIDTH / 2} 4V${HEIGHT - 8}${marks}`);
    const xs = range(0, 160).map((i) => -this.reach + (i * this.reach) / 80);
    const curve = (/** @type {string} */ name) =>
      h("path", {
        class: `${name.toLowerCase()}${name === chosen ? " chosen" : ""}`,
        d: `M${xs.map((x) => `${this.across(x)} ${this.up(ACTIVATIONS[name].value(x))}`).join("L")}`,
      });
    const tickLine = wide ? this.up(-1) + 14 : FLOOR + 17; // clear of the curve of tanh
    const tick = (/** @type {number} */ x) =>
      h("text", { class: "tick", x: this.across(x), y: tickLine, "text-anchor": "middle" }, number(x));
    this.curves.replaceChildren(
      ...Object.keys(ACTIVATIONS).map(curve),
      ...this.names(wide),
      ...ticks.filter(Boolean).map(tick),
    );
  }

  /**
   * The functions' names, each beside its curve.
   *
   * @param {boolean} wide
   * @returns {SVGElement[]}
   */
  names(wide) {
    const { reach } = this;
    /** @type {[string, number, number, string][]} */
    const places = [
      ["ReLU", this.across(reach * 0.7) - 10, this.up(reach * 0.7), "end"],
      ["tanh, dashed", 10, this.up(-1) + (wide ? 28 : 14), "start"],
      ["sigmoid, dotted", 10, FLOOR - 9, "start"],
    ];
    return places.map(([name, x, y, anchor]) => h("text", { x, y, "text-anchor": anchor }, name));
  }

  /**
   * Puts the ring at a response and what the function makes of it.
   *
   * @param {number} z
   * @param {number} y
   */
  mark(z, y) {
    this.point.setAttribute("cx", String(this.across(z)));
    this.point.setAttribute("cy", String(this.up(y)));
    this.drop.setAttribute("d", `M${this.across(z)} ${FLOOR}V${this.up(y)}`);
  }
}

// ---- the page

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {(response: number) => void} drag is called with the response to which the ring is dragged
 */
function layout(page, drag) {
  const walk = new Walk(page);
  walk.count = 5;
  const describedBy = page.sentence.id;
  const before = new CellMap("Responses before. Arrow keys choose one.", { walk, describedBy, signed: true });
  const after = new CellMap("Responses after. Arrow keys choose one.", { walk, describedBy, signed: true });
  const plot = new Plot(drag);
  const [silent, beforeTitle] = heading("Before");
  const [kept, afterTitle] = heading("After");
  const [hint, plotTitle] = heading("The functions");
  const legends = [h("p", { class: "note" }), h("p", { class: "note" })];
  const sum = h("div");
  page.lay(
    [
      choice(page, "map", "Map", traits.map.words, (map) => page.set({ map, bias: BIASES[map] })),
      slider(page, "bias", "Bias"),
      choice(page, "function", "Function"),
    ],
    [
      panel(beforeTitle, before.el, legends[0]),
      panel(afterTitle, after.el, legends[1]),
      panel(plotTitle, plot.el),
      h("section", {}, walk.el, sum),
    ],
  );
  hint.textContent = "drag the ring to move the bias";
  return { walk, before, after, plot, silent, kept, legends, sum };
}

/**
 * The response under study, its parts and what becomes of it.
 *
 * @param {Studied} studied
 * @param {State} state
 * @param {{ z: Shade, output: Shade }} shade
 * @returns {HTMLElement[]}
 */
function written({ z, y, slope }, { function: name, bias }, shade) {
  const result = chip(shade.output(y), number(y));
  return [
    line("sum of 9 products", number(z - bias)),
    line("bias", number(bias)),
    line("response", chip(shade.z(z), number(z)), "total"),
    line(`${name} of it`, [`${equals(y)} `, result], "result"),
    line("slope: a gradient is multiplied by", `${equals(slope, 4)} ${number(slope, 4)}`),
  ];
}

/**
 * How many of the responses are not above 0.
 *
 * @param {number} silent
 * @returns {string}
 */
function counted(silent) {
  if (!silent) return "All 25 responses are above 0.";
  if (silent === 25) return "None of the 25 responses is above 0.";
  return `${plural(silent, "response")} of 25 ${silent === 1 ? "is" : "are"} not above 0.`;
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  let products = 0; // of the response under study: its sum before the bias
  const parts = layout(page, (response) => {
    const { low, high } = traits.bias;
    page.set({ bias: Math.max(low, Math.min(high, Math.round(response - products))) });
  });
  const { walk, before, after, plot } = parts;

  /**
   * The colours of the responses before and after: functions of a value.
   *
   * @param {Found} found
   * @returns {{ z: Shade, output: Shade }}
   */
  const shades = ({ z, output }) => {
    const most = largest(z);
    const mostOutput = mostOf(output);
    return {
      z: (value) => page.colours.signed(value, most),
      output: (value) => page.colours.signed(value, mostOutput),
    };
  };

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { z, output } = found;
    const shade = shades(found);
    const text = (/** @type {number} */ value) => number(value, 1);
    const blank = walk.hides.bind(walk);
    before.paint({ values: z, total: 5, colour: shade.z, text });
    const share = (/** @type {number} */ value) => number(value, state.function === "ReLU" ? 1 : 2);
    after.paint({ values: output, total: 5, colour: shade.output, text: share, blank });
    parts.silent.textContent = `${found.silent} of 25 not above 0`;
    parts.kept.textContent = state.function;
    const ends = (/** @type {number} */ most) => scale(number(-most, 1), number(most, 1));
    parts.legends[0].replaceChildren(...ends(largest(z)));
    const all = output.flat().some(Boolean) ? ends(mostOf(output)) : ["Every number is 0"];
    parts.legends[1].replaceChildren(...all);
    plot.draw(largest(z), state.function);
  }

  /**
   * The response under study: framed in both maps, on the curve, in a sum and in a sentence.
   *
   * @param {Found} found
   * @param {State} state
   */
  function mark(found, state) {
    const { row, column } = walk.place;
    const [z, y, slope] = [found.z, found.output, found.slope].map((matrix) => matrix[row][column]);
    products = z - state.bias;
    for (const map of [before, after]) map.outline(row, column, 1);
    plot.mark(z, y);
    walk.title.textContent = `Response (${row}, ${column})`;
    parts.sum.replaceChildren(...written({ z, y, slope }, state, shades(found)));
    const about = equals(y) === "=" ? "" : "about ";
    page.say(
      `Response (${row}, ${column}) is ${number(z)}: ${state.function} makes ${about}${number(y)} of it, ` +
        `with slope ${number(slope, 4)}. ${counted(found.silent)}`,
      walk.passing,
    );
  }

  return page.start({ compute, update, mark, moves: ["row", "column"], stop: () => walk.pause() });
}

export default { traits, compute, render };
