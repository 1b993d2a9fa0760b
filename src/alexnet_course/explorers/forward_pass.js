/** The forward-pass explorer: what a picture becomes in a network, stage by stage, down to a single product. */
import { COUNT, GREY } from "./kit/clothes.js";
import { SIDE, middle } from "./kit/crop.js";
import { box, h, number, thousands } from "./kit/elements.js";
import { facts } from "./kit/forward_pass_parts.js";
import { Session } from "./kit/forward_pass_session.js";
import { product } from "./kit/network.js";
import { Page, scale } from "./kit/page.js";
import { CHANNELS, NAMES, bar, paintThumbnail } from "./kit/photographs.js";
import { fit, paint, paintGrey } from "./kit/pixels.js";
import { roomOf } from "./kit/room.js";
import { sharedPicture } from "./kit/shared_picture.js";
import { LEVELS, MINIATURE, RANDOM, STAGES, fieldOf, laidOut } from "./kit/stages.js";
import { storedSheet, storedStage, windowOf } from "./kit/stages.js";
import { paintMap, pauses, ramp } from "./kit/tiles.js";
import { whole, word } from "./kit/traits.js";
import { sumLines, written } from "./kit/unit.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/page.js").Model} Model */
/** @typedef {import("./kit/tiles.js").Sheet} Sheet */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/runner.js").Run} Run */
/** @typedef {import("./kit/stages.js").Map} Map */

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
 * @returns {{ at: number, kind: string, name: string, shape: number[], count: number, place: number[],
 *   window: number[] | null, field: number[], stored: { deviation: number, zeros: number, limit: number,
 *   chosen: number[], levels: number[][] } | null }}
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

// ---- what is drawn

class Drawing extends Session {
  /**
   * @param {Found} found
   * @param {State} state
   */
  draw(found, state) {
    const { parts, page } = this;
    const { network } = state;
    this.found = found;
    this.look = `${roomOf(page.root).width} ${page.colours.signed(1, 1)} ${page.colours.signed(0, 1)}`;
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
    page.root.classList.toggle("ran", Boolean(known));
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
        this.thumbs.splice(0, Infinity, ...stages.map(() => h("canvas", { "aria-hidden": "true" })));
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
      this.drawThumbs(key, network);
    }
    [...strip.children].forEach((one, i) => one.setAttribute("aria-current", String(i === at)));
    const shown = `${network} ${at} ${this.look}`;
    if (this.done.lit === shown) return;
    this.done.lit = shown;
    const lit = /** @type {HTMLElement} */ (strip.children[at]);
    requestAnimationFrame(() => {
      const [row, one] = [strip, lit].map((el) => el.getBoundingClientRect()); // the page is laid out by now
      if (one.left >= row.left && one.right <= row.right) return;
      strip.scrollLeft += (one.left + one.right - row.left - row.right) / 2;
    });
  }

  /**
   * The largest map of each stage, in pieces.
   *
   * @param {string} key  Of the strip that they belong to.
   * @param {string} network
   */
  async drawThumbs(key, network) {
    const colours = ramp(this.page.colours.signed);
    const pause = pauses();
    for (const [i, canvas] of this.thumbs.entries()) {
      await pause();
      if (this.done.strip !== key) return;
      const top = this.top(network, i);
      if (top) paintMap(canvas, top.drawn, colours, top.limit);
      else fit(canvas, { width: 1, height: 1 });
    }
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
    const { values, coming } = run && this.stage.key === key ? this.stage : { values: undefined };
    parts.detail.textContent = `of ${name}, ${shape.slice(1).map(thousands).join(" × ")}`;
    parts.facts.replaceChildren(...facts(found, stored ?? summary));
    const limit = stored ? LEVELS : (summary?.limit ?? 1);
    const [rows, columns] = shape.length === 4 ? [shape[1], shape[2]] : [1, 1];
    const maps = shape[shape.length - 1];
    if (coming) return; // what was drawn last stays until then
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
      parts.note.textContent = sheet
        ? `; those with the largest sum first${six}`
        : "; they are drawn when the network has run";
      const end = number(Number((stored ? stored.limit : limit).toPrecision(3)), 4);
      parts.limits.replaceChildren(...(sheet ? scale(`−${end}`, end, "beyond: the same colour") : []));
    }
    parts.tiles.mark(
      sheet && !Array.prototype.includes.call(sheet.order, place[0]) ? sheet.order[0] : place[0],
    );
    parts.tiles.reveal();
    this.drawMap(found, { sheet, key: shown, values, limit });
  }

  /**
   * @param {Found} found
   * @param {{ sheet: Sheet | undefined, key: string, values: Float32Array | undefined, limit: number }} all the maps
   */
  drawMap({ shape, place: [map], stored }, { sheet, key, values, limit }) {
    const { mapCanvas, unitFrame, unitDetail, map: view } = this.parts;
    const { rows, columns, row, column } = this.board;
    view.hidden = !sheet;
    if (!sheet) return (unitDetail.textContent = "");
    if (this.done.map !== `${key} ${map}`) {
      this.done.map = `${key} ${map}`;
      const flat = stored ? stored.levels.flat() : [];
      const maps = shape[shape.length - 1];
      /** @type {Map} */
      let drawn;
      if (shape.length === 2) drawn = laidOut(stored ? flat : (values ?? []));
      else if (stored)
        drawn = { rows: stored.levels.length, columns: stored.levels[0].length, read: (i) => flat[i] };
      else drawn = { rows, columns, read: (i) => values?.[i * maps + map] ?? 0 };
      paintMap(mapCanvas, drawn, ramp(this.page.colours.signed), limit);
    }
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
    this.stage = { key, coming: true };
    const { layers } = STAGES[network][at];
    const found = await this.runner.ask(network, "stage", { name: layers[layers.length - 1] });
    if (this.stage.key !== key) return;
    this.stage = { key, values: found?.values };
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
        paintGrey(picture, { height: side, width: side }, grey);
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
    const found = await this.answer(network, "unit", asked);
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
    const open = sum.querySelector("details")?.open;
    sum.replaceChildren(...lines);
    if (open) sum.querySelector("details")?.setAttribute("open", "");
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
    const found = await this.answer(network, "votes", asked);
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
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const drawing = new Drawing(model, page, compute(page.state));
  return page.start({
    compute,
    update: (found, state) => drawing.draw(found, state),
    stop: () => drawing.runner.end(),
  });
}

export default { traits, compute, render };
