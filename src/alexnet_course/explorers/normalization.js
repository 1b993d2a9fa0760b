/** The normalization explorer: what loud neighbours do to a response. */
import { choice, slider } from "./kit/controls.js";
import { equals, factor, h, number, range } from "./kit/elements.js";
import { fraction } from "./kit/formula.js";
import { normalize } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { follow } from "./kit/pointer.js";
import { roomOf } from "./kit/room.js";
import { line } from "./kit/text.js";
import { list, real, whole, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

/** Every setting and what it may be, as in normalization.py. */
export const traits = {
  responses: list(2, 12, 99),
  n: whole(1, 9, 2),
  k: real(0.1, 10, 0.1),
  alpha: real(0, 10, 0.1),
  beta: real(0, 2, 0.05),
  convention: word("paper", "alpha / n", "half width"),
  map: whole(0, 11),
};

/**
 * Everything that follows from the settings, by its name in normalization.py: the `output` of all maps; and of the
 * map under study, `studied`, its first and last of the `neighbours`, their `sum_of_squares`, the
 * `scaled_alpha` before it, and the `base` that is raised to the power beta.
 *
 * @param {State} state
 * @returns {{ output: number[], studied: number, neighbours: number[], sum_of_squares: number, scaled_alpha:
 *   number, base: number }}
 */
export function compute(state) {
  const { responses, n, k, alpha, beta, convention } = state;
  const all = normalize(responses, { n, k, alpha, beta, convention });
  const studied = Math.min(state.map, all.length - 1);
  const { first, last, sum_of_squares, scaled_alpha, base } = all[studied];
  return {
    output: all.map((one) => one.output),
    studied,
    neighbours: [first, last],
    sum_of_squares,
    scaled_alpha,
    base,
  };
}

const CONSTANTS = [0.5, 1, 2, 3, 5, 10];
const ALPHAS = [0, 0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10];
const BETAS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2];
const HEIGHT = 216;
const TOP = 24;
const BOTTOM = 26;

const fine = (/** @type {number} */ value) => number(value, 4);

/**
 * Names a run of maps: 2, 0 and 1, 1 to 3.
 *
 * @param {number[]} ends
 * @returns {string}
 */
function run([first, last]) {
  if (first === last) return `${first}`;
  return last - first === 1 ? `${first} and ${last}` : `${first} to ${last}`;
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const [detail, title] = heading("Responses of neighbouring maps");
  const [neighbours, sumTitle] = heading("Map under study");
  const svg = h("svg", { "aria-hidden": "true" });
  const label = "Two bars a map, before and after; the sentence below says what they show.";
  const bars = h("div", { class: "bars", role: "img", "aria-label": label }, svg);
  const sum = h("div");
  const division = h("div", { class: "formula" });
  const sliders = h("div", { class: "controls" });
  const legend = [
    ["before", "before"],
    ["after", "after"],
    ["frame", "the neighbours that count"],
  ].flatMap(([kind, words]) => [h("b", { class: kind }), words]);
  const map = slider(page, "map", "Map under study", range(0, 11));
  const studied = /** @type {HTMLInputElement} */ (map.querySelector("input"));
  page.lay(
    [
      map,
      slider(page, "n", "n"),
      choice(page, "convention", "Convention"),
      slider(page, "k", "k", CONSTANTS, { text: fine }),
      slider(page, "alpha", "alpha", ALPHAS, { text: fine }),
      slider(page, "beta", "beta", BETAS, { text: fine }),
    ],
    [
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, ...title),
        bars,
        h("p", { class: "note legend" }, ...legend),
      ),
      h("section", { class: "wide" }, sliders),
      panel(sumTitle, sum),
      panel(["The division"], division),
    ],
  );
  return { studied, detail, neighbours, svg, bars, sum, division, sliders };
}

/**
 * Draws two bars a map, and a frame round the neighbours that count.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {Found} found
 */
function drawBars({ bars, svg }, { responses }, { output, studied, neighbours: [first, last] }) {
  const width = roomOf(bars).width || 640;
  const wide = width / responses.length;
  const bar = Math.min(48, wide * 0.34);
  const values = [...responses, ...output];
  const low = Math.min(0, ...values);
  const unit = (HEIGHT - TOP - BOTTOM) / Math.max(4, Math.max(...values) - low);
  const zero = HEIGHT - BOTTOM + low * unit;
  const block = (/** @type {string} */ kind, /** @type {number} */ value, /** @type {number} */ x) => {
    const y = zero - Math.max(0, value) * unit;
    return [
      h("rect", { class: kind, x, y, width: bar, height: Math.abs(value) * unit }),
      h("text", { x: x + bar / 2, y: y - 5 }, number(value, 3)),
    ];
  };
  const map = (/** @type {number} */ value, /** @type {number} */ i) => {
    const middle = (i + 0.5) * wide;
    const inside = i >= first && i <= last;
    const name = { class: i === studied ? "name chosen" : "name", x: middle, y: HEIGHT - 7 };
    return [
      ...block(inside ? "before inside" : "before", value, middle - bar - 1),
      ...block("after", output[i], middle + 1),
      h("text", name, i === studied ? `map ${i}` : String(i)),
    ];
  };
  const frame = {
    class: "frame",
    x: first * wide + 2,
    y: 2,
    width: (last - first + 1) * wide - 4,
    height: HEIGHT - 4,
  };
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  bars.style.height = `${HEIGHT}px`;
  svg.replaceChildren(
    ...responses.flatMap(map),
    h("path", { class: "zero", d: `M0 ${zero}H${width}` }),
    h("rect", frame),
  );
}

/**
 * What the map under study is divided by, from the squares of its neighbours on.
 *
 * @param {State} state
 * @param {Found} found
 * @returns {HTMLElement[]}
 */
function written({ responses, k, beta, convention }, found) {
  const { studied, neighbours, output, base } = found;
  const square = (/** @type {number} */ i) =>
    line(`map ${i}: ${factor(responses[i])} squared`, number(responses[i] ** 2));
  const times = convention === "alpha / n" ? "alpha / n" : "alpha";
  const after = output[studied];
  return [
    ...range(neighbours[0], neighbours[1]).map(square),
    line("sum of squares", number(found.sum_of_squares), "total"),
    line(`times ${times} = ${fine(found.scaled_alpha)}`, fine(found.scaled_alpha * found.sum_of_squares)),
    line(`plus k = ${fine(k)}: s`, fine(base)),
    line(`to the power beta = ${fine(beta)}`, fine(base ** beta)),
    line(`map ${studied} after`, [`${equals(after, 4)} `, h("b", {}, fine(after))], "result"),
  ];
}

/**
 * The same as a fraction: in words, with the squares, with their sum.
 *
 * @param {State} state
 * @param {Found} found
 * @returns {HTMLElement[]}
 */
function divided({ responses, k, beta }, { studied, neighbours, output, scaled_alpha, base }) {
  const squares = range(neighbours[0], neighbours[1])
    .map((i) => `${factor(responses[i])}²`)
    .join(" + ");
  const before = number(responses[studied]);
  const after = output[studied];
  const power = (/** @type {string} */ text) => h("sup", {}, text);
  /** @type {(start: string, ...rest: import("./kit/elements.js").Child[]) => HTMLElement} */
  const row = (start, ...rest) => h("div", {}, h("span", {}, start), ...rest);
  return [
    row("after = ", fraction("before", "s", power("beta"))),
    row("= ", fraction(before, `(${fine(k)} + ${fine(scaled_alpha)}·(${squares}))`, power(fine(beta)))),
    row(
      "= ",
      fraction(before, fine(base), power(fine(beta))),
      ` ${equals(after, 4)} `,
      h("strong", {}, fine(after)),
    ),
  ];
}

/**
 * What becomes of the map under study, and who counted, in a sentence.
 *
 * @param {State} state
 * @param {Found} found
 * @returns {string}
 */
function told({ responses, beta }, { studied, neighbours, output, base }) {
  const [first, last] = neighbours;
  const after = output[studied];
  const counted = first === last ? `Map ${studied} counts` : `Maps ${run(neighbours)} count`;
  return (
    `Map ${studied}: ${number(responses[studied])} divided by ${fine(base)} to the power ${fine(beta)} is ` +
    `${equals(after, 4) === "=" ? "" : "about "}${fine(after)}. ` +
    `${counted}, ${last - first === responses.length - 1 ? "all of them" : "the others do not"}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);
  const { bars, sliders } = parts;

  follow(bars, (event) => {
    const { left, width } = bars.getBoundingClientRect();
    const count = page.state.responses.length;
    const map = Math.floor(((event.clientX - left) / width) * count);
    page.set({ map: Math.max(0, Math.min(count - 1, map)) });
  });

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { responses, n, convention } = state;
    const [first, last] = found.neighbours;
    if (sliders.children.length !== responses.length)
      sliders.replaceChildren(
        ...range(0, responses.length - 1).map((i) =>
          slider(page, "responses", `Map ${i}`, range(0, 12), { index: i }),
        ),
      );
    parts.studied.max = String(responses.length - 1);
    drawBars(parts, state, found);
    const counted = convention === "half width" ? `${n} on each side` : `n = ${n}`;
    parts.detail.textContent = `at one place, ${counted}`;
    const who = first === last ? "no neighbour counts" : `neighbours ${run(found.neighbours)}`;
    parts.neighbours.textContent = `${found.studied}; ${who}`;
    parts.sum.replaceChildren(...written(state, found));
    parts.division.replaceChildren(...divided(state, found));
    page.say(told(state, found));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
