/** The backpropagation explorer: every number of the tile network, forward and backward, and what moves it. */
import { paintOn } from "./kit/colours.js";
import { choice, slider, tick } from "./kit/controls.js";
import { h, largest, number, range, write } from "./kit/elements.js";
import { Page, panel } from "./kit/page.js";
import { boards } from "./kit/tile_boards.js";
import { backward, CLASSES, forward, LEARNED, MAP, MAPS } from "./kit/tile_network.js";
import { capital, destination, nameOf, origin, written } from "./kit/tile_words.js";
import { flag, real, whole, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/tile_network.js").Place} Place */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof study>} Study */

const LEGEND =
  "Framed: the number under study. Solid rings: what it is made of; dashed: what uses it. " +
  "Cells are rounded; each part has its own scale of colours.";
const NUMBERS = ["image", "pooled", "hidden", "active", "logits", "shares", "loss"];
const MOVES = range(-20, 20).map((i) => i / 20);
const LAST = MAP * MAP * MAPS - 1;

/** Every setting and what it may be, as in backpropagation.py. */
export const traits = {
  picture: word(...CLASSES),
  show: word("forward", "backward"),
  part: word("responses", ...NUMBERS, ...LEARNED),
  index: whole(0, LAST),
  assign: flag(),
  nudge: real(-1, 1, 0.05),
};

/**
 * What moving one number does to the loss: the loss along MOVES, and at `nudge`.
 *
 * @param {string} picture
 * @param {Place} place
 * @param {number} nudge
 */
function study(picture, place, nudge) {
  const lossAt = (/** @type {number} */ by) => forward(picture, place, by).values.loss[0];
  return { place, curve: MOVES.map(lossAt), moved_loss: lossAt(nudge) };
}

/**
 * Everything that follows from the settings, by its name in backpropagation.py.
 *
 * @param {State} state
 * @returns {{ values: import("./kit/tile_network.js").Parts, winners: number[], gradients:
 *   import("./kit/tile_network.js").Parts, right: import("./kit/tile_network.js").Parts, loss: number,
 *   wrong: number, forecast: number, place: import("./kit/tile_network.js").Place, curve: number[],
 *   moved_loss: number }}
 */
export function compute({ picture, part, index, assign, nudge }) {
  const run = forward(picture);
  const right = backward(picture, run, false);
  const gradients = assign ? backward(picture, run, true) : right;
  const place = { part, index: Math.min(index, run.values[part].length - 1) };
  const loss = run.values.loss[0];
  const differs = (/** @type {string} */ name) =>
    gradients[name].filter((g, i) => Math.abs(g - right[name][i]) > 1e-9).length;
  return {
    ...run,
    gradients,
    right,
    loss,
    wrong: LEARNED.reduce((sum, name) => sum + differs(name), 0),
    forecast: loss + nudge * gradients[part][place.index],
    ...study(picture, place, nudge),
  };
}

/** A number as short as a cell is narrow: one decimal, two for a small one; one that is rounded to 0 is 0.00. */
function short(/** @type {number} */ v) {
  const text = number(v, Math.abs(v) < 0.095 ? 2 : 1);
  return text === "0" && Math.abs(v) > 1e-12 ? "0.00" : text;
}

// ---- the curve of the loss

const [WIDE, HIGH] = [200, 116];

/**
 * The loss as a number moves, the line that its gradient forecasts, and both at the nudge.
 *
 * @param {Found} found
 * @param {Study} studied
 * @param {number} nudge
 * @returns {SVGElement[]}
 */
function curves({ loss, gradients }, { place, curve, moved_loss }, nudge) {
  const slope = gradients[place.part][place.index];
  const finite = curve.filter(Number.isFinite);
  const low = Math.min(...finite);
  const room = Math.max(Math.max(...finite) - low, 0.2);
  const x = (/** @type {number} */ by) => 8 + ((by + 1) / 2) * (WIDE - 16);
  const y = (/** @type {number} */ value) => HIGH - 18 - ((value - low) / room) * (HIGH - 34);
  const inside = (/** @type {number} */ value) => (y(value) > 4 && y(value) < HIGH - 16 ? value : NaN);
  const path = (/** @type {number[]} */ values) =>
    values
      .map((value, i) => (Number.isFinite(value) ? `${x(MOVES[i]).toFixed(1)} ${y(value).toFixed(1)}` : ""))
      .filter(Boolean)
      .join("L");
  const dot = (/** @type {number} */ by, /** @type {number} */ value, /** @type {string} */ kind) =>
    Number.isFinite(value) ? [h("circle", { cx: x(by), cy: y(value), r: 4.5, class: kind })] : [];
  const mark = (/** @type {number} */ by, /** @type {string} */ text, /** @type {string} */ anchor) =>
    h("text", { x: x(by), y: HIGH - 3, "text-anchor": anchor }, text);
  return [
    h("path", { class: "axis", d: `M${x(0)} 6V${HIGH - 15}M8 ${HIGH - 15}H${WIDE - 8}` }),
    mark(-1, "−1", "start"),
    mark(0, "as it is", "middle"),
    mark(1, "+1", "end"),
    h("path", { class: "tangent", d: `M${path(MOVES.map((by) => inside(loss + by * slope)))}` }),
    h("path", { class: "curve", d: `M${path(curve)}` }),
    ...dot(0, loss, "still"),
    ...dot(nudge, moved_loss, "here"),
  ];
}

// ---- the page

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {(place: Place | undefined) => void} look
 */
function layout(page, look) {
  const all = boards({ page, look, here: () => compute(page.state).place });
  const plot = h("svg", { class: "plot", viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true" });
  const told = h("p", { class: "told" });
  const origins = h("p");
  const destinations = h("div");
  const lost = h("p", { class: "note" });
  const titled = (/** @type {string} */ title, /** @type {...HTMLElement} */ ...content) =>
    h("div", { class: "part" }, h("p", { class: "name" }, title), ...content);
  const network = h(
    "div",
    { class: "tile-network" },
    h(
      "div",
      { class: "input" },
      titled("Image − mean", all.image.el),
      h("div", { class: "moving" }, slider(page, "nudge", "Move it by"), plot, told),
    ),
    h(
      "div",
      { class: "filters" },
      ...all.filters.flatMap(({ kernel, map }, m) => [
        titled(`Filter ${m}`, kernel.el),
        titled(`Map ${m}`, map.el),
      ]),
    ),
    h(
      "div",
      { class: "dense" },
      titled(
        "ReLU, then pooled: f0 to f11",
        h("div", { class: "pools" }, ...all.filters.map(({ pooled }) => pooled.el)),
      ),
      h(
        "div",
        { class: "layers" },
        titled("Hidden weights", all.hiddenWeights.el),
        h(
          "div",
          {},
          titled("Hidden, then ReLU", all.hidden.el),
          titled("Output weights", all.outputWeights.el),
          titled("Logits, shares", all.scores.el),
          titled("Loss", all.loss.el),
        ),
      ),
    ),
  );
  page.lay(
    [
      choice(page, "picture", "Picture, and truth"),
      choice(page, "show", "Numbers, or gradients"),
      h("div", {}, tick(page, "assign", "Pooling hands back with = for +="), lost),
    ],
    [
      h("section", { class: "wide" }, network, h("p", { class: "note" }, LEGEND)),
      panel(["Where it comes from"], origins),
      panel(["What it is told"], destinations),
    ],
  );
  return { all, plot, told, origins, destinations, lost };
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  /** @type {Place | undefined} the number that the mouse passes over */
  let passed;
  const parts = layout(page, (place) => {
    if (passed === place) return;
    passed = place;
    page.mark();
  });

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const back = state.show === "backward";
    const shown = back ? found.gradients : found.values;
    for (const board of parts.all.every) {
      board.each(({ part, index }, cell) => {
        const value = shown[part][index];
        const text = short(value);
        const paint = paintOn(page.colours.signed(value, largest([shown[part]])));
        cell.style.cssText = text === "0" ? `${paint};color:var(--muted)` : paint;
        write(cell, text);
        const wrong = back && Math.abs(found.gradients[part][index] - found.right[part][index]) > 1e-9;
        cell.classList.toggle("wrong", wrong);
      });
    }
    parts.lost.textContent = state.assign
      ? `${found.wrong} of the 97 parameters have a wrong gradient${back ? ", struck out" : ""}.`
      : "";
  }

  /**
   * @param {Found} found
   * @param {State} state
   */
  function mark(found, state) {
    const { nudge } = state;
    const index = Math.min(state.index, found.values[state.part].length - 1);
    const place = passed ?? { part: state.part, index };
    const studied = study(state.picture, place, nudge);
    const { places: from, text } = origin(found, place, state.picture);
    const { places: to, lines } = destination(found, place, { picture: state.picture, assign: state.assign });
    const key = (/** @type {Place} */ one) => `${one.part} ${one.index}`;
    const [sources, users] = [from, to].map((all) => new Set(all.map(key)));
    for (const board of parts.all.every)
      board.each((one, cell) => {
        cell.classList.toggle("here", key(one) === key(place));
        cell.classList.toggle("source", sources.has(key(one)));
        cell.classList.toggle("user", users.has(key(one)));
      });
    const value = found.values[place.part][place.index];
    const gradient = found.gradients[place.part][place.index];
    const change = studied.moved_loss - found.loss;
    parts.plot.replaceChildren(...curves(found, studied, nudge));
    parts.told.replaceChildren(
      h("span", {}, "Forecast ", h("b", {}, written(nudge * gradient))),
      h("span", {}, "Change ", h("b", {}, written(change))),
    );
    parts.origins.textContent = text;
    parts.destinations.replaceChildren(...lines);
    page.say(
      `${capital(nameOf(place))}: ${written(value)}, gradient ${written(gradient)}. Moved by ${number(nudge)}, ` +
        `it should change the loss by ${written(nudge * gradient)}, and changes it by ${written(change)}.`,
      passed !== undefined,
    );
  }

  return page.start({ compute, update, mark, moves: ["part", "index", "nudge"] });
}

export default { traits, compute, render };
