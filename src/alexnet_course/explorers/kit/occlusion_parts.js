/** The parts of the occlusion explorer's page. */
import { CellMap } from "./cellmap.js";
import { button, choice, slider, toolbar } from "./controls.js";
import { SIDE } from "./crop.js";
import { h } from "./elements.js";
import { heading, panel, scale } from "./page.js";
import { photographButtons } from "./photographs.js";
import { follow } from "./pointer.js";

/** @typedef {import("./page.js").Page} Page */

/**
 * What stands on the page and changes.
 *
 * @typedef {{ act: HTMLButtonElement, progress: HTMLProgressElement, words: HTMLElement, el: HTMLElement }} Asking
 * @typedef {object} Parts
 * @property {HTMLButtonElement[]} photographs
 * @property {HTMLImageElement} chelsea
 * @property {HTMLCanvasElement} square of another photograph
 * @property {HTMLCanvasElement} cover
 * @property {HTMLElement} view photograph and cover
 * @property {CellMap} map
 * @property {HTMLElement} few the sizes that were asked about beforehand
 * @property {HTMLElement} every size
 * @property {HTMLElement} whole what is followed
 * @property {Asking} load
 * @property {HTMLElement} trouble
 * @property {HTMLElement} bars
 * @property {HTMLElement} sums
 * @property {Asking} mapping
 * @property {HTMLElement} legend
 * @property {HTMLElement} leaders
 */

/**
 * What the reader does.
 *
 * @typedef {object} Acts
 * @property {(photograph: string) => void} choose
 * @property {(row: number, column: number) => void} point a pixel, under the middle of the cover
 * @property {(row: number, column: number) => void} pointMap a place of the map, in cells
 * @property {(event: KeyboardEvent) => void} key
 * @property {() => void} resized among the sizes that were asked about beforehand
 * @property {() => void} load
 * @property {() => void} map
 */

/** A button that begins something, and how far it is, as a bar and in words. */
const asking = (/** @type {string} */ label, /** @type {() => void} */ press) => {
  const act = button(label, press);
  const progress = h("progress", { max: 1, value: 0, "aria-label": "Work that is done", hidden: true });
  const words = h("span");
  return { act, progress, words, el: h("div", { class: "ask" }, act, progress, words) };
};

/**
 * The control for a colour of the reader's own.
 *
 * @param {Page} page
 * @param {string} own what the cover is called then
 */
function colourControl(page, own) {
  const input = h("input", {
    type: "color",
    "data-name": "colour",
    "aria-label": "A colour of your own",
    oninput: () => {
      const bytes = input.value.match(/[0-9a-f]{2}/g) ?? [];
      page.set({ cover: own, colour: bytes.map((byte) => parseInt(byte, 16)) });
    },
  });
  const show = () => {
    const byte = (/** @type {number} */ v) => v.toString(16).padStart(2, "0");
    input.value = `#${page.model.get("colour").map(byte).join("")}`;
  };
  page.listen("change:colour", show);
  show();
  return h("label", { class: "control own" }, h("span", {}, "Your own colour"), input);
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {Acts} acts
 * @param {{ photograph: string, sizes: number[], places: number, own: string }} known the address of Chelsea, and what
 *   was asked about beforehand
 * @returns {Parts}
 */
export function layout(page, acts, { photograph, sizes, places, own }) {
  const [whole, fallTitle] = heading("Fall of");
  const photographs = photographButtons(acts.choose);
  const chelsea = h("img", { class: "dark-light", src: photograph, alt: "", width: SIDE, height: SIDE, draggable: "false" }); // prettier-ignore
  const square = h("canvas", { class: "square", hidden: true });
  const cover = h("canvas", { class: "cover" });
  const view = h(
    "div",
    {
      class: "map covered",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "photograph with a cover",
      "aria-label": "Photograph. Arrow keys move the cover, with Shift by one pixel.",
      "aria-describedby": page.sentence.id,
    },
    chelsea,
    square,
    cover,
  );
  follow(view, (event) => {
    const at = view.getBoundingClientRect();
    const pixel = (/** @type {number} */ from) => (from * SIDE) / at.width;
    acts.point(pixel(event.clientY - at.top), pixel(event.clientX - at.left));
  });
  view.addEventListener("keydown", acts.key);
  const map = new CellMap("How far the share falls at each place of the cover. Arrow keys move the cover.", {
    signed: true,
    describedBy: page.sentence.id,
    walk: { point: (y, x, chosen) => chosen && acts.pointMap(y, x), leave() {}, key: acts.key },
  });
  const few = slider(page, "size", "Cover size", sizes);
  few.addEventListener("input", acts.resized);
  const parts = {
    photographs,
    chelsea,
    square,
    cover,
    view,
    map,
    few,
    every: slider(page, "size", "Cover size"),
    whole,
    load: asking("", acts.load),
    trouble: h("p", { class: "trouble", role: "status" }),
    bars: h("div", { class: "tracks names" }),
    sums: h("div"),
    mapping: asking("Map it", acts.map),
    legend: h("p", { class: "note" }, ...scale("−100", "100", "hundredths that it loses")),
    leaders: h("div", { class: "leaders" }),
  };
  page.lay(
    [
      toolbar("Six photographs", "photographs", ...photographs),
      choice(page, "cover", "Cover"),
      colourControl(page, own),
      few,
      parts.every,
    ],
    [
      panel(["Photograph ", h("span", {}, `${SIDE} × ${SIDE}`)], view),
      panel(["Five best names"], parts.load.el, parts.trouble, parts.bars, parts.sums),
      panel(fallTitle, map.el, parts.legend, parts.mapping.el),
      panel(["Who comes first ", h("span", {}, `at how many of ${places ** 2} places`)], parts.leaders),
    ],
  );
  return parts;
}
