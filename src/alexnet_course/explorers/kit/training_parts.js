/** The parts of the training explorer's page. */
import { CellMap } from "./cellmap.js";
import { button, choice, slider } from "./controls.js";
import { Curves } from "./curves.js";
import { h, range } from "./elements.js";
import { known } from "./learning.js";
import { Answers, Filters } from "./learning_view.js";
import { panel } from "./page.js";
import { written } from "./training_words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {{ run: () => void, step: () => void, reset: () => void }} Press */
/** @typedef {ReturnType<typeof make>} Parts */

export const FILTERS = 16; // that the first layers have at most
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 3, 10];
const MOMENTA = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const DECAYS = [0, 0.0001, 0.0005, 0.001, 0.003, 0.01, 0.03, 0.1];

/**
 * The weights of the filter under study, one of which can be chosen.
 *
 * @param {Page} page
 * @returns {CellMap}
 */
function filterMap(page) {
  const at = (/** @type {number} */ y, /** @type {number} */ x) => {
    const side = known(page.state.network).table[0].kernel_size[0];
    const inside = (/** @type {number} */ v) => Math.max(0, Math.min(side - 1, Math.floor(v)));
    page.set({ entry: inside(y) * side + inside(x) });
  };
  return new CellMap("Weights of the filter", {
    walk: {
      point: (y, x, chosen) => chosen && at(y, x),
      leave() {},
      key(event) {
        const side = known(page.state.network).table[0].kernel_size[0];
        const by = { ArrowUp: -side, ArrowDown: side, ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        const entry = Math.min(page.state.entry, side * side - 1) + by;
        if (entry >= 0 && entry < side * side) page.set({ entry });
      },
    },
    signed: true,
    describedBy: page.sentence.id,
  });
}

/**
 * What the explorer writes to and listens to.
 *
 * @param {Page} page
 * @param {Press} press
 */
function make(page, press) {
  return {
    lossText: h("span"),
    rightText: h("span"),
    answersText: h("span"),
    mapText: h("span"),
    slopeText: h("span"),
    ruleText: h("span"),
    note: h("p", { class: "note" }),
    map: filterMap(page),
    slope: new CellMap("Gradient of the filter", { signed: true }),
    loss: new Curves(),
    right: new Curves(),
    runs: h("p", { class: "runs note" }),
    filters: new Filters(page, FILTERS),
    answers: new Answers(),
    rule: h("div", { class: "rule" }),
    run: button("Run", press.run),
    step: button("Step", press.step),
    reset: button("Start again", press.reset),
    seed: slider(page, "seed", "Draw"),
  };
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {Press} press
 * @returns {Parts}
 */
export function layout(page, press) {
  const parts = make(page, press);
  page.lay(
    [
      choice(page, "network", "Network"),
      choice(page, "start", "Start"),
      slider(page, "rate", "Rate", RATES, { text: written }),
      slider(page, "momentum", "Momentum", MOMENTA, { text: written }),
      slider(page, "decay", "Decay", DECAYS, { text: written }),
      slider(
        page,
        "dropout",
        "Dropout",
        range(0, 9).map((i) => i / 10),
        { text: written },
      ),
      parts.seed,
      h("div", { class: "buttons" }, parts.run, parts.step, parts.reset),
      parts.note,
    ],
    [
      panel(["Loss ", parts.lossText], parts.loss.el),
      panel(["Right ", parts.rightText], parts.right.el),
      parts.runs,
      panel(["Filters of the first layer"], parts.filters.el),
      panel(["What it says ", parts.answersText], parts.answers.el),
      panel(["Filter ", parts.mapText], h("div", { class: "filter-map" }, parts.map.el)),
      panel(["Its gradient ", parts.slopeText], h("div", { class: "filter-map" }, parts.slope.el)),
      panel(["The paper's rule ", parts.ruleText], parts.rule),
    ],
  );
  parts.rule.parentElement?.classList.add("wide");
  return parts;
}
