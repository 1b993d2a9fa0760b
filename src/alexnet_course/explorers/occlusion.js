/** The occlusion explorer: a cover moves over Chelsea, and what a trained network calls her changes. */
import { CellMap } from "./kit/cellmap.js";
import { choice, slider } from "./kit/controls.js";
import { h, number, range } from "./kit/elements.js";
import { Page, panel, scale } from "./kit/page.js";
import { follow, moved } from "./kit/pointer.js";
import { fit } from "./kit/pixels.js";
import { line } from "./kit/text.js";
import { whole, word } from "./kit/traits.js";
import MADE from "./made/occlusion.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

const SIDE = 227;
const PLACES = 15;
const SIZES = [31, 45, 59];
const KINDS = ["mean of ImageNet", "mean of the photograph", "black", "white", "noise"];
const LAST = PLACES - 1;
/** @type {Record<string, any>} */
const STORED = MADE;

/** Every setting and what it may be, as in occlusion.py. */
export const traits = {
  row: whole(0, LAST),
  column: whole(0, LAST),
  size: whole(SIZES[0], SIZES[2], SIZES[1] - SIZES[0]),
  cover: word(...KINDS),
};

/** Pixels from one place of a cover to the next: the last place ends at the edge. */
const stepOf = (/** @type {number} */ size) => Math.floor((SIDE - size) / LAST);

/** Noise of 59 by 59 pixels, by the generator of occlusion.py; computed when it is first asked for. */
const noise = (() => {
  /** @type {number[][][]} */
  let made = [];
  return () => {
    if (!made.length) {
      let state = 1;
      const byte = () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0) >>> 24;
      const all = range(1, SIZES[2]);
      made = all.map(() => all.map(() => [byte(), byte(), byte()]));
    }
    return made;
  };
})();

/**
 * The whole numbers that a text holds, two base-36 digits each.
 *
 * @param {string} text
 * @returns {number[]}
 */
const numbers = (text) => (text.match(/../g) ?? []).map((pair) => parseInt(pair, 36));
const UNCOVERED = numbers(STORED.uncovered);

/** @type {Map<string, number[][][]>} */
const read = new Map();

/**
 * What the network answers behind a cover at every place: first the thousandths of the three cats together, then
 * for each of the five best its class and thousandths.
 *
 * @param {State} state
 * @returns {number[][][]}
 */
function answers({ cover, size }) {
  const key = `${cover} ${size}`;
  const length = UNCOVERED.length;
  const split = (/** @type {number[]} */ row) =>
    range(0, LAST).map((i) => row.slice(i * length, (i + 1) * length));
  const found = read.get(key) ?? STORED[key].map((/** @type {string} */ row) => split(numbers(row)));
  read.set(key, found);
  return found;
}

/** The name of a class by its number. */
const named = (/** @type {number} */ place) => /** @type {string} */ (STORED.names[String(place)]);
const odd = (/** @type {number} */ _, /** @type {number} */ i) => i % 2 === 1;
const even = (/** @type {number} */ _, /** @type {number} */ i) => i > 0 && i % 2 === 0;

/**
 * Everything that follows from the settings, by its name in occlusion.py.
 *
 * @param {State} state
 */
export function compute(state) {
  const { row, column, size, cover } = state;
  const all = answers(state);
  const answer = all[row][column];
  const pixels = range(1, size);
  const patch =
    cover === "noise"
      ? noise()
          .slice(0, size)
          .map((line) => line.slice(0, size))
      : pixels.map(() => pixels.map(() => /** @type {number[]} */ (STORED.colours[cover])));
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const one of all.flat()) counts.set(one[1], (counts.get(one[1]) ?? 0) + 1);
  const order = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return {
    place: [stepOf(size) * row, stepOf(size) * column],
    patch,
    names: answer.filter(odd).map(named),
    shares: answer.filter(even).map((n) => n / 1000),
    cats: answer[0] / 1000,
    falls: all.map((line) => line.map(([cats]) => (UNCOVERED[0] - cats) / 1000)),
    leaders: order.map(([place, count]) => /** @type {[string, number]} */ ([named(place), count])),
  };
}

// ---- parts of the page

/**
 * Moves the cover to a place, or to the nearest one.
 *
 * @param {Page} page
 * @param {number} row
 * @param {number} column
 */
function moveTo(page, row, column) {
  const within = (/** @type {number} */ v) => Math.max(0, Math.min(LAST, Math.round(v)));
  page.set({ row: within(row), column: within(column) });
}

/**
 * What an arrow key does, on the photograph and on the map.
 *
 * @param {Page} page
 */
const onKey = (page) => (/** @type {KeyboardEvent} */ event) => {
  const { row, column } = page.state;
  const to = moved(event, { row, column }, { row: LAST, column: LAST });
  if (to) moveTo(page, to.row, to.column);
};

/** The photograph with the cover on it: dragged, or moved with the arrow keys. */
class Covered {
  /** @param {Page} page */
  constructor(page) {
    this.cover = h("canvas");
    this.el = h(
      "div",
      {
        class: "map covered",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "photograph with a cover",
        "aria-label": "Photograph. Arrow keys move the cover.",
        "aria-describedby": page.sentence.id,
      },
      h("img", {
        class: "dark-light",
        src: STORED.photograph,
        alt: "",
        width: SIDE,
        height: SIDE,
        draggable: "false",
      }),
      this.cover,
    );
    follow(this.el, (event) => {
      const { size } = page.state;
      const at = this.el.getBoundingClientRect();
      const pixel = (/** @type {number} */ from) => (from * SIDE) / at.width - size / 2;
      moveTo(
        page,
        pixel(event.clientY - at.top) / stepOf(size),
        pixel(event.clientX - at.left) / stepOf(size),
      );
    });
    this.el.addEventListener("keydown", onKey(page));
  }

  /** @param {Found} found */
  paint({ place: [row, column], patch }) {
    const size = patch.length;
    const share = (/** @type {number} */ pixels) => `${(100 * pixels) / SIDE}%`;
    fit(this.cover, { width: size, height: size });
    this.cover.style.cssText = `left:${share(column)};top:${share(row)};width:${share(size)};height:${share(size)}`;
    const image = new ImageData(size, size);
    image.data.set(patch.flatMap((line) => line.flatMap((pixel) => [...pixel, 255])));
    this.cover.getContext("2d")?.putImageData(image, 0, 0);
  }
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const point = (/** @type {number} */ y, /** @type {number} */ x, /** @type {boolean} */ chosen) => {
    if (chosen) moveTo(page, y - 0.5, x - 0.5);
  };
  const map = new CellMap("How far the cats fall at each place of the cover. Arrow keys move the cover.", {
    signed: true,
    describedBy: page.sentence.id,
    walk: { point, leave() {}, key: onKey(page) },
  });
  const parts = {
    photograph: new Covered(page),
    map,
    bars: h("div", { class: "tracks names" }),
    sums: h("div"),
    legend: h("p", { class: "note" }, ...scale("−100", "100", "hundredths that the three cats lose")),
    leaders: h("div", { class: "leaders" }),
  };
  page.lay(
    [
      choice(page, "cover", "Cover"),
      slider(page, "row", "Cover row"),
      slider(page, "column", "Cover column"),
      slider(page, "size", "Cover size"),
    ],
    [
      panel(["Photograph ", h("span", {}, `${SIDE} × ${SIDE}`)], parts.photograph.el),
      panel(["Five best names"], parts.bars, parts.sums),
      panel(["Fall of the three cats ", h("span", {}, `${PLACES} × ${PLACES} places`)], map.el, parts.legend),
      panel(["Who comes first ", h("span", {}, "at how many places")], parts.leaders),
    ],
  );
  return parts;
}

/**
 * One line of bars: a name, its share on a track from 0 to 1, and the number.
 *
 * @param {string} name
 * @param {number} share
 * @returns {HTMLElement[]}
 */
const bar = (name, share) => [
  h("span", { class: "name" }, name),
  h("span", { class: "track" }, h("i", { style: `left:0;width:${100 * share}%` })),
  h("b", {}, share.toFixed(3)),
];

/**
 * Where the cover is, who comes first, and what is left of the cats.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
const told = ({ place: [row, column], names, shares, cats }, { size, cover }) =>
  `Rows ${row} to ${row + size - 1}, columns ${column} to ${column + size - 1} are covered (${cover}): ` +
  `${names[0]} comes first with ${shares[0].toFixed(3)}; the three cats together have ${cats.toFixed(3)}, ` +
  `without a cover ${(UNCOVERED[0] / 1000).toFixed(3)}.`;

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
    const { names, shares, cats, falls, leaders } = found;
    parts.photograph.paint(found);
    parts.bars.replaceChildren(...names.flatMap((name, i) => bar(name, shares[i])));
    parts.sums.replaceChildren(
      line("three cats together", h("strong", {}, cats.toFixed(3)), "total"),
      line("without a cover", (UNCOVERED[0] / 1000).toFixed(3)),
    );
    parts.map.paint({
      values: falls,
      total: PLACES,
      colour: (v) => page.colours.signed(v, 1),
      text: (v) => number(100 * v, 0),
      ticks: false,
    });
    parts.map.outline(state.row, state.column, 1);
    const lines = leaders.map(([name, count]) => line(name, String(count)));
    parts.leaders.replaceChildren(...lines.slice(0, 8));
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
