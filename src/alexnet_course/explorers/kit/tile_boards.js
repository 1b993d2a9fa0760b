/** The tile's network as boards of cells, a number in each. */
import { h, range } from "./elements.js";
import { moved } from "./pointer.js";
import { CLASSES, IMAGE, KERNEL, MAP, MAPS, POOL } from "./tile_network.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./tile_network.js").Place} Place */

/**
 * What all boards share: `look` is told of the number that a mouse passes, and `here` is the number under study.
 *
 * @typedef {{ page: Page, look: (place: Place | undefined) => void, here: () => Place }} How
 */

const UNITS = 4;

/** One map of numbers: one stop of the keyboard; a mouse that passes previews, pressing chooses. */
class Board {
  /**
   * @param {string} label
   * @param {Place[][]} rows
   * @param {How} how
   * @param {{ kind?: string, left?: string[], above?: string[], after?: string }} [names] of rows, of columns, and of
   *   the last row at its end
   */
  constructor(label, rows, { page, look, here }, { kind = "", left, above, after } = {}) {
    this.page = page;
    this.here = here;
    this.rows = rows;
    this.cells = rows.map((row) => row.map(() => h("b")));
    const choose = (/** @type {Event} */ event) => {
      const place = this.at(event);
      if (place) page.set(place);
      return place;
    };
    this.el = h(
      "div",
      {
        class: `board ${kind}`,
        tabindex: 0,
        role: "application",
        "aria-roledescription": "map of numbers",
        "aria-label": label,
        "aria-describedby": page.sentence.id,
        style: `--columns:${rows[0].length}`,
        onclick: (/** @type {Event} */ event) => {
          choose(event);
          look(undefined);
        },
        onpointermove: (/** @type {PointerEvent} */ event) => {
          if (event.pointerType === "mouse" && this.at(event)) look(this.at(event));
        },
        onpointerleave: () => look(undefined),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      },
      ...(above
        ? [h("div", { class: "names" }, ...(left ? [h("i")] : []), ...above.map((name) => h("i", {}, name)))]
        : []),
      ...this.cells.map((row, r) =>
        h(
          "div",
          {},
          ...(left ? [h("i", { class: "left" }, left[r])] : []),
          ...row,
          ...(after && r === rows.length - 1 ? [h("i", {}, after)] : []),
        ),
      ),
    );
  }

  /**
   * The number under a pointer.
   *
   * @param {Event} event
   * @returns {Place | undefined}
   */
  at({ target }) {
    for (const [r, row] of this.cells.entries()) {
      const c = row.findIndex((cell) => cell === target);
      if (c >= 0) return this.rows[r][c];
    }
    return undefined;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { part, index } = this.here();
    const row = this.rows.findIndex((cells) =>
      cells.some((cell) => cell.part === part && cell.index === index),
    );
    const column = this.rows[row]?.findIndex((cell) => cell.part === part && cell.index === index) ?? 0;
    const last = { row: this.rows.length - 1, column: this.rows[Math.max(0, row)].length - 1 };
    const to = moved(event, { row: Math.max(0, row), column }, last);
    if (!to) return;
    const there = row < 0 ? this.rows[0] : this.rows[Math.max(0, Math.min(last.row, to.row))];
    this.page.set(there[row < 0 ? 0 : Math.max(0, Math.min(there.length - 1, to.column))]);
  }

  /**
   * @param {(place: Place, cell: HTMLElement) => void} paint
   */
  each(paint) {
    this.rows.forEach((row, r) => row.forEach((place, c) => paint(place, this.cells[r][c])));
  }
}

/** Places of one part, in rows of `columns`. */
const block = (
  /** @type {string} */ part,
  /** @type {number} */ rows,
  /** @type {number} */ columns,
  /** @type {(r: number, c: number) => number} */ index = (r, c) => r * columns + c,
) => range(0, rows - 1).map((r) => range(0, columns - 1).map((c) => ({ part, index: index(r, c) })));
const mapped =
  (/** @type {number} */ side, /** @type {number} */ m) =>
  (/** @type {number} */ r, /** @type {number} */ c) =>
    (r * side + c) * MAPS + m;

/**
 * All boards, by the column of the picture that they stand in.
 *
 * @param {How} how
 * @returns {{ image: Board, filters: { kernel: Board, map: Board, pooled: Board }[], hiddenWeights: Board,
 *   hidden: Board, outputWeights: Board, scores: Board, loss: Board, every: Board[] }}
 */
export function boards(how) {
  const features = range(0, POOL * POOL * MAPS - 1).map((i) => `f${i}`);
  const units = range(0, UNITS - 1).map((u) => `h${u}`);
  const image = new Board("Image less the mean image, 7 by 7", block("image", IMAGE, IMAGE), how);
  const filters = range(0, MAPS - 1).map((m) => ({
    kernel: new Board(
      `Filter ${m}: its kernel, 3 by 3, and its bias`,
      [...block("kernels", KERNEL, KERNEL, mapped(KERNEL, m)), [{ part: "biases", index: m }]],
      how,
      { after: "bias" },
    ),
    map: new Board(`Responses of filter ${m}, 5 by 5`, block("responses", MAP, MAP, mapped(MAP, m)), how),
    pooled: new Board(
      `Pooled numbers of map ${m}, 2 by 2`,
      block("pooled", POOL, POOL, mapped(POOL, m)),
      how,
    ),
  }));
  const hiddenWeights = new Board(
    "Weights of the hidden units: a row a feature, a column a unit, then their biases",
    [...block("hidden weights", features.length, UNITS), ...block("hidden biases", 1, UNITS)],
    how,
    { left: [...features, "b"], above: units },
  );
  const hidden = new Board(
    "Hidden units before and after ReLU",
    [...block("hidden", 1, UNITS), ...block("active", 1, UNITS)],
    how,
    { above: units },
  );
  const outputWeights = new Board(
    "Weights of the scores: a row a unit, a column a class, then their biases",
    [...block("output weights", UNITS, CLASSES.length), ...block("output biases", 1, CLASSES.length)],
    how,
    { kind: "scores", left: [...units, "b"], above: CLASSES },
  );
  const scores = new Board(
    "Logits and shares of ear, stripe and whisker",
    [...block("logits", 1, CLASSES.length), ...block("shares", 1, CLASSES.length)],
    how,
    { kind: "scores", left: ["z", "p"] },
  );
  const loss = new Board("Loss", block("loss", 1, 1), how, { kind: "scores", left: ["L"] });
  const every = [
    image,
    ...filters.flatMap((one) => Object.values(one)),
    hiddenWeights,
    hidden,
    outputWeights,
    scores,
    loss,
  ];
  return { image, filters, hiddenWeights, hidden, outputWeights, scores, loss, every };
}
