/** The forward-pass explorer: what a photograph becomes, stage by stage, from pixels to probabilities. */
import { button, slider } from "./kit/controls.js";
import { h, thousands } from "./kit/elements.js";
import { product } from "./kit/network.js";
import { Page, panel } from "./kit/page.js";
import { whole } from "./kit/traits.js";
import STAGES from "./made/forward_pass_maps.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

const LAST = STAGES.length - 1;
const MAPS = STAGES[1].maps.length;

/** Every setting and what it may be, as in forward_pass.py. */
export const traits = { stage: whole(0, LAST), map: whole(0, MAPS - 1) };

/**
 * A stored map as rows of levels, from 0 to 35.
 *
 * @param {string[]} rows of base-36 digits
 * @returns {number[][]}
 */
const levels = (rows) => rows.map((row) => [...row].map((digit) => parseInt(digit, 36)));

/**
 * Everything that follows from the settings, by its name in forward_pass.py.
 *
 * @param {State} state
 */
export function compute({ stage, map }) {
  const { name, shape, deviation, zeros, maps } = STAGES[stage];
  const count = product(shape);
  const chosen = Math.min(map, maps.length - 1);
  return {
    name,
    shape: [1, ...shape],
    count,
    count_before: stage ? product(STAGES[stage - 1].shape) : 0,
    deviation,
    zeros,
    chosen,
    output: levels(maps[chosen]),
    maps: maps.map(levels),
    has_places: shape.length > 1,
  };
}

/**
 * Draws rows of levels on a canvas with a pixel each.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} rows
 */
function paint(canvas, rows) {
  const data = new ImageData(rows[0].length, rows.length);
  rows.forEach((row, r) =>
    row.forEach((level, c) => {
      const grey = Math.round(24 + (231 * level) / 35);
      data.data.set([grey, grey, grey, 255], 4 * (r * row.length + c));
    }),
  );
  Object.assign(canvas, { width: data.width, height: data.height });
  canvas.getContext("2d")?.putImageData(data, 0, 0);
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const go = (/** @type {number} */ by) => () =>
    page.set({ stage: Math.max(0, Math.min(LAST, page.state.stage + by)) });
  const small = STAGES[1].maps.map((_, at) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    const choose = () => page.set({ map: at });
    return {
      canvas,
      el: h("button", { type: "button", "aria-label": `Map ${at}`, onclick: choose }, canvas),
    };
  });
  const parts = {
    view: h("canvas", { role: "img" }),
    name: new Text(),
    size: h("span"),
    facts: h("dl", { class: "sizes" }),
    back: button("Back", go(-1)),
    next: button("Next", go(1)),
    small,
  };
  const strip = h("div", { class: "strip" }, ...small.map((one) => one.el));
  const text = (/** @type {number} */ at) => STAGES[at].name;
  page.lay(
    [
      slider(page, "stage", "Stage", traits.stage.values, { text }),
      h("div", { class: "reset" }, parts.back, " ", parts.next),
    ],
    [
      panel([parts.name, " ", parts.size], h("div", { class: "view sharp" }, parts.view)),
      h("section", {}, h("p", { class: "title" }, "The first maps"), strip, parts.facts),
    ],
  );
  return parts;
}

/**
 * What can be said of all numbers of a stage: terms and their texts.
 *
 * @param {Found} found
 * @param {string} size
 * @returns {string[][]}
 */
function facts({ shape, count, deviation, zeros, has_places }, size) {
  return [
    ["shape", `${size}${has_places ? ", as N × H × W × C" : ", as N × features"}`],
    ["numbers", thousands(count)],
    ["deviation", String(deviation)],
    ["zeros", `${Math.round(100 * zeros)} %`],
    [
      "places",
      has_places ? `${shape[1]} × ${shape[2]}: still a picture` : "none: the grid is only a way to draw it",
    ],
  ];
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
  function update(found, { stage }) {
    const { name, has_places, chosen, maps } = found;
    const size = found.shape.map(thousands).join(" × ");
    parts.name.data = name;
    parts.size.textContent = size;
    paint(parts.view, found.output);
    const what = has_places ? `Map ${chosen} of ${name}` : `The numbers of ${name}, row by row`;
    parts.view.setAttribute("aria-label", what);
    parts.small.forEach(({ canvas, el: one }, at) => {
      one.hidden = at >= maps.length;
      one.setAttribute("aria-pressed", String(at === chosen));
      if (!one.hidden) paint(canvas, maps[at]);
    });
    parts.back.disabled = stage === 0;
    parts.next.disabled = stage === LAST;
    const lines = facts(found, size);
    parts.facts.replaceChildren(...lines.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]));
    const before = found.count_before ? `, ${thousands(found.count_before)} came in` : "";
    const places = has_places
      ? "Every number still has a place."
      : "A number's index says which unit it is, and no longer where.";
    page.say(`${name} hands on ${thousands(found.count)} numbers${before}. ${places}`);
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
