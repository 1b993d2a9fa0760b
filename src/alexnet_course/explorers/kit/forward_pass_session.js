/** The forward-pass explorer at work: what its reader does, and what the network is asked. */
import { clothesInput, clothesPixels } from "./clothes.js";
import { middle } from "./crop.js";
import { loadFile } from "./files.js";
import { layout } from "./forward_pass_parts.js";
import { MEAN } from "./photographs.js";
import { follow, moved } from "./pointer.js";
import { nextFrame } from "./room.js";
import { Runner } from "./runner.js";
import { onSharedPicture, sharedPicture } from "./shared_picture.js";
import { LEVELS, MINIATURE, PHOTOGRAPHED, RANDOM, STAGES, laidOut, storedStage } from "./stages.js";
import { largestOf } from "./unit.js";

/** @typedef {import("./page.js").State} State */
/** @typedef {import("./page.js").Model} Model */
/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./trained.js").Trained} Trained */
/** @typedef {import("./stages.js").Map} Map */
/** @typedef {ReturnType<typeof import("../forward_pass.js").compute>} Found */

const TRAINED = {
  [PHOTOGRAPHED]: { file: "squeezenet.network", title: "SqueezeNet 1.1" },
  [MINIATURE]: { file: "miniature.network", title: "the miniature" },
};

export class Session {
  /**
   * @param {Model} model
   * @param {Page} page
   * @param {Found} found  What follows from the settings at the start.
   */
  constructor(model, page, found) {
    this.model = model;
    this.page = page;
    this.parts = layout(this.page, this);
    this.runner = new Runner(model, TRAINED, {
      working: (words, share) => this.working(words, share),
      trouble: (words) => (this.parts.trouble.textContent = words),
    });
    /** @type {Record<string, import("./picture.js").Picture>} */
    this.photographs = {};
    /** @type {import("./shared_picture.js").Own | undefined} the reader's own, while it is on screen */
    this.own = undefined;
    const kept = model.get("drawn");
    /** @type {Uint8Array | undefined} what the reader drew */
    this.drawn =
      kept instanceof DataView ? new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength) : undefined;
    this.strokes = 0;
    this.fresh = false; // whether the next run chooses the place
    this.held = ""; // the picture for which the reader stopped the network, or it failed
    /** @type {{ key: string, values?: Float32Array, coming?: boolean }} the numbers of the stage on screen */
    this.stage = { key: "" };
    /** What was drawn last, by its part: it need not be drawn again. */
    this.done = { strip: "", lit: "", tiles: "", map: "", picture: "", unit: "", votes: "" };
    this.look = ""; // the theme and the width, which `done` depends on
    /** @type {HTMLCanvasElement[]} */
    this.thumbs = [];
    this.found = found;
    /** @type {import("./arithmetic.js").Arithmetic | undefined} how the unit on screen comes about */
    this.unit = undefined;
    this.page.forget.push(onSharedPicture(() => this.page.schedule()));
    follow(this.parts.map, (event) => this.point(event));
    this.parts.map.addEventListener("keydown", (event) => this.pressed(event));
  }

  // ---- what the reader does

  /** @param {string} network */
  take(network) {
    this.runner.stop();
    this.fresh = !this.runner.runs[network];
    this.page.set({ network, stage: 1, ...this.largest(network, 1) });
  }

  /** @param {string} photograph */
  show(photograph) {
    this.bring(undefined);
    this.page.set({ photograph });
    this.page.schedule();
  }

  /** Shows the picture that the reader gave to another explorer of the page. */
  showOwn() {
    this.bring(sharedPicture());
    this.page.schedule();
  }

  /** @param {import("./shared_picture.js").Own | undefined} own */
  bring(own) {
    if (!own && !this.own) return;
    this.own = own;
    this.model.set("own", own ? { ...own, pixels: new DataView(own.pixels.slice().buffer) } : null);
    this.model.save_changes();
  }

  /** @param {number} clothes */
  wear(clothes) {
    this.keep(undefined);
    this.page.set({ clothes });
    this.page.schedule();
  }

  /** @param {Uint8Array} pixels */
  drawOn(pixels) {
    this.keep(pixels);
    this.page.schedule();
  }

  /** @param {Uint8Array | undefined} drawn */
  keep(drawn) {
    if (!drawn && !this.drawn) return;
    this.drawn = drawn;
    this.strokes++;
    this.model.set("drawn", drawn ? new DataView(drawn.slice().buffer) : null);
    this.model.save_changes();
  }

  /** @param {number} stage */
  go(stage) {
    this.page.set({ stage, ...this.largest(this.page.state.network, stage) });
  }

  /** @param {number} map */
  choose(map) {
    this.page.set({ map });
  }

  /** The view's rows and columns, and where the unit stands on it. */
  get board() {
    const { shape, place: [map, row, column] } = this.found; // prettier-ignore
    if (shape.length === 4) return { rows: shape[1], columns: shape[2], row, column };
    const { rows, columns } = laidOut({ length: shape[1] });
    return { rows, columns, row: Math.floor(map / columns), column: map % columns };
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { rows, columns } = this.board;
    const { left, top, width, height } = this.parts.mapCanvas.getBoundingClientRect();
    this.stand(((event.clientY - top) / height) * rows, ((event.clientX - left) / width) * columns);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { rows, columns, ...place } = this.board;
    const to = moved(event, place, { row: rows - 1, column: columns - 1 });
    if (to) this.stand(to.row, to.column);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  stand(row, column) {
    const { rows, columns } = this.board;
    const within = (/** @type {number} */ v, /** @type {number} */ last) =>
      Math.max(0, Math.min(last, Math.floor(v)));
    const [r, c] = [within(row, rows - 1), within(column, columns - 1)];
    const map = Math.min(r * columns + c, this.found.shape[1] - 1);
    this.page.set(this.found.shape.length === 4 ? { row: r, column: c } : { map });
  }

  /**
   * The largest map of a stage as far as it is known, stored or from the last run: its number, its values, what is
   * drawn of it, and how many rows of the stage one of its rows stands for. Undefined before the network has run.
   *
   * @param {string} network
   * @param {number} at
   * @returns {{ first: number, values: ArrayLike<number>, drawn: Map, limit: number, step: number } | undefined}
   */
  top(network, at) {
    const { shape } = STAGES[network][at];
    const run = this.runner.runs[network];
    if (network !== RANDOM && !run) return undefined;
    const stored = storedStage(network === RANDOM ? at : 0);
    const values = network === RANDOM ? stored.maps[0].flat() : run.summaries[at].largest;
    const first = network === RANDOM ? (stored.chosen[0] ?? 0) : run.summaries[at].order[0];
    const limit = network === RANDOM ? LEVELS : run.summaries[at].limit;
    if (shape.length === 1) return { first, values, drawn: laidOut(values), limit, step: 1 };
    const rows = network === RANDOM ? stored.maps[0].length : shape[0];
    const drawn = { rows, columns: values.length / rows, read: (/** @type {number} */ i) => values[i] };
    return { first, values, drawn, limit, step: Math.ceil(shape[0] / rows) };
  }

  /**
   * The largest map of a stage, and its largest unit.
   *
   * @param {string} network
   * @param {number} stage
   * @returns {State}
   */
  largest(network, stage) {
    const top = this.top(network, stage);
    if (!top) return { map: 0, row: 0, column: 0 };
    const [at] = largestOf(top.values, 1, (v) => v);
    if (STAGES[network][stage].shape.length === 1) return { map: at, row: 0, column: 0 };
    const { columns } = top.drawn;
    return { map: top.first, row: Math.floor(at / columns) * top.step, column: (at % columns) * top.step };
  }

  // ---- the network

  /**
   * What the network of a state is shown, in a word.
   *
   * @param {State} state
   */
  pictureOf({ network, photograph, clothes }) {
    if (network === RANDOM) return "chelsea";
    if (network !== MINIATURE) return this.own?.id ?? photograph;
    return this.drawn ? `drawn ${this.strokes}` : String(clothes);
  }

  /** Loads and runs the network, or stops it. */
  press() {
    if (!this.runner.busy) return this.ask();
    this.runner.stop();
    this.held = this.pictureOf(this.page.state);
    this.page.schedule();
  }

  async ask() {
    const { state } = this.page;
    const { network, photograph } = state;
    const of = this.pictureOf(state);
    const names = STAGES[network].map(({ layers }) => layers[layers.length - 1]);
    const question = async (/** @type {Trained} */ trained) =>
      network === MINIATURE
        ? { task: "run", input: { views: [clothesInput(this.grey(state))] } }
        : { task: "look", input: await this.crop(trained, photograph) };
    this.held = "";
    if (!(await this.runner.run(network, { of, question, names }))) return;
    const run = this.runner.runs[network];
    if (run?.of === of) this.stage = { key: "" };
    else this.held = of;
    if (this.fresh && run) this.go(this.found.at);
    this.fresh = false;
    this.page.schedule();
  }

  /**
   * What a network answers, when a frame is made: what comes of it is written with the frame.
   *
   * @param {string} network
   * @param {string} task
   * @param {any} asked
   */
  async answer(network, task, asked) {
    const found = await this.runner.ask(network, task, asked);
    await nextFrame();
    return found;
  }

  /** @param {State} state */
  grey({ clothes }) {
    return this.drawn ?? clothesPixels(clothes);
  }

  /**
   * What SqueezeNet gets of a photograph, or of the reader's own picture: the square in its middle.
   *
   * @param {Trained} trained
   * @param {string} name
   */
  async crop(trained, name) {
    const { own } = this;
    if (!own)
      this.photographs[name] ??= await trained.read(new Blob([await loadFile(this.model, `${name}.png`)]));
    const picture = own ?? this.photographs[name];
    return { picture, views: [[...middle(picture), false]], mean: MEAN };
  }

  /**
   * @param {string} words
   * @param {number} share
   */
  working(words, share) {
    const { ask, progress, doing } = this.parts;
    ask.textContent = "Stop";
    ask.hidden = progress.hidden = false;
    progress.value = share;
    doing.textContent = words;
  }

  /** @param {State} state */
  idle(state) {
    const { ask, progress, doing } = this.parts;
    const { network } = state;
    const run = this.runner.runs[network];
    progress.hidden = true;
    ask.hidden = network === RANDOM || run?.of === this.pictureOf(state);
    if (network === RANDOM) {
      doing.textContent =
        "K-means filters in conv1, random weights after it: six maps of each stage are stored.";
      return;
    }
    const { name, megabytes } = this.runner.network(network);
    ask.textContent = run ? "Run it" : `Load ${name}, ${megabytes}`;
    doing.textContent = run ? "" : "Its weights come when you ask for them; your picture stays here.";
  }
}
