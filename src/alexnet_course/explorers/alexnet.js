/** The alexnet explorer: the network of 2012 as a table that can be changed, and what follows from every change. */
import { slider } from "./kit/controls.js";
import { box, h, plural, range, thousands } from "./kit/elements.js";
import { pixelRows } from "./kit/maths.js";
import { network, total } from "./kit/network.js";
import { drawTable, networkTable } from "./kit/network_table.js";
import { sums, told } from "./kit/network_words.js";
import { Page, panel } from "./kit/page.js";
import { whole, wholes } from "./kit/traits.js";
import AS_PUBLISHED from "./made/network_table.json" with { type: "json" };
import THUMBNAIL from "./made/thumbnail.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/network.js").Row} Row */
/** @typedef {import("./kit/network.js").TableRow} TableRow */
/** @typedef {ReturnType<typeof compute>} Found */

/** @type {TableRow[]} */
const TABLE = AS_PUBLISHED.rows;

// ---- settings: lists of the numbers of one kind, and for each row of the table its place in them

/** @type {[list: string, column: keyof TableRow][]} */
const LISTS = [
  ["kernel_sizes", "kernel_size"],
  ["strides", "stride"],
  ["paddings", "padding"],
  ["filters", "filters"],
  ["features", "features"],
];
/** @type {Record<string, (number | undefined)[]>} */
const PLACES = Object.fromEntries(
  LISTS.map(([list, column]) => [
    list,
    TABLE.map((row, at) =>
      column in row ? TABLE.slice(0, at).filter((other) => column in other).length : undefined,
    ),
  ]),
);
/** @type {Record<string, any>} */
const START = {
  size: AS_PUBLISHED.input_shape[0],
  groups: 1,
  ...Object.fromEntries(
    LISTS.map(([list, column]) => [list, TABLE.filter((row) => column in row).map((row) => row[column])]),
  ),
};
const GROUPED = TABLE.filter((row) => row.grouped).map((row) => row.name);
const FILTERS = [1, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
const FEATURES = [1, 10, 100, 256, 512, 1000, 1024, 2048, 4096, 8192];

/** Every setting and what it may be, as in alexnet.py. */
export const traits = {
  size: whole(16, 256),
  groups: whole(1, 4),
  layer: whole(0, TABLE.length - 1),
  kernel_sizes: wholes(START.kernel_sizes.length, 1, 15),
  strides: wholes(START.strides.length, 1, 8),
  paddings: wholes(START.paddings.length, 0, 7),
  filters: wholes(START.filters.length, 1, 1024),
  features: wholes(START.features.length, 1, 8192),
};

// ---- what follows

/** The network as the explorer begins, and that of 2012. */
const AT_FIRST = network(TABLE, /** @type {any} */ (START)).rows;
const IN_2012 = network(TABLE, /** @type {any} */ ({ ...START, groups: 2 })).rows;

const millions = (/** @type {number} */ n) => `${(n / 1e6).toFixed(1)} million`;
const [FIRST_SIZE, SIZE_IN_2012] = [AT_FIRST, IN_2012].map((rows) => millions(total(rows, "parameters")));

/**
 * What a reader may try to reach: in words, and whether a network that is not broken does.
 *
 * @type {{ words: string, reached: (state: State, rows: Row[], parameters: number) => boolean }[]}
 */
const GOALS = [
  {
    words: `One change: from ${FIRST_SIZE} parameters to ${SIZE_IN_2012}`,
    reached: (state, _, parameters) => changes(state) === 1 && millions(parameters) === SIZE_IN_2012,
  },
  {
    words: "One change: fewer than 30 million parameters",
    reached: (state, _, parameters) => changes(state) === 1 && parameters < 30e6,
  },
  {
    words: "A picture of 224 × 224, and still 55 × 55 after conv1",
    reached: ({ size }, [conv1]) => size === 224 && conv1.shape[0] === 55,
  },
  {
    words: "One unit of pool5 sees the whole picture",
    reached: ({ size }, rows) => rows.some(({ name, field }) => name === "pool5" && field >= size),
  },
];

/**
 * How many settings differ from the start.
 *
 * @param {State} state
 * @returns {number}
 */
const changes = (state) =>
  Object.entries(START)
    .flatMap(([name, first]) => [state[name]].flat().map((v, i) => v !== [first].flat()[i]))
    .filter(Boolean).length;

/**
 * The pixels that a unit in the middle of a row sees, inside the picture: the first, and the first beyond them.
 *
 * @param {Row} row
 * @param {number} size
 * @returns {[number, number]}
 */
function seenBy({ shape, field, jump, first }, size) {
  const middle = shape.length > 1 ? (shape[0] - 1) >> 1 : 0;
  const from = first + middle * jump;
  return [Math.max(0, from), Math.max(0, from, Math.min(size, from + field))];
}

/**
 * Everything that follows from the settings, by its name in alexnet.py.
 *
 * @param {State} state
 * @returns {{ rows: import("./kit/network.js").Row[], broken: import("./kit/network.js").Broken | null,
 *   parameters: number, multiply_accumulates: number, seen: [number, number] | null, reached: boolean[] }}
 */
export function compute(state) {
  const { rows, broken } = network(TABLE, /** @type {any} */ (state));
  const parameters = broken ? 0 : total(rows, "parameters");
  const row = rows[state.layer];
  return {
    rows,
    broken,
    parameters,
    multiply_accumulates: broken ? 0 : total(rows, "multiply_accumulates"),
    seen: row ? seenBy(row, state.size) : null,
    reached: GOALS.map(({ reached }) => !broken && reached(state, rows, parameters)),
  };
}

// ---- the layer under study

/**
 * The middle of Chelsea, as a picture.
 *
 * @returns {HTMLElement}
 */
function photograph() {
  const side = THUMBNAIL.height;
  const left = (THUMBNAIL.width - side) / 2;
  const words = "A photograph of a cat; a frame shows what one unit in the middle of the layer sees";
  const canvas = h("canvas", { width: side, height: side, role: "img", "aria-label": words });
  const data = new ImageData(side, side);
  pixelRows(THUMBNAIL).forEach((row, r) =>
    row.slice(left, left + side).forEach((pixel, c) => data.data.set([...pixel, 255], 4 * (r * side + c))),
  );
  canvas.getContext("2d")?.putImageData(data, 0, 0);
  return canvas;
}

/**
 * The frame round the pixels that a unit sees, and a veil over all others.
 *
 * @param {[number, number] | null} seen
 * @param {number} size
 * @returns {Element[]}
 */
function frameOf(seen, size) {
  const all = box(0, 0, size);
  if (!seen) return [h("path", { class: "veil", d: all })];
  const [from, to] = seen;
  const inside = box(from, from, to - from);
  return [
    h("path", { class: "veil", d: all + inside }),
    h("path", { class: "halo", d: inside }),
    h("path", { class: "frame", d: inside }),
  ];
}

// ---- the page

/**
 * The sliders. Those of one layer follow the layer under study.
 *
 * @param {Page} page
 * @returns {HTMLElement[]}
 */
function controls(page) {
  const ofLayer = (/** @type {string} */ list, /** @type {string} */ words, /** @type {number[]} */ values) =>
    slider(page, list, ({ layer }) => `${words} of ${TABLE[layer].name}`, values, {
      text: thousands,
      index: ({ layer }) => PLACES[list][layer],
      with: ["layer"],
    });
  return [
    slider(page, "size", "Input size"),
    slider(page, "groups", `Groups of ${GROUPED.join(", ")}`),
    ofLayer("kernel_sizes", "Kernel", range(1, 15)),
    ofLayer("strides", "Stride", range(1, 8)),
    ofLayer("paddings", "Padding", range(0, 7)),
    ofLayer("filters", "Filters", FILTERS),
    ofLayer("features", "Units", FEATURES),
  ];
}

/**
 * A goal, ticked where it is reached.
 *
 * @param {string} words
 * @param {boolean} reached
 * @returns {HTMLElement}
 */
const goal = (words, reached) =>
  h(
    "li",
    { class: reached ? "reached" : "" },
    h("b", { "aria-hidden": "true" }, reached ? "✓" : ""),
    words,
    h("span", {}, reached ? " – reached" : ""),
  );

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const names = TABLE.map(({ name }) => name);
  const table = networkTable(page, names);
  const title = new Text();
  const details = h("dl", { class: "sizes" });
  const fieldTitle = h("span");
  const frame = h("svg", { "aria-hidden": "true" });
  const goals = h("ul", { class: "goals" });
  page.lay(controls(page), [
    h("section", { class: "wide" }, table.el),
    panel([title], details),
    panel(["What one unit sees ", fieldTitle], h("div", { class: "view" }, photograph(), frame)),
    h("section", { class: "wide" }, h("p", { class: "title" }, "Can you get there?"), goals),
  ]);

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    drawTable(table, found, state);
    goals.replaceChildren(...GOALS.map(({ words }, at) => goal(words, found.reached[at])));
    study(found, state);
  }

  /**
   * The layer under study: its sums in full, and its field on the photograph.
   *
   * @param {Found} found
   * @param {State} state
   */
  function study({ rows, broken, seen }, { size, layer }) {
    const { name } = TABLE[layer];
    const row = rows[layer];
    const inside = seen ? seen[1] - seen[0] : 0;
    const breaks = broken ? `${broken.name} breaks: ${broken.why}` : "";
    const lines = row
      ? sums(row, AT_FIRST[layer].from)
      : [["cannot be", broken?.name === name ? broken.why : breaks]];
    title.data = name;
    details.replaceChildren(...lines.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]));
    const sees = inside === size ? "everything" : `${plural(inside, "pixel")} a side`;
    fieldTitle.textContent = row ? sees : "nothing";
    frame.setAttribute("viewBox", `0 0 ${size} ${size}`);
    frame.replaceChildren(...frameOf(seen, size));
    const ends = broken ? `${breaks}, so the network ends before it.` : "";
    page.say(`${row ? told(row, size, inside) : ""}${ends}`);
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
