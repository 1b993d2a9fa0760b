/** Every map of a stage as a tile on one canvas, which scrolls in its place; drawn in pieces, one tile is chosen. */
import { h } from "./elements.js";
import { moved } from "./pointer.js";
import { fit } from "./pixels.js";
import { nextFrame, roomOf } from "./room.js";

/** @typedef {import("./colours.js").Colour} Colour */

/**
 * What is to be drawn.
 *
 * @typedef {object} Sheet
 * @property {ArrayLike<number>} order the maps, in the order of their tiles
 * @property {number} rows of a map
 * @property {number} columns
 * @property {(map: number, at: number) => number} read a number of a map; places are counted row by row
 */

const GAP = 2; // canvas pixels between tiles
const PIECE = 5; // milliseconds of drawing in a frame
const SHADES = 255; // on each side of zero

/** @type {WeakMap<Function, Uint8ClampedArray>} the ramps of the palettes so far */
const ramps = new WeakMap();

/**
 * The colours from -limit to limit, in one row of red, green, blue and opacity.
 *
 * @param {(v: number, most: number) => Colour} signed
 * @returns {Uint8ClampedArray}
 */
export function ramp(signed) {
  const known = ramps.get(signed);
  if (known) return known;
  const colours = new Uint8ClampedArray(4 * (2 * SHADES + 1));
  for (let i = -SHADES; i <= SHADES; i++) colours.set([...signed(i, SHADES), 255], 4 * (i + SHADES));
  ramps.set(signed, colours);
  return colours;
}

/** The frame in which pieces are drawn, and when the first of them began. */
const pieces = { frame: 0, start: 0 };
const spent = () => performance.now() - pieces.start >= PIECE;

/**
 * A function to call before each piece of a long drawing: it waits for the next frame at first, and whenever this one
 * has had its share, which all drawings have together.
 *
 * @returns {() => Promise<void>}
 */
export function pauses() {
  let waited = false;
  return async () => {
    while (!waited || spent()) {
      const frame = await nextFrame();
      if (pieces.frame !== frame) Object.assign(pieces, { frame, start: performance.now() });
      waited = true;
    }
  };
}

/**
 * Which colour of a ramp a value has; what is not 0 never looks like 0.
 *
 * @param {number} value
 * @param {number} limit
 * @returns {number}
 */
function shade(value, limit) {
  const level = Math.max(-SHADES, Math.min(SHADES, Math.round((SHADES * value) / limit)));
  return (level || Math.sign(value)) + SHADES;
}

/**
 * One map as pixels, each `times` pixels wide.
 *
 * @param {{ rows: number, columns: number, read: (at: number) => number }} map
 * @param {Uint8ClampedArray} colours
 * @param {number} limit
 * @param {number} [times]
 * @returns {ImageData}
 */
export function pixelsOf({ rows, columns, read }, colours, limit, times = 1) {
  const image = new ImageData(columns * times, rows * times);
  const pixels = new Uint32Array(image.data.buffer);
  const ready = new Uint32Array(colours.buffer);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const colour = ready[shade(read(row * columns + column), limit)];
      if (times === 1) {
        pixels[row * columns + column] = colour;
        continue;
      }
      for (let y = row * times; y < (row + 1) * times; y++) {
        const start = y * image.width + column * times;
        pixels.fill(colour, start, start + times);
      }
    }
  }
  return image;
}

/**
 * Draws one map on a canvas of its size.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ rows: number, columns: number, read: (at: number) => number }} map
 * @param {Uint8ClampedArray} colours
 * @param {number} limit
 */
export function paintMap(canvas, map, colours, limit) {
  fit(canvas, { width: map.columns, height: map.rows });
  canvas.getContext("2d")?.putImageData(pixelsOf(map, colours, limit), 0, 0);
}

export class Tiles {
  /**
   * @param {{ describedBy: string, choose: (map: number) => void }} parts
   */
  constructor({ describedBy, choose }) {
    this.choose = choose;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.here = h("i", { class: "here" });
    this.el = h(
      "div",
      {
        class: "tiles",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "sheet of maps",
        "aria-label": "Every map, the largest first. Arrow keys choose one.",
        "aria-describedby": describedBy,
      },
      h("div", {}, this.canvas, this.here),
    );
    /** @type {Sheet | undefined} */
    this.sheet = undefined;
    this.across = 1;
    this.chosen = 0; // which tile
    this.turn = 0;
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.el.addEventListener("keydown", (event) => this.press(event));
  }

  /** Canvas pixels from one tile to the next. */
  get pitch() {
    const { rows = 1, columns = 1 } = this.sheet ?? {};
    return { x: columns * this.times + GAP, y: rows * this.times + GAP };
  }

  /** Canvas pixels a number takes on either side: small maps are drawn larger, single numbers as large as they are shown. */
  get times() {
    const { rows = 1, columns = 1, order } = this.sheet ?? {};
    if (rows * columns === 1) return tileWidth(order?.length ?? 1, rows) - GAP;
    return Math.max(1, Math.ceil(26 / Math.max(rows, columns)));
  }

  /**
   * Draws a sheet from the next frame on, in each as much as it has time for: this one draws what stands around it.
   *
   * @param {Sheet} sheet
   * @param {Uint8ClampedArray} colours
   * @param {number} limit
   */
  async paint(sheet, colours, limit) {
    const turn = ++this.turn;
    this.sheet = sheet;
    const count = sheet.order.length;
    const { width } = roomOf(this.el);
    const { across, wide } = tilesIn(width, count, sheet.rows);
    this.across = across;
    const { x, y } = this.pitch;
    const down = Math.ceil(count / this.across);
    Object.assign(this.canvas, { width: this.across * x, height: down * y });
    this.canvas.style.width = `${this.across * wide}px`;
    this.canvas.classList.toggle("sharp", wide >= x);
    const context = this.canvas.getContext("2d");
    const { times } = this;
    const pause = pauses();
    for (let i = 0; i < count; i++) {
      await pause();
      if (turn !== this.turn) return;
      const map = sheet.order[i];
      const one = {
        rows: sheet.rows,
        columns: sheet.columns,
        read: (/** @type {number} */ at) => sheet.read(map, at),
      };
      const [left, top] = [(i % this.across) * x, Math.floor(i / this.across) * y];
      context?.putImageData(pixelsOf(one, colours, limit, times), left, top);
    }
  }

  /** Draws nothing. */
  clear() {
    this.turn++;
    this.sheet = undefined;
    Object.assign(this.canvas, { width: 0, height: 0 });
    this.here.hidden = true;
  }

  /**
   * Frames the tile of a map.
   *
   * @param {number} map
   */
  mark(map) {
    if (!this.sheet) return;
    this.chosen = Math.max(0, Array.prototype.indexOf.call(this.sheet.order, map));
    const down = Math.ceil(this.sheet.order.length / this.across);
    const [row, column] = [Math.floor(this.chosen / this.across), this.chosen % this.across];
    const share = (/** @type {number} */ at, /** @type {number} */ all) => `${(100 * at) / all}%`;
    this.here.hidden = false;
    this.here.style.cssText =
      `left:${share(column, this.across)};top:${share(row, down)};` +
      `width:${share(1, this.across)};height:${share(1, down)}`;
  }

  /** Scrolls the chosen tile into sight, within the sheet: with the next frame, when it has its place. */
  reveal() {
    requestAnimationFrame(() => {
      const { offsetTop, offsetHeight } = this.here;
      const { scrollTop, clientHeight } = this.el;
      if (offsetTop < scrollTop) this.el.scrollTop = offsetTop;
      else if (offsetTop + offsetHeight > scrollTop + clientHeight)
        this.el.scrollTop = offsetTop + offsetHeight - clientHeight;
    });
  }

  /** @param {MouseEvent} event */
  click(event) {
    if (!this.sheet) return;
    const { left, top, width } = this.canvas.getBoundingClientRect();
    const unit = this.canvas.width / width;
    const column = Math.floor(((event.clientX - left) * unit) / this.pitch.x);
    const row = Math.floor(((event.clientY - top) * unit) / this.pitch.y);
    this.take(row * this.across + column);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.sheet) return;
    const last = this.sheet.order.length - 1;
    const place = { row: Math.floor(this.chosen / this.across), column: this.chosen % this.across };
    const to = moved(event, place, { row: Math.floor(last / this.across), column: this.across - 1 });
    if (to) this.take(to.row * this.across + to.column);
  }

  /** @param {number} tile */
  take(tile) {
    const { order } = /** @type {Sheet} */ (this.sheet);
    this.choose(order[Math.max(0, Math.min(order.length - 1, tile))]);
  }
}

/**
 * How many tiles stand side by side, and how wide each is on screen: more than one row of them fills the width. Single
 * numbers keep their size, for all to look alike.
 *
 * @param {number} width of the sheet
 * @param {number} count
 * @param {number} rows
 * @returns {{ across: number, wide: number }}
 */
export function tilesIn(width, count, rows) {
  const wide = tileWidth(count, rows);
  const fitting = rows === 1 ? Math.floor(width / wide) : Math.round(width / wide);
  const across = Math.max(1, Math.min(count, fitting));
  if (rows === 1) return { across, wide };
  return { across, wide: count > across ? width / across : Math.min(wide, width / across) };
}

/**
 * How wide a tile is meant to be on screen, in pixels: few maps have more room.
 *
 * @param {number} count
 * @param {number} rows
 * @returns {number}
 */
function tileWidth(count, rows) {
  if (rows === 1) return count > 200 ? 14 : 28;
  if (count <= 6) return 100;
  return count <= 64 ? 64 : 44;
}
