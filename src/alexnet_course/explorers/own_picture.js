/** The own-picture explorer: a picture of the reader's own, or a photograph, named by a trained network in the page. */
import { SIDE, SQUARE } from "./kit/crop.js";
import { box, h, range } from "./kit/elements.js";
import { Session } from "./kit/own_picture_session.js";
import { Page } from "./kit/page.js";
import { MEAN, MOST, NAMES, PHOTOGRAPHS, bar } from "./kit/photographs.js";
import { fit, paint } from "./kit/pixels.js";
import { wordsOf } from "./kit/trained.js";
import { flag, whole, word } from "./kit/traits.js";
import { REFUSED } from "./kit/worker.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/page.js").Model} Model */
/** @typedef {import("./kit/picture.js").Picture} Picture */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/crop.js").View} View */
/** @typedef {import("./kit/crop.js").Size} Size */

/** Every setting and what it may be, as in own_picture.py. */
export const traits = { photograph: word(...NAMES), down: whole(0, 100), across: whole(0, 100), ten: flag() };

/**
 * Everything that follows from the settings and the size of the picture, by its name in own_picture.py.
 *
 * @param {State} state
 * @param {Size} [size] of the reader's own picture
 * @returns {{ shape: number[], side: number, place: number[], views: View[] }}
 */
export function compute({ photograph, down, across, ten }, { height, width } = PHOTOGRAPHS[photograph]) {
  const side = ten ? SQUARE : SIDE;
  const place = [Math.floor(((height - side) * down) / 100), Math.floor(((width - side) * across) / 100)];
  const far = side - SIDE;
  const half = Math.floor(far / 2);
  const corners = ten ? [[0, 0], [0, far], [far, 0], [far, far], [half, half]] : [[0, 0]]; // prettier-ignore
  const views = (ten ? [false, true] : [false]).flatMap((mirrored) =>
    corners.map(([row, column]) => /** @type {View} */ ([place[0] + row, place[1] + column, mirrored])),
  );
  return { shape: [height, width, 3], side, place, views };
}

// ---- what is drawn

class Drawing extends Session {
  /**
   * @param {Found} found
   * @param {State} state
   */
  draw(found, state) {
    const { parts, own } = this;
    const { photograph, ten } = state;
    const picture = own ?? this.photographs[photograph];
    this.found = found;
    parts.photographs.forEach((one, at) =>
      one.setAttribute("aria-pressed", String(!own && NAMES[at] === photograph)),
    );
    parts.size.textContent = `${own ? "yours" : photograph}, ${found.shape.join(" × ")}`;
    this.drawFrames(found);
    if (picture) this.drawPicture(picture, found.views[0]);
    else if (this.near)
      this.present().then(
        () => this.page.schedule(),
        (error) => this.trouble(wordsOf(error)),
      );
    parts.seen.textContent = ten ? "first view, less the mean colour" : "less the mean colour";
    const asked = `${own ? own.id : photograph} ${JSON.stringify(found.views)}`;
    this.follows(asked);
    if (this.answer.length) parts.bars.replaceChildren(...this.answer.flatMap(bar));
    else if (!this.following) parts.bars.replaceChildren();
    this.page.say(told(found, state, this.answer));
  }

  /** @param {Found} found */
  drawFrames({ shape: [height, width], side, place: [top, left], views }) {
    const { svg, veil, frames, picture } = this.parts;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.style.aspectRatio = `${width} / ${height}`;
    const boxes = views.filter(([, , mirrored]) => !mirrored).map(([row, column]) => box(column, row, SIDE));
    veil.setAttribute("d", box(0, 0, width, height) + box(left, top, side));
    frames.replaceChildren(
      ...boxes.flatMap((d) => [h("path", { d, class: "halo" }), h("path", { d, class: "frame" })]),
    );
  }

  /**
   * @param {Picture} picture
   * @param {View} view
   */
  drawPicture(picture, view) {
    const { parts, page } = this;
    const seen = `${view} ${page.colours.signed(1, 1)} ${page.colours.signed(0, 1)}`;
    const { done } = this;
    if (done.picture === picture && done.seen === seen) return;
    if (done.picture !== picture) paint(parts.picture, picture, picture.pixels);
    Object.assign(done, { picture, seen });
    const [top, left] = view;
    fit(parts.crop, { width: SIDE, height: SIDE });
    parts.crop.getContext("2d")?.drawImage(parts.picture, left, top, SIDE, SIDE, 0, 0, SIDE, SIDE);
    parts.channels.forEach((canvas, at) => {
      const channel = 2 - at; // blue comes first
      const colours = range(0, 255).map((v) => page.colours.signed(v - MEAN[channel], MOST));
      paintChannel(canvas, picture, view, channel, colours);
    });
  }
}

/**
 * One channel of the crop, each of its levels in a colour.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {View} view
 * @param {number} channel
 * @param {import("./kit/colours.js").Colour[]} colours of the levels
 */
function paintChannel(canvas, { width, pixels }, [top, left], channel, colours) {
  const image = new ImageData(SIDE, SIDE);
  const out = new Uint32Array(image.data.buffer);
  const ready = new Uint32Array(Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255])).buffer);
  for (let row = 0, to = 0; row < SIDE; row++) {
    let from = 3 * ((top + row) * width + left) + channel;
    for (let column = 0; column < SIDE; column++, from += 3) out[to++] = ready[pixels[from]];
  }
  fit(canvas, { width: SIDE, height: SIDE });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * What the network was shown, and what it says.
 *
 * @param {Found} found
 * @param {State} state
 * @param {import("./kit/photographs.js").Answer[]} answer
 * @returns {string}
 */
function told({ shape: [height, width], side, place: [row, column] }, { ten }, answer) {
  const where = `ows ${row} to ${row + side - 1}, columns ${column} to ${column + side - 1} of ${height} × ${width}`;
  const shown = ten
    ? `Ten views of r${where}: four corners and the middle, each as it is and mirrored`
    : `R${where}`;
  if (!answer.length) return `${shown}.`;
  const [first, second] = answer.map(({ name, probability }) => `${name}, ${probability.toFixed(2)}`);
  return `${shown}: the network says ${first}, then ${second}.`;
}

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  if (!globalThis.Worker) throw new Error(REFUSED, { cause: "browser" }); // the still picture stays
  const page = new Page({ model, el, traits });
  const drawing = new Drawing(model, page, compute(page.state));
  return page.start({
    compute: (state) => compute(state, drawing.own),
    update: (found, state) => drawing.draw(found, state),
    stop: () => drawing.stop(),
  });
}

export default { traits, compute, render };
