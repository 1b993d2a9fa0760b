/** The table of a network: a line for each layer with its numbers, and the towers drawn over it. */
import { h, thousands } from "./elements.js";
import { times } from "./network_words.js";
import { modified } from "./pointer.js";
import { towers } from "./towers.js";

/** @typedef {import("./network.js").Row} Row */
/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").State} State */
/** @typedef {Record<string, HTMLElement>} Line the cells of a line, and the line itself, `el` */

const CELLS = {
  name: "Layer",
  gap: "Maps",
  shape: "Output",
  parameters: "Parameters",
  multiply_accumulates: "Multiply-accumulates",
};

/**
 * An empty line of the table.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @returns {Line}
 */
function lineOf(tag, attributes) {
  const cells = Object.fromEntries(Object.keys(CELLS).map((cell) => [cell, h("span", { class: cell })]));
  return { ...cells, el: h(tag, attributes, ...Object.values(cells)) };
}

/**
 * Writes a line of the table; what it does not have stays empty.
 *
 * @param {Line} line
 * @param {{ name: string, shape?: number[], parameters?: number, multiply_accumulates?: number }} row
 */
function fill(line, { name, shape = [], parameters, multiply_accumulates }) {
  line.name.textContent = name;
  line.shape.textContent = times(shape);
  line.parameters.textContent = parameters === undefined ? "" : thousands(parameters);
  line.multiply_accumulates.textContent =
    multiply_accumulates === undefined ? "" : thousands(multiply_accumulates);
}

/**
 * The table, its towers, and the keys that choose a layer.
 *
 * @param {Page} page its settings have the `layer` under study
 * @param {string[]} names of the layers
 * @returns {{ names: string[], image: Line, layers: Line[], sum: Line, drawing: SVGSVGElement, el:
 *   HTMLElement }}
 */
export function networkTable(page, names) {
  const head = lineOf("div", { class: "head" });
  const image = lineOf("div");
  const sum = lineOf("div", { class: "sum" });
  for (const [cell, words] of Object.entries(CELLS)) head[cell].textContent = words;
  const choose = (/** @type {number} */ layer) => page.set({ layer });
  const layers = names.map((_, at) =>
    lineOf("button", { type: "button", role: "radio", onclick: () => choose(at) }),
  );
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (!by || modified(event)) return;
    event.preventDefault();
    const layer = Math.max(0, Math.min(names.length - 1, page.state.layer + by));
    choose(layer);
    layers[layer].el.focus();
  };
  const list = h(
    "div",
    { class: "rows", role: "radiogroup", "aria-label": "Layers. Arrow keys choose one.", onkeydown },
    ...layers.map((row) => row.el),
  );
  const drawing = h("svg", { class: "towers", "aria-hidden": "true" });
  return {
    names,
    image,
    layers,
    sum,
    drawing,
    el: h("div", { class: "network" }, head.el, image.el, list, sum.el, drawing),
  };
}

/**
 * Writes the table and draws the towers over it.
 *
 * @param {ReturnType<typeof networkTable>} table
 * @param {{ rows: Row[], broken: object | null, parameters: number, multiply_accumulates: number }} found
 * @param {State} state
 */
export function drawTable({ names, image, layers, sum, drawing }, found, { layer, size, groups }) {
  const { rows, broken, parameters, multiply_accumulates } = found;
  fill(image, { name: "image", shape: [size, size, 3] });
  layers.forEach((line, at) => {
    const gone = at >= rows.length;
    fill(line, gone ? { name: names[at] } : rows[at]);
    if (gone) line.shape.textContent = at === rows.length ? "breaks" : "–";
    line.el.setAttribute("aria-checked", String(at === layer));
    line.el.tabIndex = at === layer ? 0 : -1;
    line.el.classList.toggle("gone", gone);
  });
  fill(sum, { name: "sum", parameters, multiply_accumulates });
  if (broken) sum.parameters.textContent = sum.multiply_accumulates.textContent = "–";
  const { offsetLeft, clientWidth: width } = image.gap;
  const rowHeight = image.el.offsetHeight;
  const height = (names.length + 1) * rowHeight;
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.style.cssText = `left:${offsetLeft}px;top:${image.el.offsetTop}px;width:${width}px;height:${height}px`;
  const stages = [{ shape: [size, size, 3], kind: "image", groups: 1 }, ...rows];
  const how = { width, rowHeight, size, towers: groups, count: names.length + 1, chosen: layer + 1 };
  drawing.replaceChildren(...towers(stages, how));
}
