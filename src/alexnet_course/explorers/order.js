/** The order explorer: ReLU, normalization and max pooling in any order, beside the paper's. */
import { choice, slider } from "./kit/controls.js";
import { equals, factor, h, largest, number, range } from "./kit/elements.js";
import { normalize, rectify } from "./kit/maths.js";
import { Page, panel } from "./kit/page.js";
import { chip, line } from "./kit/text.js";
import { list, real, whole, word } from "./kit/traits.js";

/** @typedef {import("./kit/maths.js").Matrix} Matrix */
/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */

const MAPS = 4;
const PLACES = 3;
const CARD = MAPS / 2;
const PAPER = "ReLU, LRN, pool";
const CODE = "LRN, pool, ReLU";
const TWIN = "LRN, ReLU, pool"; // its numbers are the code's
const K = 2;
const BETA = 0.75;
const ALPHAS = [0, 0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10];

/** Every setting and what it may be, as in order.py. */
export const traits = {
  responses: list(MAPS * PLACES, MAPS * PLACES, 99),
  order: word(PAPER, "ReLU, pool, LRN", "LRN, ReLU, pool", CODE, "pool, ReLU, LRN", "pool, LRN, ReLU"),
  convention: word("sum", "sum / n"),
  hears: word("both cards", "its own card"),
  alpha: real(0, 10, 0.1),
  n: whole(1, 9, 2),
  map: whole(0, MAPS - 1),
  place: whole(0, PLACES - 1),
};

/** @typedef {{ n: number, alpha: number, convention: string, hears: string }} Letters */

/**
 * Normalizes maps in rows, each place by itself: the sums of squares and the results.
 *
 * @param {Matrix} given
 * @param {Letters} letters
 * @returns {{ sums: Matrix, output: Matrix }}
 */
function normalized(given, { n, alpha, convention, hears }) {
  const letters = { n, k: K, alpha, beta: BETA, convention: convention === "sum" ? "paper" : "alpha / n" };
  const columns = given[0].map((_, p) => {
    const maps = given.map((row) => row[p]);
    const cards = hears === "both cards" ? [maps] : [maps.slice(0, CARD), maps.slice(CARD)];
    return cards.flatMap((card) => normalize(card, letters));
  });
  const turned = (/** @type {"sum_of_squares" | "output"} */ name) =>
    given.map((_, c) => columns.map((column) => column[c][name]));
  return { sums: turned("sum_of_squares"), output: turned("output") };
}

/**
 * What is there at the start and after each layer, and the sums of squares on the way.
 *
 * @param {Matrix} start
 * @param {string} order
 * @param {Letters} letters
 * @returns {{ steps: Matrix[], sums: Matrix }}
 */
function through(start, order, letters) {
  const steps = [start];
  /** @type {Matrix} */
  let sums = [];
  for (const name of order.split(", ")) {
    const given = steps[steps.length - 1];
    if (name === "ReLU") steps.push(rectify(given));
    else if (name === "pool") steps.push(given.map((row) => [Math.max(...row)]));
    else {
      const found = normalized(given, letters);
      sums = found.sums;
      steps.push(found.output);
    }
  }
  return { steps, sums };
}

/**
 * Everything that follows from the settings, by its name in order.py: the numbers after the `first`, the `second` and
 * the last layer; the `sums` of squares in LRN; and how far the `output` lies from the `paper`'s.
 *
 * @param {State} state
 * @returns {{ start: number[][], first: number[][], second: number[][], output: number[][], sums:
 *   number[][], scaled_alpha: number, paper: number[][], difference: number[][], apart: number }}
 */
export function compute(state) {
  const { responses, order, convention, alpha, n } = state;
  const start = range(0, MAPS - 1).map((c) => responses.slice(c * PLACES, (c + 1) * PLACES));
  const { steps, sums } = through(start, order, /** @type {any} */ (state));
  const paper = through(start, PAPER, { n, alpha, convention: "sum", hears: "both cards" }).steps[3];
  const [, first, second, output] = steps;
  const difference = output.map(([value], c) => [value - paper[c][0]]);
  const most = Math.max(...paper.flat());
  return {
    start,
    first,
    second,
    output,
    sums,
    scaled_alpha: convention === "sum" ? alpha : alpha / n,
    paper,
    difference,
    apart: most ? Math.max(...difference.flat().map(Math.abs)) / most : 0,
  };
}

// ---- parts of the page

const fine = (/** @type {number} */ value) => number(value, 4);

/**
 * A table of numbers: a row for each map, a column for each place.
 *
 * @param {string} name
 * @param {string} words what it shows, for whoever does not see the title
 */
function grid(name, words) {
  const title = h("span");
  const table = h("table", { "aria-label": words });
  return {
    table,
    el: h("div", { class: "stage" }, h("p", { class: "title" }, `${name} `, title), table),
    title,
  };
}

/**
 * Fills a table.
 *
 * @param {HTMLElement} table
 * @param {Matrix} values
 * @param {{ paint: (value: number) => import("./kit/colours.js").Colour, map: number, place: number, split: boolean,
 *   choose?: (map: number, place: number) => void }} how the cell under study is framed; `split` draws the border
 *   between the cards
 */
function fill(table, values, { paint, map, place, split, choose }) {
  const cell = (/** @type {number} */ value, /** @type {number} */ c, /** @type {number} */ p) => {
    const here = c === map && (values[c].length === 1 || p === place);
    const onclick = choose && (() => choose(c, p));
    return h("td", { class: here && "here", onclick }, chip(paint(value), number(value, 3)));
  };
  const rows = values.map((row, c) =>
    h("tr", {}, h("th", { scope: "row" }, `map ${c}`), ...row.map((value, p) => cell(value, c, p))),
  );
  if (split)
    rows.splice(
      CARD,
      0,
      h("tr", { class: "border", "aria-hidden": "true" }, h("td", { colspan: PLACES + 1 })),
    );
  table.replaceChildren(h("tbody", {}, ...rows));
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const stages = ["Responses", "1", "2", "3", "Paper", "Difference"].map((name) =>
    grid(name, /^\d$/.test(name) ? `After layer ${name}` : name),
  );
  const els = stages.map(({ el }) => el);
  const sum = h("div");
  const verdict = h("div");
  const at = (/** @type {State} */ { map, place }) => map * PLACES + place;
  page.lay(
    [
      choice(page, "order", "Order"),
      choice(page, "convention", "Alpha multiplies the"),
      choice(page, "hears", "LRN hears maps on"),
      slider(page, "alpha", "alpha", ALPHAS, { text: fine }),
      slider(page, "n", "n"),
      slider(page, "map", "Map under study"),
      slider(page, "place", "Place under study"),
      slider(page, "responses", ({ map, place }) => `Response of map ${map} at ${place}`, range(-9, 9), {
        index: at,
        with: ["map", "place"],
      }),
    ],
    [
      h(
        "section",
        { class: "wide stages" },
        ...els.slice(0, 4),
        h("div", { class: "beside" }, ...els.slice(4)),
      ),
      panel(["The number under study"], sum),
      panel(["Beside the paper"], verdict),
    ],
  );
  return { stages, sum, verdict };
}

/**
 * What each layer does to the response under study, one line a layer.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function written({ start, first, second, output, sums, scaled_alpha }, { order, map, place }) {
  const steps = [start, first, second, output];
  const value = (/** @type {number} */ step) => steps[step][map][steps[step][map].length === 1 ? 0 : place];
  const lines = [line(`response of map ${map} at place ${place}`, number(value(0), 4))];
  for (const [i, name] of order.split(", ").entries()) {
    const given = steps[i][map];
    const before = number(value(i), 4);
    const sum = fine(sums[map][sums[map].length === 1 ? 0 : place]);
    const words = {
      ReLU: `ReLU: the larger of 0 and ${before}`,
      LRN: `LRN: ${before} / (${K} + ${fine(scaled_alpha)} · ${sum}) to the power ${BETA}`,
      pool: `pool: the largest of ${given.map((/** @type {number} */ v) => number(v, 4)).join(", ")}`,
    }[/** @type {"ReLU" | "LRN" | "pool"} */ (name)];
    const after = value(i + 1);
    const rounded = [`${equals(after, 4)} `, h("b", {}, fine(after))];
    lines.push(line(words, rounded, i === 2 ? "result" : ""));
  }
  return lines;
}

/**
 * Which settings part from the paper's, and by how much.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function compared({ output, paper, difference, apart }, { order, convention, hears, map }) {
  const known = /** @type {Record<string, string>} */ ({
    [PAPER]: "the paper's",
    [CODE]: "the code's",
    [TWIN]: "another, with the code's numbers",
  });
  const whose = known[order] ?? "another";
  return [
    line("this order", whose),
    line("what alpha multiplies", convention === "sum" ? "as in the paper" : "as in the code"),
    line("LRN hears maps on", hears === "both cards" ? "as in the paper" : "as in the code"),
    line(`map ${map} here`, fine(output[map][0]), "total"),
    line(`map ${map} in the paper's way`, fine(paper[map][0])),
    line("difference", fine(difference[map][0])),
    line(
      "largest difference of a map",
      `${number(100 * apart, 1)} % of ${factor(Math.max(...paper.flat()), 4)}`,
      "result",
    ),
  ];
}

/**
 * What came of the map under study, in a sentence.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ output, paper, apart }, { order, map }) {
  const [ours, papers] = [output, paper].map((values) => fine(values[map][0]));
  const rest =
    apart < 1e-12 ? "All four maps agree." : `The largest difference is ${number(100 * apart, 1)} %.`;
  return `${order}: map ${map} ends with ${ours}; the paper's order gives ${papers}. ${rest}`;
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);
  const choose = (/** @type {number} */ map, /** @type {number} */ place) => page.set({ map, place });

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { start, first, second, output, paper, difference } = found;
    const names = state.order.split(", ");
    const { map, place } = state;
    const split = state.hears === "its own card";
    [start, first, second, output, paper, difference].forEach((values, i) => {
      const most = largest(i === 5 ? paper : values);
      const paint = (/** @type {number} */ value) => page.colours.signed(value, most);
      const { table, title } = parts.stages[i];
      fill(table, values, { paint, map, place, split, choose: i ? undefined : choose });
      if (i >= 1 && i <= 3) title.textContent = names[i - 1];
    });
    parts.sum.replaceChildren(...written(found, state));
    parts.verdict.replaceChildren(...compared(found, state));
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
