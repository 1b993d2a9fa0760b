/** The own-picture explorer: a picture of the reader's own, or a photograph, named by a trained network in the page. */
import { box, h, range } from "./kit/elements.js";
import { loadFile } from "./kit/files.js";
import { layout } from "./kit/own_picture_parts.js";
import { Page } from "./kit/page.js";
import { MEAN, MOST, NAMES, PHOTOGRAPHS, SIDE } from "./kit/photographs.js";
import { bar, best, inputOf, paint } from "./kit/photographs.js";
import { follow, moved } from "./kit/pointer.js";
import { sharePicture } from "./kit/shared_picture.js";
import { Trained, wordsOf } from "./kit/trained.js";
import { flag, whole, word } from "./kit/traits.js";
import { REFUSED } from "./kit/worker.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/page.js").Model} Model */
/** @typedef {import("./kit/picture.js").Picture} Picture */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/photographs.js").View} View */
/** @typedef {import("./kit/photographs.js").Size} Size */

/** Every setting and what it may be, as in own_picture.py. */
export const traits = { photograph: word(...NAMES), down: whole(0, 100), across: whole(0, 100), ten: flag() };

/**
 * Everything that follows from the settings and the size of the picture, by its name in own_picture.py.
 *
 * @param {State} state
 * @param {Size} [size] of the reader's own picture
 */
export function compute({ photograph, down, across, ten }, { height, width } = PHOTOGRAPHS[photograph]) {
  const [bottom, right] = [height - SIDE, width - SIDE];
  const place = [Math.floor((bottom * down) / 100), Math.floor((right * across) / 100)];
  const middle = [Math.floor(bottom / 2), Math.floor(right / 2)];
  const places = ten ? [[0, 0], [0, right], [bottom, 0], [bottom, right], middle] : [place]; // prettier-ignore
  const views = (ten ? [false, true] : [false]).flatMap((mirrored) =>
    places.map(([row, column]) => /** @type {View} */ ([row, column, mirrored])),
  );
  return { shape: [height, width, 3], place, views };
}

/** The explorer at work: the picture on screen, the camera, and what the network is asked. */
class Session {
  /** @param {{ model: Model, el: HTMLElement }} place */
  constructor({ model, el }) {
    this.model = model;
    this.page = new Page({ model, el, traits });
    this.parts = layout(this.page, this);
    this.network = new Trained(model, "squeezenet.network", "SqueezeNet 1.1");
    /** @type {Record<string, Picture>} the photographs that have come */
    this.photographs = {};
    /** @type {(Picture & { id: string }) | undefined} the reader's */
    this.own = undefined;
    /** @type {Picture | undefined} what the canvas shows */
    this.drawn = undefined;
    this.seen = ""; // which view of it is drawn, in which colours
    /** @type {Found} */
    this.found = compute(this.page.state);
    /** @type {import("./kit/photographs.js").Answer[]} */
    this.answer = [];
    this.asked = ""; // what the answer is to
    this.following = false; // whether the network is asked again after each change
    this.near = false; // whether the reader is near enough for a photograph to be loaded
    this.turn = 0;
    /** @type {AbortController | undefined} */
    this.control = undefined;
    this.listen();
  }

  /** What the reader does to the picture, and what Python does. */
  listen() {
    const { page, parts, model } = this;
    const { root } = page;
    follow(parts.view, (event) => this.point(event));
    parts.view.addEventListener("keydown", (event) => {
      const { down: row, across: column } = page.state;
      const to = moved(event, { row, column }, { row: 100, column: 100 });
      if (to) this.moveTo(to.row, to.column);
    });
    root.addEventListener("dragover", (event) => {
      event.preventDefault();
      root.classList.add("over");
    });
    root.addEventListener("dragleave", () => root.classList.remove("over"));
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      root.classList.remove("over");
      this.takeFrom(
        event.dataTransfer,
        "What you dropped is no file. Save the picture first, or copy and paste it.",
      );
    });
    const paste = (/** @type {ClipboardEvent} */ event) => {
      const meant = root.contains(/** @type {Node} */ (event.target)) || root.matches(":hover");
      if (meant) this.takeFrom(event.clipboardData, "What you pasted is no picture.");
    };
    document.addEventListener("paste", paste);
    const nearing = new IntersectionObserver(([{ isIntersecting }]) => this.approach(isIntersecting), {
      rootMargin: "600px",
    });
    nearing.observe(root);
    page.forget.push(
      () => document.removeEventListener("paste", paste),
      () => nearing.disconnect(),
    );
    page.listen("change:photograph", () => this.forgetOwn());
    page.listen("change:own", () => this.follow(model.get("own")));
  }

  /** @param {boolean} near */
  approach(near) {
    if (!near || this.near) return;
    this.near = true;
    this.page.schedule();
  }

  // ---- where the crop stands

  /** @param {PointerEvent} event */
  point(event) {
    const { top, left, width } = this.parts.view.getBoundingClientRect();
    const [bottom, right] = this.found.shape.map((side) => side - SIDE);
    const unit = width / this.found.shape[1];
    const share = (/** @type {number} */ at, /** @type {number} */ most) =>
      (100 * (at / unit - SIDE / 2)) / most;
    this.moveTo(share(event.clientY - top, bottom), share(event.clientX - left, right));
  }

  /**
   * @param {number} down in percent
   * @param {number} across in percent
   */
  moveTo(down, across) {
    const within = (/** @type {number} */ v) => Math.max(0, Math.min(100, Math.round(v)));
    this.page.set({ down: within(down), across: within(across) });
  }

  // ---- where a picture comes from

  /** @param {string} photograph */
  choose(photograph) {
    this.forgetOwn();
    this.page.set({ photograph });
  }

  forgetOwn() {
    this.turn++;
    if (!this.own) return;
    this.own = undefined;
    this.model.set("own", null);
    this.model.save_changes();
    this.page.schedule();
  }

  /**
   * Takes the picture over that Python has, or another view of this explorer.
   *
   * @param {{ id: string, height: number, width: number, pixels: DataView } | null} own
   */
  follow(own) {
    if (own?.id === this.own?.id) return;
    const bytes = own && new Uint8Array(own.pixels.buffer, own.pixels.byteOffset, own.pixels.byteLength);
    this.own = own && bytes ? { ...own, pixels: bytes } : undefined;
    this.page.schedule();
  }

  /**
   * @param {DataTransfer | null} data
   * @param {string} otherwise what to say where it holds no file
   */
  takeFrom(data, otherwise) {
    const [file] = data?.files ?? [];
    if (file) this.take(file);
    else this.trouble(otherwise);
  }

  /** @param {Blob | ImageBitmap} source */
  async take(source) {
    const turn = ++this.turn;
    this.trouble("Reading the picture …");
    try {
      const picture = await this.network.read(source);
      if (turn !== this.turn) return;
      this.trouble("");
      this.own = { ...picture, id: String(Math.random()) };
      sharePicture(this.own);
      this.model.set("own", { ...this.own, pixels: new DataView(picture.pixels.buffer) });
      this.model.save_changes();
      this.page.schedule();
    } catch (error) {
      if (turn === this.turn) this.trouble(`${wordsOf(error)} What was on screen stays.`);
    }
  }

  /** Opens the camera, or closes it. */
  async camera() {
    const { camera } = this.parts;
    if (camera.stream) return camera.close();
    const turn = ++this.turn;
    this.trouble("Waiting for the camera …");
    try {
      await camera.open(() => turn === this.turn);
      if (turn === this.turn) this.trouble("");
    } catch (error) {
      if (turn === this.turn) this.trouble(wordsOf(error));
    }
  }

  /**
   * The picture on screen: the reader's, or the photograph, which comes when it is first asked for.
   *
   * @returns {Promise<Picture>}
   */
  async present() {
    const { photograph } = this.page.state;
    if (this.own) return this.own;
    if (!this.photographs[photograph]) {
      const bytes = await loadFile(this.model, `${photograph}.png`);
      this.photographs[photograph] = await this.network.read(new Blob([bytes]));
    }
    return this.photographs[photograph];
  }

  /** @param {string} words */
  trouble(words) {
    this.parts.trouble.textContent = words;
  }

  // ---- what the network is asked

  /** Asks the network, or stops it. */
  name() {
    this.following = !this.control;
    this.trouble("");
    if (this.following) return this.ask();
    this.control?.abort();
    this.control = undefined;
    this.idle();
    this.page.schedule();
  }

  async ask() {
    this.control?.abort();
    const control = new AbortController();
    const { signal } = control;
    const { views } = this.found;
    this.control = control;
    const tell = (/** @type {string} */ words, /** @type {number} */ share) => {
      if (!signal.aborted) this.working(words, share);
    };
    tell("", 0);
    try {
      const picture = await this.present();
      const labels = await this.network.bring(tell);
      signal.throwIfAborted();
      const inputs = views.map((view) => inputOf(picture, view));
      /** @type {Float32Array} */
      const probabilities = await this.network.worker.ask(
        "run",
        { views: inputs },
        {
          signal,
          transfer: inputs.map((input) => input.buffer),
          progress: ({ view, name, share }) =>
            tell(`${views.length > 1 ? `View ${view + 1} of ${views.length}: ` : ""}${name}`, share),
        },
      );
      this.answer = best(probabilities, labels);
    } catch (error) {
      if (!signal.aborted) this.trouble(wordsOf(error));
    }
    if (signal.aborted) return; // stopped, or another question has taken over
    this.control = undefined;
    this.idle();
    this.page.schedule();
  }

  /**
   * @param {string} words
   * @param {number} share
   */
  working(words, share) {
    const { name, progress, doing, bars } = this.parts;
    name.textContent = "Stop";
    progress.hidden = false;
    progress.value = share;
    doing.textContent = words;
    bars.classList.add("old");
  }

  idle() {
    const { name, progress, doing, bars } = this.parts;
    name.textContent = "Name it";
    progress.hidden = true;
    doing.textContent = this.answer.length
      ? "The shares of all 1000 classes add up to 1, whatever the picture shows."
      : `SqueezeNet 1.1, trained on ImageNet, comes when you ask for it: ${this.network.megabytes}.`;
    bars.classList.toggle("old", !this.answer.length);
  }

  // ---- what is drawn

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
    parts.seen.textContent = ten ? "in the first of ten views, less the mean colour" : "less the mean colour";
    const asked = `${own ? own.id : photograph} ${JSON.stringify(found.views)}`;
    if (asked !== this.asked) {
      this.asked = asked;
      this.answer = [];
      if (this.following) this.ask();
      else this.idle();
    }
    if (this.answer.length) parts.bars.replaceChildren(...this.answer.flatMap(bar));
    else if (!this.following) parts.bars.replaceChildren();
    this.page.say(told(found, state, this.answer));
  }

  /** @param {Found} found */
  drawFrames({ shape: [height, width], views }) {
    const { svg, veil, frames, picture } = this.parts;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.style.aspectRatio = `${width} / ${height}`;
    const boxes = views.filter(([, , mirrored]) => !mirrored).map(([row, column]) => box(column, row, SIDE));
    veil.setAttribute("d", boxes.length > 1 ? "" : box(0, 0, width, height) + boxes[0]);
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
    const { width, pixels } = picture;
    const seen = `${view} ${page.colours.signed(1, 1)} ${page.colours.signed(0, 1)}`;
    if (this.drawn === picture && this.seen === seen) return;
    if (this.drawn !== picture) paint(parts.picture, picture, pixels);
    this.drawn = picture;
    this.seen = seen;
    const [top, left] = view;
    const square = { height: SIDE, width: SIDE };
    const from = (/** @type {number} */ at) =>
      3 * ((top + Math.floor(at / SIDE)) * width + left + (at % SIDE));
    paint(parts.crop, square, pixels, from);
    parts.channels.forEach((canvas, at) => {
      const channel = 2 - at; // blue comes first
      const colours = range(0, 255).flatMap((v) => page.colours.signed(v - MEAN[channel], MOST));
      paint(canvas, square, colours, (pixel) => 3 * pixels[from(pixel) + channel]);
    });
  }

  /** Ends what goes on beside the page. */
  stop() {
    this.control?.abort();
    this.parts.camera.close();
    this.network.end();
  }
}

/**
 * What the network was shown, and what it says.
 *
 * @param {Found} found
 * @param {State} state
 * @param {import("./kit/photographs.js").Answer[]} answer
 * @returns {string}
 */
function told({ shape: [height, width], place: [row, column] }, { ten }, answer) {
  const shown = ten
    ? `Ten views of ${height} × ${width}: four corners and the middle, each as it is and mirrored`
    : `Rows ${row} to ${row + SIDE - 1}, columns ${column} to ${column + SIDE - 1} of ${height} × ${width}`;
  if (!answer.length) return `${shown}.`;
  const [first, second] = answer.map(({ name, probability }) => `${name}, ${probability.toFixed(2)}`);
  return `${shown}: the network says ${first}, then ${second}.`;
}

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render(place) {
  if (!globalThis.Worker) throw new Error(REFUSED, { cause: "browser" }); // the still picture stays
  const session = new Session(place);
  return session.page.start({
    compute: (state) => compute(state, session.own),
    update: (found, state) => session.draw(found, state),
    stop: () => session.stop(),
  });
}

export default { traits, compute, render };
