/** The forward-pass explorer: what a picture becomes in a network, stage by stage, down to a single product. */
import { COUNT, GREY, clothesButtons, clothesInput, clothesPixels } from "./kit/clothes.js";
import { button, choice, toolbar } from "./kit/controls.js";
import { box, h, number, range, thousands } from "./kit/elements.js";
import { loadFile } from "./kit/files.js";
import { product } from "./kit/network.js";
import { Pad } from "./kit/pad.js";
import { Page, heading, panel, scale } from "./kit/page.js";
import { CHANNELS, NAMES, SIDE, bar, inputOf, middle } from "./kit/photographs.js";
import { paint, paintThumbnail, photographButtons } from "./kit/photographs.js";
import { follow, moved } from "./kit/pointer.js";
import { Runner } from "./kit/runner.js";
import { onSharedPicture, sharedPicture } from "./kit/shared_picture.js";
import { LEVELS, RANDOM, STAGES, fieldOf, laidOut } from "./kit/stages.js";
import { storedSheet, storedStage, windowOf } from "./kit/stages.js";
import { Tiles, paintMap, ramp } from "./kit/tiles.js";
import { whole, word } from "./kit/traits.js";
import { largestOf, sumLines, written } from "./kit/unit.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/page.js").Model} Model */
/** @typedef {import("./kit/tiles.js").Sheet} Sheet */
/** @typedef {import("./kit/trained.js").Trained} Trained */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/runner.js").Run} Run */
/** @typedef {import("./kit/stages.js").Map} Map */

const PHOTOGRAPHED = "SqueezeNet";
const MINIATURE = "miniature";
const TRAINED = {
  [PHOTOGRAPHED]: { file: "squeezenet.network", title: "SqueezeNet 1.1" },
  [MINIATURE]: { file: "miniature.network", title: "the miniature" },
};
const VOTES = 8; // features that are named
const every = Object.values(STAGES);
const mostMaps = Math.max(...every.flat().map(({ shape }) => shape[shape.length - 1]));

/** Every setting and what it may be, as in forward_pass.py. */
export const traits = {
  network: word(...Object.keys(STAGES)),
  photograph: word(...NAMES),
  clothes: whole(0, COUNT - 1),
  stage: whole(0, Math.max(...every.map((stages) => stages.length)) - 1),
  map: whole(0, mostMaps - 1),
  row: whole(0, SIDE - 1),
  column: whole(0, SIDE - 1),
};

/**
 * Everything that follows from the settings alone, by its name in forward_pass.py.
 *
 * @param {State} state
 */
export function compute({ network, stage, map, row, column }) {
  const stages = STAGES[network];
  const at = Math.min(stage, stages.length - 1);
  const { name, kind, shape } = stages[at];
  const [rows, columns, maps] = shape.length === 3 ? shape : [1, 1, shape[0]];
  const place = [Math.min(map, maps - 1), Math.min(row, rows - 1), Math.min(column, columns - 1)];
  const [side, stride, padding] = windowOf(stages[at], place[0]) ?? [];
  const { maps: drawn, ...record } = storedStage(network === RANDOM ? at : 0);
  const nearest = Math.max(0, record.chosen.indexOf(place[0]));
  return {
    at,
    kind,
    name,
    shape: [1, ...shape],
    count: product(shape),
    place,
    window: side ? [place[1] * stride - padding, place[2] * stride - padding, side] : null,
    field: fieldOf(stages, at, place),
    stored: network === RANDOM ? { ...record, levels: drawn[nearest] } : null,
  };
}

// ---- parts of the page

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {Session} session
 */
function layout(page, session) {
  const [detail, mapsTitle] = heading("All maps");
  const [unitDetail, unitTitle] = heading("One map");
  const [sumDetail, sumTitle] = heading("Its arithmetic");
  const [voteDetail, votesTitle] = heading("Which features voted");
  const frame = h("path", { class: "frame" });
  const halo = h("path", { class: "halo" });
  const veil = h("path", { class: "veil" });
  const unitFrame = h("i", { class: "here" });
  const mapCanvas = h("canvas");
  const parts = {
    photographs: photographButtons((name) => session.show(name)),
    yours: button("Yours", () => session.showOwn(), { hidden: true }),
    clothes: clothesButtons((at) => session.wear(at)),
    pad: new Pad(GREY, (pixels) => session.drawOn(pixels)),
    ask: button("", () => session.press()),
    progress: h("progress", { max: 1, value: 0, "aria-label": "Work that is done" }),
    doing: h("p", { class: "note" }),
    trouble: h("p", { class: "trouble", role: "status" }),
    strip: toolbar("Stages", "strip"),
    tiles: new Tiles({ describedBy: page.sentence.id, choose: (map) => session.choose(map) }),
    detail,
    note: h("span"),
    limits: h("p", { class: "note" }),
    unitDetail,
    mapCanvas,
    unitFrame,
    map: h(
      "div",
      {
        class: "view one",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "map",
        "aria-label": "One map. Arrow keys choose a unit.",
        "aria-describedby": page.sentence.id,
      },
      mapCanvas,
      unitFrame,
    ),
    facts: h("dl", { class: "sizes" }),
    picture: h("canvas", { role: "img", "aria-label": "The picture, with a frame where the unit looks" }),
    svg: h("svg", { "aria-hidden": "true" }, veil, halo, frame),
    veil,
    halo,
    frame,
    sumDetail,
    cards: h("div"),
    sum: h("div"),
    bars: h("div", { class: "tracks" }),
    voteDetail,
    votes: h("div"),
    ends: h("section", {}),
    voting: h("section", {}),
    arithmetic: h("section", { class: "wide" }),
  };
  const padded = h(
    "div",
    { class: "drawing" },
    parts.pad.el,
    h("span", {}, "Draw on it: light cloth on black. Shift erases."),
    button("Empty it", () => session.drawOn(new Uint8Array(GREY * GREY))),
    h("small", {}, "A link does not carry what you draw."),
  );
  const sources = {
    [PHOTOGRAPHED]: toolbar("Six photographs", "pictures", ...parts.photographs, parts.yours),
    [MINIATURE]: toolbar("Pictures of clothes", "pictures", ...parts.clothes, padded),
  };
  parts.ends.append(h("p", { class: "title" }, "What the network says"), parts.bars);
  parts.voting.append(h("p", { class: "title" }, ...votesTitle), parts.votes);
  parts.arithmetic.append(
    h("p", { class: "title" }, ...sumTitle),
    h("div", { class: "arithmetic" }, parts.cards, parts.sum),
  );
  page.lay(
    [
      choice(page, "network", "Network", traits.network.words, (network) => session.take(network)),
      h(
        "div",
        { class: "asking" },
        h("div", { class: "ask" }, parts.ask, parts.progress),
        parts.doing,
        parts.trouble,
      ),
      ...Object.values(sources),
    ],
    [
      parts.strip,
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, ...mapsTitle, parts.note),
        parts.tiles.el,
        parts.limits,
      ),
      panel(unitTitle, parts.map),
      panel(["Where it looks"], h("div", { class: "view" }, parts.picture, parts.svg)),
      panel(["The stage"], parts.facts),
      parts.arithmetic,
      parts.ends,
      parts.voting,
    ],
  );
  return { ...parts, sources };
}

// ---- the explorer at work

class Session {
  /** @param {{ model: Model, el: HTMLElement }} place */
  constructor({ model, el }) {
    this.model = model;
    this.page = new Page({ model, el, traits });
    this.parts = layout(this.page, this);
    this.runner = new Runner(model, TRAINED, {
      working: (words, share) => this.working(words, share),
      trouble: (words) => (this.parts.trouble.textContent = words),
    });
    /** @type {Record<string, import("./kit/picture.js").Picture>} */
    this.photographs = {};
    /** @type {import("./kit/shared_picture.js").Own | undefined} the reader's own, while it is on screen */
    this.own = undefined;
    const kept = model.get("drawn");
    /** @type {Uint8Array | undefined} what the reader drew */
    this.drawn =
      kept instanceof DataView ? new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength) : undefined;
    this.strokes = 0;
    this.fresh = false; // whether the next run chooses the place
    this.held = ""; // the picture for which the reader stopped the network, or it failed
    /** @type {{ key: string, values?: Float32Array }} the numbers of the stage on screen */
    this.stage = { key: "" };
    /** What was drawn last, by its part: it need not be drawn again. */
    this.done = { strip: "", tiles: "", picture: "", unit: "", votes: "" };
    this.look = ""; // the theme and the width, which `done` depends on
    /** @type {HTMLCanvasElement[]} */
    this.thumbs = [];
    this.found = compute(this.page.state);
    /** @type {import("./kit/arithmetic.js").Arithmetic | undefined} how the unit on screen comes about */
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

  /** @param {import("./kit/shared_picture.js").Own | undefined} own */
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
    const input = async (/** @type {Trained} */ trained) =>
      network === MINIATURE ? clothesInput(this.grey(state)) : this.crop(trained, photograph);
    this.held = "";
    if (!(await this.runner.run(network, { of, input, names }))) return;
    const run = this.runner.runs[network];
    if (run?.of === of) this.stage = { key: "" };
    else this.held = of;
    if (this.fresh && run) this.go(this.found.at);
    this.fresh = false;
    this.page.schedule();
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
    return inputOf(picture, [...middle(picture), false]);
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

  // ---- what is drawn

  /**
   * @param {Found} found
   * @param {State} state
   */
  draw(found, state) {
    const { parts, page } = this;
    const { network } = state;
    this.found = found;
    this.look = `${page.root.clientWidth} ${page.colours.signed(1, 1)} ${page.colours.signed(0, 1)}`;
    const run = this.runner.runs[network];
    const current = run?.of === this.pictureOf(state);
    for (const [name, el] of Object.entries(parts.sources)) el.hidden = name !== network;
    parts.photographs.forEach((one, at) =>
      one.setAttribute("aria-pressed", String(!this.own && NAMES[at] === state.photograph)),
    );
    parts.yours.hidden = !sharedPicture();
    parts.yours.setAttribute("aria-pressed", String(Boolean(this.own)));
    parts.clothes.forEach((one, at) =>
      one.setAttribute("aria-pressed", String(!this.drawn && at === state.clothes)),
    );
    if (network === MINIATURE) parts.pad.show(this.grey(state));
    const { runner } = this;
    // the reader asked once, and changed the picture
    if (run && !current && !runner.busy && this.held !== this.pictureOf(state)) this.ask();
    if (!runner.busy) this.idle(state);
    const known = network === RANDOM ? undefined : run;
    this.drawStrip(found, state, known);
    this.drawMaps(found, state, known);
    this.drawPicture(found, state);
    this.drawUnit(found, state, known);
    this.drawEnd(found, state, known);
    page.say(this.told(found, known));
  }

  /**
   * @param {Found} found
   * @param {State} state
   * @param {Run | undefined} run
   */
  drawStrip({ at }, { network }, run) {
    const { strip } = this.parts;
    const stages = STAGES[network];
    const key = `${network} ${run?.of} ${this.look}`;
    if (this.done.strip !== key) {
      if (!this.done.strip.startsWith(network)) {
        this.thumbs = stages.map(() => h("canvas", { "aria-hidden": "true" }));
        strip.replaceChildren(
          ...stages.map(({ name }, i) =>
            h(
              "button",
              { type: "button", onclick: () => this.go(i) },
              this.thumbs[i],
              name.replace(/^(fire\d)\./, "$1 "),
            ),
          ),
        );
      }
      this.done.strip = key;
      const colours = ramp(this.page.colours.signed);
      this.thumbs.forEach((canvas, i) => {
        const top = this.top(network, i);
        if (top) paintMap(canvas, top.drawn, colours, top.limit);
        else Object.assign(canvas, { width: 1, height: 1 });
      });
    }
    [...strip.children].forEach((one, i) => one.setAttribute("aria-current", String(i === at)));
    const lit = /** @type {HTMLElement} */ (strip.children[at]);
    const from = lit.offsetLeft - strip.offsetLeft;
    if (from < strip.scrollLeft || from + lit.offsetWidth > strip.scrollLeft + strip.clientWidth)
      strip.scrollLeft = from - (strip.clientWidth - lit.offsetWidth) / 2;
  }

  /**
   * @param {Found} found
   * @param {State} state
   * @param {Run | undefined} run
   */
  drawMaps(found, state, run) {
    const { parts, page } = this;
    const { at, shape, place, stored, name } = found;
    const summary = run?.summaries[at];
    const key = `${state.network} ${run?.of} ${at}`;
    if (run && this.stage.key !== key) this.fetchStage(key, found, state);
    const { values } = this.stage.key === key ? this.stage : { values: undefined };
    parts.detail.textContent = `of ${name}, ${shape.slice(1).map(thousands).join(" × ")}`;
    parts.facts.replaceChildren(...facts(found, stored ?? summary));
    const limit = stored ? LEVELS : (summary?.limit ?? 1);
    const [rows, columns] = shape.length === 4 ? [shape[1], shape[2]] : [1, 1];
    const maps = shape[shape.length - 1];
    /** @type {Sheet | undefined} */
    let sheet;
    if (stored) sheet = storedSheet(at, shape);
    else if (values && summary)
      sheet = { order: summary.order, rows, columns, read: (map, i) => values[i * maps + map] };
    const shown = `${key} ${sheet ? "drawn" : ""} ${this.look}`;
    if (this.done.tiles !== shown) {
      this.done.tiles = shown;
      if (sheet) parts.tiles.paint(sheet, ramp(page.colours.signed), limit);
      else parts.tiles.clear();
      const six = stored && shape.length === 4 && maps > stored.chosen.length ? ", six of them stored" : "";
      parts.note.textContent = sheet ? `; those with the largest sum first${six}` : "";
      const end = number(Number((stored ? stored.limit : limit).toPrecision(3)), 4);
      parts.limits.replaceChildren(...(sheet ? scale(`−${end}`, end, "beyond: the same colour") : []));
    }
    parts.tiles.mark(
      sheet && !Array.prototype.includes.call(sheet.order, place[0]) ? sheet.order[0] : place[0],
    );
    parts.tiles.reveal();
    this.drawMap(found, sheet, values, limit);
  }

  /**
   * @param {Found} found
   * @param {Sheet | undefined} sheet
   * @param {Float32Array | undefined} values
   * @param {number} limit
   */
  drawMap({ shape, place: [map], stored }, sheet, values, limit) {
    const { mapCanvas, unitFrame, unitDetail, map: view } = this.parts;
    const { rows, columns, row, column } = this.board;
    view.hidden = !sheet;
    if (!sheet) return (unitDetail.textContent = "");
    const flat = stored ? stored.levels.flat() : [];
    const maps = shape[shape.length - 1];
    /** @type {Map} */
    let drawn;
    if (shape.length === 2) drawn = laidOut(stored ? flat : (values ?? []));
    else if (stored)
      drawn = { rows: stored.levels.length, columns: stored.levels[0].length, read: (i) => flat[i] };
    else drawn = { rows, columns, read: (i) => values?.[i * maps + map] ?? 0 };
    paintMap(mapCanvas, drawn, ramp(this.page.colours.signed), limit);
    const share = (/** @type {number} */ at, /** @type {number} */ all) => `${(100 * at) / all}%`;
    unitFrame.style.cssText = `left:${share(column, columns)};top:${share(row, rows)};width:${share(1, columns)};height:${share(1, rows)}`;
    const kept = stored && shape.length === 4 && !stored.chosen.includes(map) ? stored.chosen[0] : map;
    unitDetail.textContent =
      shape.length === 4
        ? `${kept}, unit in row ${row}, column ${column}`
        : `all numbers, row by row; number ${map}`;
  }

  /**
   * The numbers of a stage, from the worker.
   *
   * @param {string} key
   * @param {Found} found
   * @param {State} state
   */
  async fetchStage(key, { at }, { network }) {
    this.stage = { key };
    const { layers } = STAGES[network][at];
    const found = await this.runner.ask(network, "stage", { name: layers[layers.length - 1] });
    if (!found || this.stage.key !== key) return;
    this.stage = { key, values: found.values };
    this.page.schedule();
  }

  /**
   * @param {Found} found
   * @param {State} state
   */
  drawPicture({ field: [top, left, bottom, right] }, state) {
    const { picture, svg, veil, halo, frame } = this.parts;
    const side = STAGES[state.network][0].shape[0];
    const photograph =
      state.network === RANDOM ? undefined : (this.own ?? this.photographs[state.photograph]);
    const of = `${state.network} ${this.pictureOf(state)} ${Boolean(photograph)}`;
    if (this.done.picture !== of) {
      this.done.picture = of;
      if (state.network === MINIATURE) {
        const pixels = this.grey(state);
        const grey = (/** @type {number} */ i) => pixels[Math.floor(i / side) * GREY + (i % side)];
        paint(
          picture,
          { height: side, width: side },
          range(0, side * side - 1).flatMap((i) => Array(3).fill(grey(i))),
        );
      } else if (photograph) {
        const [row, column] = middle(photograph);
        const from = (/** @type {number} */ i) =>
          3 * ((row + Math.floor(i / side)) * photograph.width + column + (i % side));
        paint(picture, { height: side, width: side }, photograph.pixels, from);
      } else paintThumbnail(picture, state.network === RANDOM ? "chelsea" : state.photograph);
      picture.classList.toggle("sharp", side < GREY);
    }
    svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    const d = box(x, y, Math.min(side, right + 1) - x, Math.min(side, bottom + 1) - y);
    veil.setAttribute("d", box(0, 0, side) + d);
    halo.setAttribute("d", d);
    frame.setAttribute("d", d);
  }

  /**
   * @param {Found} found
   * @param {State} state
   * @param {Run | undefined} run
   */
  async drawUnit({ at, kind, place, window }, { network }, run) {
    const { arithmetic, cards, sum, sumDetail } = this.parts;
    const key = `${network} ${run?.of} ${at} ${place} ${this.look}`;
    if (this.done.unit === key) return;
    this.done.unit = key;
    this.unit = undefined;
    arithmetic.hidden = !run;
    if (!run) return;
    const stages = STAGES[network];
    const { layers } = stages[at];
    const before = stages[Math.max(0, at - 1)];
    const [map, row, column] = place;
    const asked = { before: before.layers[before.layers.length - 1], layers, map, row, column };
    const found = await this.runner.ask(network, "unit", asked);
    if (!found || this.done.unit !== key) return;
    const [top, left, side] = window ?? [];
    const { signed } = this.page.colours;
    const channels = before.kind === "image" && before.shape[2] === 3 ? CHANNELS : [];
    const rectified = layers.some((layer) => layer.includes("relu"));
    const unit = {
      kind,
      before: before.name,
      map,
      top,
      left,
      side,
      shape_before: before.shape,
      rectified,
      signed,
    };
    const { pictures, lines } = written({ ...unit, labels: run.labels, channels }, found);
    sumDetail.textContent = `in ${stages[at].name}`;
    cards.replaceChildren(...pictures);
    sum.replaceChildren(...lines);
    this.unit = found;
    this.page.say(this.told(this.found, run));
  }

  /**
   * @param {Found} found
   * @param {State} state
   * @param {Run | undefined} run
   */
  async drawEnd({ at, place: [map] }, { network }, run) {
    const { ends, bars, voting, votes, voteDetail } = this.parts;
    const stages = STAGES[network];
    const last = stages.findLastIndex(({ kind }) => kind === "convolution" || kind === "dense");
    const shown = Boolean(run) && at >= last;
    ends.hidden = !run;
    voting.hidden = !shown;
    const key = `${network} ${run?.of} ${shown} ${map}`;
    if (!run || this.done.votes === key) return;
    this.done.votes = key;
    bars.replaceChildren(...run.answers.flatMap(bar));
    if (!shown) return;
    const before = stages[last - 1];
    const scored = stages[stages.length - 2].layers;
    const asked = {
      before: before.layers[before.layers.length - 1],
      name: stages[last].name,
      scores: scored[scored.length - 1],
      map,
    };
    const found = await this.runner.ask(network, "votes", asked);
    if (!found || this.done.votes !== key) return;
    const { parts, bias, score } = found;
    voteDetail.textContent = `for ${run.labels[map]}`;
    const what = before.shape.length === 3 ? "map" : "unit";
    const words = (/** @type {number} */ i) =>
      h("button", { type: "button", class: "vote", onclick: () => this.page.set({ stage: last - 1, map: i }) }, `${what} ${i} of ${before.name}`); // prettier-ignore
    votes.replaceChildren(
      ...sumLines({ terms: parts, bias, value: score, words, count: VOTES, total: "score" }),
    );
  }

  /**
   * What the unit is, and where it looks.
   *
   * @param {Found} found
   * @param {Run | undefined} run
   * @returns {string}
   */
  told({ name, shape, count, place: [map, row, column], field: [top, left, bottom, right] }, run) {
    const what = shape.length === 4 ? `Map ${map}, row ${row}, column ${column}` : `Number ${map}`;
    const [a, b, c, d] = [top, bottom, left, right].map((v) => number(v));
    const passed = run && this.unit ? ` It hands on ${number(this.unit.passed, 3)}.` : "";
    return (
      `${name} hands on ${shape.map(thousands).join(" × ")}, ${thousands(count)} numbers. ` +
      `${what} looks at rows ${a} to ${b}, columns ${c} to ${d} of the picture.${passed}`
    );
  }
}

/**
 * What can be said of all numbers of a stage: terms and their texts.
 *
 * @param {Found} found
 * @param {{ deviation: number, zeros: number } | undefined} known
 * @returns {HTMLElement[]}
 */
function facts({ shape, count }, known) {
  const has = shape.length === 4;
  const lines = [
    ["shape", `${shape.map(thousands).join(" × ")}, as N × ${has ? "H × W × C" : "features"}`],
    ["numbers", thousands(count)],
    ["deviation", known ? String(Number(known.deviation.toPrecision(3))) : "not known yet"],
    ["zeros", known ? `${Math.round(100 * known.zeros)} %` : "not known yet"],
    [
      "places",
      has ? `${shape[1]} × ${shape[2]}: still a picture` : "none: the grid is only a way to draw it",
    ],
  ];
  return lines.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]);
}

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render(place) {
  const session = new Session(place);
  return session.page.start({
    compute,
    update: (found, state) => session.draw(found, state),
    stop: () => session.runner.end(),
  });
}

export default { traits, compute, render };
