/** The images explorer: a crop of a photograph, and the numbers that a network gets of it. */
import { CellMap } from "./kit/cellmap.js";
import { slider, tick } from "./kit/controls.js";
import { h, largest, number, thousands } from "./kit/elements.js";
import { chip } from "./kit/text.js";
import { channels, crop, cropPlace, pixelRows } from "./kit/maths.js";
import { heading, Page, panel, scale } from "./kit/page.js";
import { THUMBNAIL } from "./thumbnail.js";
import { flag, whole } from "./kit/traits.js";

const NAMES = ["red", "green", "blue"];
const { height, width } = THUMBNAIL;

/** Every setting and what it may be, as in images.py. */
export const traits = {
  row: whole(0, 56),
  column: whole(0, 88),
  size: whole(8, 64),
  mirror: flag(),
  mean: flag(),
};

/** Moves the crop: clicks and drags put its middle somewhere, keys move it by a pixel or to an edge. */
class Mover {
  constructor(page, place) {
    Object.assign(this, { page, place });
  }

  moveTo(row, column) {
    const { size } = this.page.state,
      within = (v, most) => Math.max(0, Math.min(Math.round(v), most));
    this.page.set({ row: within(row, height - size), column: within(column, width - size) });
  }

  point(y, x, chosen) {
    const half = this.page.model.get("size") / 2;
    if (chosen) this.moveTo(y - half, x - half);
  }

  leave() {}

  key(event) {
    const { row, column } = this.place();
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, width],
      PageUp: [0, column],
      PageDown: [height, column],
    }[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.moveTo(...to);
  }
}

function render({ model, el }) {
  const photograph = pixelRows(THUMBNAIL);
  const page = new Page({ model, el, traits });
  const mover = new Mover(page, () => cropPlace(photograph, page.state));
  const whole = new CellMap("Photograph. Arrow keys move the crop.", {
    walk: mover,
    describedBy: page.sentence.id,
  });
  const view = new CellMap("The crop, as a picture");
  const maps = NAMES.map((name) => new CellMap(`The ${name} channel of the crop`, { signed: true }));
  const [photographSize, photographTitle] = heading("Photograph"),
    [cropSize, cropTitle] = heading("Crop");
  const means = NAMES.map(() => h("span")),
    legend = h("p", { class: "note" }),
    places = h("div"),
    pixel = h("div"),
    pixelTitle = h("span");
  const rowSlider = slider(page, "row", "Crop row"),
    columnSlider = slider(page, "column", "Crop column");
  const line = (text, value, kind = "") => h("div", { class: `line ${kind}` }, text, h("span", {}, value));

  page.lay(
    [
      rowSlider,
      columnSlider,
      slider(page, "size", "Crop size"),
      tick(page, "mirror", "Mirror image"),
      tick(page, "mean", "Subtract the mean colour"),
    ],
    [
      panel(photographTitle, whole.el),
      panel(cropTitle, view.el),
      h(
        "section",
        { class: "wide" },
        h(
          "div",
          { class: "channels" },
          ...maps.map((map, d) => h("div", {}, h("p", { class: "title" }, `${NAMES[d]} `, means[d]), map.el)),
        ),
        legend,
      ),
      panel(["How many views?"], places),
      panel(["Pixel (0, 0) of the crop ", pixelTitle], pixel),
    ],
  );
  photographSize.textContent = `${height} × ${width} × 3`;

  function update(state) {
    const { size, mirror, mean } = state,
      place = cropPlace(photograph, state);
    const cut = crop(photograph, state),
      taken = mean ? THUMBNAIL.mean : [0, 0, 0],
      received = channels(cut, taken);
    const most = Math.max(...received.map(largest));
    const shade = (v) => (mean ? page.colours.signed(v, most) : page.colours.grey((9 * v) / 255));
    const average = received.map((map) => map.flat().reduce((sum, v) => sum + v, 0) / size ** 2);
    for (const [control, last] of [
      [rowSlider, height - size],
      [columnSlider, width - size],
    ]) {
      const input = control.querySelector("input"),
        name = input.dataset.name;
      input.max = last;
      input.value = place[name];
      input.setAttribute("aria-valuetext", place[name]);
      control.querySelector(".value").textContent = place[name];
    }
    whole.paint({ values: photograph, total: [height, width], colour: (v) => v });
    whole.outline(place.row, place.column, size);
    view.paint({ values: cut, total: size, colour: (v) => v, text: () => "" });
    maps.forEach((map, d) => {
      map.el.classList.toggle("signed", mean);
      map.paint({ values: received[d], total: size, colour: shade, text: (v) => number(v, 0), ticks: false });
      means[d].textContent = `mean ${number(average[d], 1)}`;
    });
    cropSize.textContent = `${size} × ${size} × 3`;
    legend.replaceChildren(
      ...(mean
        ? scale(number(-most, 0), number(most, 0), "0: the mean colour of ImageNet")
        : ["Grey levels, 0 black to 255 white"]),
    );
    count(size);
    arithmetic(
      cut[0][0],
      taken,
      received.map((map) => map[0][0]),
      shade,
      mean,
    );
    pixelTitle.textContent = `row ${place.row}, column ${mirror ? place.column + size - 1 : place.column} of the photograph`;
    page.say(
      `Rows ${place.row} to ${place.row + size - 1}, columns ${place.column} to ${place.column + size - 1}` +
        `${mirror ? ", left and right exchanged" : ""}; ${mean ? "the mean colour is subtracted" : "nothing is subtracted"}. ` +
        `On average the crop is ${NAMES.map((name, d) => `${name} ${number(average[d], 1)}`).join(", ")}.`,
    );
  }

  /** The number of places at which a crop can start, and twice that. */
  function count(size) {
    const rows = height - size + 1,
      columns = width - size + 1;
    places.replaceChildren(
      line(`rows: ${height} − ${size} + 1`, `${rows}`),
      line(`columns: ${width} − ${size} + 1`, `${columns}`),
      line("places", `${rows} × ${columns} = ${thousands(rows * columns)}`, "total"),
      line("with mirror images", h("strong", {}, thousands(2 * rows * columns))),
    );
  }

  /** One pixel's three subtractions. */
  function arithmetic(colour, taken, values, shade, mean) {
    pixel.replaceChildren(
      ...NAMES.map((name, d) =>
        h(
          "div",
          { class: "line" },
          h("span", {}, name),
          h(
            "span",
            {},
            mean ? `${colour[d]} − ${taken[d]} = ` : "",
            chip(shade(values[d]), number(values[d], 3)),
          ),
        ),
      ),
    );
  }

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
