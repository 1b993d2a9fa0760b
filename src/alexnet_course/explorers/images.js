/** The images explorer: a crop of a photograph, and the numbers that a network gets of it. */
import { CellMap } from "./kit/cellmap.js";
import { slider, tick } from "./kit/controls.js";
import { h, largest, number, thousands } from "./kit/elements.js";
import { pixelRows } from "./kit/maths.js";
import { heading, Page, panel, scale } from "./kit/page.js";
import { moved } from "./kit/pointer.js";
import { chip, line } from "./kit/text.js";
import { flag, whole } from "./kit/traits.js";
import THUMBNAIL from "./made/thumbnail.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/colours.js").Colour} Colour */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

const NAMES = ["red", "green", "blue"];
const { height: HEIGHT, width: WIDTH } = THUMBNAIL;
const PHOTOGRAPH = pixelRows(THUMBNAIL);

/** Every setting and what it may be, as in images.py. */
export const traits = {
  row: whole(0, 56),
  column: whole(0, 88),
  size: whole(8, 64),
  mirror: flag(),
  mean: flag(),
};

/**
 * Where the crop stands: the place that was asked for, or the last one.
 *
 * @param {State} state
 * @returns {[number, number]} row and column
 */
const placeOf = ({ row, column, size }) => [Math.min(row, HEIGHT - size), Math.min(column, WIDTH - size)];

/**
 * Everything that follows from the settings, by its name in images.py.
 *
 * @param {State} state
 * @returns {{ place: number[], places: number, crop: number[][][], subtracted: number[], output:
 *   number[][][], averages: number[] }}
 */
export function compute(state) {
  const { size, mirror } = state;
  const [row, column] = placeOf(state);
  const cut = PHOTOGRAPH.slice(row, row + size).map((pixels) => pixels.slice(column, column + size));
  const crop = mirror ? cut.map((pixels) => pixels.reverse()) : cut;
  const subtracted = state.mean ? THUMBNAIL.mean : [0, 0, 0];
  const output = crop.map((pixels) => pixels.map((pixel) => pixel.map((v, d) => v - subtracted[d])));
  const averages = NAMES.map(
    (_, d) =>
      output.reduce((sum, pixels) => pixels.reduce((all, pixel) => all + pixel[d], sum), 0) / size ** 2,
  );
  return {
    place: [row, column],
    places: (HEIGHT - size + 1) * (WIDTH - size + 1),
    crop,
    subtracted,
    output,
    averages,
  };
}

/** Moves the crop: clicks and drags put its middle somewhere, keys move it by a pixel or to an edge. */
class Mover {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  moveTo(row, column) {
    const { size } = this.page.state;
    const within = (/** @type {number} */ v, /** @type {number} */ most) =>
      Math.max(0, Math.min(Math.round(v), most));
    this.page.set({ row: within(row, HEIGHT - size), column: within(column, WIDTH - size) });
  }

  /**
   * @param {number} y
   * @param {number} x
   * @param {boolean} chosen
   */
  point(y, x, chosen) {
    const half = this.page.state.size / 2;
    if (chosen) this.moveTo(y - half, x - half);
  }

  leave() {}

  /** @param {KeyboardEvent} event */
  key(event) {
    const [row, column] = placeOf(this.page.state);
    const to = moved(event, { row, column }, { row: HEIGHT, column: WIDTH });
    if (to) this.moveTo(to.row, to.column);
  }
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const describedBy = page.sentence.id;
  const whole = new CellMap("Photograph. Arrow keys move the crop.", { walk: new Mover(page), describedBy });
  const crop = new CellMap("The crop, as a picture");
  const maps = NAMES.map((name) => new CellMap(`The ${name} channel of the crop`, { signed: true }));
  const [photographSize, photographTitle] = heading("Photograph");
  const [cropSize, cropTitle] = heading("Crop");
  const averages = NAMES.map(() => h("span"));
  const legend = h("p", { class: "note" });
  const places = h("div");
  const pixel = h("div");
  const pixelPlace = h("span");
  const sliders = [slider(page, "row", "Crop row"), slider(page, "column", "Crop column")];
  const channels = maps.map((map, d) =>
    h("div", {}, h("p", { class: "title" }, `${NAMES[d]} `, averages[d]), map.el),
  );
  page.lay(
    [
      ...sliders,
      slider(page, "size", "Crop size"),
      tick(page, "mirror", "Mirror image"),
      tick(page, "mean", "Subtract the mean colour"),
    ],
    [
      panel(photographTitle, whole.el),
      panel(cropTitle, crop.el),
      h("section", { class: "wide" }, h("div", { class: "channels" }, ...channels), legend),
      panel(["How many views?"], places),
      panel(["Pixel (0, 0) of the crop ", pixelPlace], pixel),
    ],
  );
  photographSize.textContent = `${HEIGHT} × ${WIDTH} × 3`;
  return { whole, crop, maps, cropSize, averages, legend, places, pixel, pixelPlace, sliders };
}

/**
 * Lets the sliders of row and column end at the last place of the crop, and show where it stands.
 *
 * @param {HTMLElement[]} sliders
 * @param {Found} found
 * @param {number} size
 */
function limit(sliders, { place }, size) {
  sliders.forEach((control, at) => {
    const input = /** @type {HTMLInputElement} */ (control.querySelector("input"));
    const value = String(place[at]);
    input.max = String([HEIGHT, WIDTH][at] - size);
    input.value = value;
    input.setAttribute("aria-valuetext", value);
    /** @type {HTMLElement} */ (control.querySelector(".value")).textContent = value;
  });
}

/**
 * The number of places at which a crop can start, and twice that.
 *
 * @param {number} size
 * @param {number} places
 * @returns {HTMLElement[]}
 */
function views(size, places) {
  const rows = HEIGHT - size + 1;
  const columns = WIDTH - size + 1;
  return [
    line(`rows: ${HEIGHT} − ${size} + 1`, `${rows}`),
    line(`columns: ${WIDTH} − ${size} + 1`, `${columns}`),
    line("places", `${rows} × ${columns} = ${thousands(places)}`, "total"),
    line("with mirror images", h("strong", {}, thousands(2 * places))),
  ];
}

/**
 * The three subtractions of the crop's first pixel.
 *
 * @param {Found} found
 * @param {(v: number) => Colour} shade
 * @param {boolean} mean
 * @returns {HTMLElement[]}
 */
const subtractions = ({ crop, subtracted, output }, shade, mean) =>
  NAMES.map((name, d) => {
    const value = output[0][0][d];
    const start = mean ? `${crop[0][0][d]} − ${subtracted[d]} = ` : "";
    return line(h("span", {}, name), [start, chip(shade(value), number(value, 3))]);
  });

/**
 * Where the crop stands, what was done to it, and its average.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ place: [row, column], averages }, { size, mirror, mean }) {
  const exchanged = mirror ? ", left and right exchanged" : "";
  const average = NAMES.map((name, d) => `${name} ${number(averages[d], 1)}`).join(", ");
  return (
    `Rows ${row} to ${row + size - 1}, columns ${column} to ${column + size - 1}${exchanged}; ` +
    `${mean ? "the mean colour is subtracted" : "nothing is subtracted"}. On average the crop is ${average}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);
  const asItIs = (/** @type {Colour} */ pixel) => pixel;

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { size, mirror, mean } = state;
    const { place, crop, output, averages } = found;
    const [row, column] = place;
    const channels = NAMES.map((_, d) => output.map((pixels) => pixels.map((pixel) => pixel[d])));
    const most = Math.max(...channels.map(largest));
    const shade = (/** @type {number} */ v) =>
      mean ? page.colours.signed(v, most) : page.colours.grey((9 * v) / 255);
    limit(parts.sliders, found, size);
    parts.whole.paint({ values: PHOTOGRAPH, total: [HEIGHT, WIDTH], colour: asItIs });
    parts.whole.outline(row, column, size);
    parts.crop.paint({ values: crop, total: size, colour: asItIs, text: () => "" });
    parts.maps.forEach((map, d) => {
      map.el.classList.toggle("signed", mean);
      const text = (/** @type {number} */ v) => number(v, 0);
      map.paint({ values: channels[d], total: size, colour: shade, text, ticks: false });
      parts.averages[d].textContent = `mean ${number(averages[d], 1)}`;
    });
    parts.cropSize.textContent = `${size} × ${size} × 3`;
    const limits = scale(number(-most, 0), number(most, 0), "0: the mean colour of ImageNet");
    parts.legend.replaceChildren(...(mean ? limits : ["Grey levels, 0 black to 255 white"]));
    parts.places.replaceChildren(...views(size, found.places));
    parts.pixel.replaceChildren(...subtractions(found, shade, mean));
    const from = mirror ? column + size - 1 : column;
    parts.pixelPlace.textContent = `row ${row}, column ${from} of the photograph`;
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
