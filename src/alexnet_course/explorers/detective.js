/** The detective explorer: a right function beside a broken one, and which inputs tell them apart. */
import { CellMap } from "./kit/cellmap.js";
import { coin } from "./kit/coins.js";
import { button, choice, slider, toolbar } from "./kit/controls.js";
import { h, largest, number, plural, range } from "./kit/elements.js";
import { Editor } from "./kit/kernel.js";
import {
  BIASES,
  convolve,
  flattenOrder,
  maxPool,
  normalize,
  outputSize,
  rectify,
  responses,
  windowAt,
} from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { matrix, whole, word } from "./kit/traits.js";
import PICTURES from "./made/pictures.json" with { type: "json" };

/** @typedef {import("./kit/maths.js").Matrix} Matrix */
/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

const MAP = responses(PICTURES.tile.rows, "left edge", BIASES["left edge"]);
const SIDE = MAP.length;
/** @type {(value: (row: number, column: number) => number) => Matrix} */
const made = (value) => range(0, SIDE - 1).map((r) => range(0, SIDE - 1).map((c) => value(r, c)));
/**
 * Inputs that are ready-made, as in detective.py.
 *
 * @type {Record<string, Matrix>}
 */
const INPUTS = {
  "left edge": MAP,
  "after ReLU": rectify(MAP),
  "all below 0": rectify(MAP).map((row) => row.map((v) => -1 - v)),
  "one level": made(() => 3),
  zeros: made(() => 0),
  "one bright pixel": made((r, c) => (r === 2 && c === 2 ? 9 : 0)),
  counting: made((r, c) => 5 * r + c - 12),
};

/**
 * What the right function and the broken one return; [] where the right one refuses.
 *
 * @typedef {{ right: Matrix, broken: Matrix }} Pair
 */

/**
 * One of the ten: what both return, and what `size` means to it.
 *
 * @typedef {{ both: (x: Matrix, size: number) => Pair, label: string, text?: (size: number) => string }} Bug
 */

/** The rows of an input, normalized as maps at one place, in two conventions. */
const normalized = (/** @type {string} */ wrong) => (/** @type {Matrix} */ x, /** @type {number} */ size) => {
  const rows = (/** @type {string} */ convention) =>
    x.map((row) =>
      normalize(row, { n: 2 * size - 1, k: 2, alpha: 1, beta: 0.75, convention }).map(({ output }) => output),
    );
  return { right: rows("paper"), broken: rows(wrong) };
};

/** Zeros round a picture: `before` rows and columns of them, `after` behind it. */
const padded = (/** @type {Matrix} */ x, /** @type {number} */ before, /** @type {number} */ after) => {
  const places = range(-before, x.length - 1 + after);
  return places.map((r) => places.map((c) => x[r]?.[c] ?? 0));
};

/** Exponentials over their sum. */
const shares = (/** @type {number[]} */ logits) => {
  const exponentials = logits.map((z) => Math.exp(z - Math.max(...logits)));
  const sum = exponentials.reduce((all, e) => all + e, 0);
  return exponentials.map((e) => e / sum);
};

/** The first columns of an input. */
const columns = (/** @type {Matrix} */ x, /** @type {number} */ count) => x.map((row) => row.slice(0, count));

const odd = (/** @type {number} */ size) => String(2 * size - 1);

/**
 * The ten, by number and name.
 *
 * @type {Record<string, Bug>}
 */
const BUGS = {
  "18.1 max_pool": {
    label: "k (s = 2, p = k // 2)",
    both: (x, size) => {
      const pool = { pool_size: size, stride: 2, padding: size >> 1 };
      const window = { kernel_size: size, stride: 2, padding: size >> 1 };
      const count = range(0, outputSize({ size: x.length, ...window }) - 1);
      const most = (/** @type {number} */ r, /** @type {number} */ c) =>
        Math.max(
          ...windowAt(x, window, r, c)
            .flat()
            .map((tap) => tap.value),
        );
      return { right: maxPool(x, pool).output, broken: count.map((r) => count.map((c) => most(r, c))) };
    },
  },
  "18.2 max_pool_backward": {
    label: "k (s = 2, gradients 1)",
    both: (x, size) => {
      const { wins } = maxPool(x, { pool_size: Math.min(size, x.length), stride: 2, padding: 0 });
      return { right: wins, broken: wins.map((row) => row.map((w) => Math.min(w, 1))) };
    },
  },
  "18.3 pad_same": {
    label: "k",
    both: (x, size) => ({
      right: padded(x, (size - 1) >> 1, size >> 1),
      broken: padded(x, size >> 1, (size - 1) >> 1),
    }),
  },
  "18.4 conv2d": {
    label: "k (all weights 0.5)",
    both: (x, size) => {
      const k = Math.min(size, x.length);
      const weights = range(1, k).map(() => range(1, k).map(() => 0.5));
      const right = convolve(x, weights, { size: x.length, kernel_size: k, stride: 1, padding: 0, bias: 0 });
      const cut = x.flat().every(Number.isInteger) ? Math.trunc : Number;
      return { right, broken: right.map((row) => row.map((v) => cut(v))) };
    },
  },
  "18.5 lrn": { label: "n (alpha = 1; a row: maps)", text: odd, both: normalized("half width") },
  "18.6 normalize": { label: "n (alpha = 1; a row: maps)", text: odd, both: normalized("alpha / n") },
  "18.7 dropout": {
    label: "rate, in a test",
    text: (size) => number((size - 1) / 5, 1),
    both: (x, size) => {
      const rate = (size - 1) / 5;
      const kept = (/** @type {number} */ unit) => Number(coin(1, unit) >= rate) / (1 - rate);
      const dropped = x.map((row, r) => row.map((v, c) => v * kept(r * x.length + c)));
      return { right: x, broken: dropped };
    },
  },
  "18.8 flatten": {
    label: "maps (a row: a place)",
    both: (x, size) => {
      const right = columns(x, size);
      const flat = right.flat();
      const maps = right[0].length;
      const moved = flattenOrder([x.length, 1, maps], "C, H, W").map((i) => flat[i]);
      return { right, broken: right.map((_, r) => moved.slice(r * maps, (r + 1) * maps)) };
    },
  },
  "18.9 probabilities": {
    label: "classes (a row: logits)",
    both: (x, size) => {
      const logits = columns(x, size);
      return { right: logits.map(shares), broken: rectify(logits).map(shares) };
    },
  },
  "18.10 response": {
    label: "channels of the kernel (all 1)",
    both: (x, size) => ({
      right: size === 1 ? x : [],
      broken: x.map((row) => row.map((v) => size * v)),
    }),
  },
};

/** Every setting and what it may be, as in detective.py. */
export const traits = {
  bug: word(...Object.keys(BUGS)),
  input: matrix(Object.keys(INPUTS), 6, 99),
  size: whole(1, 5),
};

/**
 * The places of the broken one's numbers that are not right: all of them where the right one refuses.
 *
 * @param {Pair} pair
 * @returns {number[][]}
 */
function wrong({ right, broken }) {
  const off = (/** @type {number} */ v, /** @type {number} */ r, /** @type {number} */ c) =>
    !right.length || Math.abs(v - right[r][c]) > 1e-9 + 1e-9 * Math.abs(right[r][c]);
  return broken.flatMap((row, r) => row.flatMap((v, c) => (off(v, r, c) ? [[r, c]] : [])));
}

/**
 * Everything that follows from the settings, by its name in detective.py.
 *
 * @param {State} state
 * @returns {{ x: Matrix, right: Matrix, broken: Matrix, places: number[][], first: number[], different:
 *   number, caught: boolean[] }}
 */
export function compute({ bug, input, size }) {
  const x = typeof input === "string" ? INPUTS[input] : input;
  const { both } = BUGS[bug];
  const pair = both(x, size);
  const places = wrong(pair);
  return {
    x,
    ...pair,
    places,
    first: places[0] ?? [-1, -1],
    different: places.length,
    caught: Object.values(INPUTS).map((ready) => wrong(both(ready, size)).length > 0),
  };
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const names = Object.keys(INPUTS);
  const editor = new Editor(99, (input) => page.set({ input }), { group: "Input", cell: "number" });
  const right = new CellMap("What the right function returns.", { signed: true });
  const broken = new CellMap("What the broken function returns.", { signed: true });
  const [inputSize, inputTitle] = heading("Input");
  const [rightSize, rightTitle] = heading("Right");
  const [brokenSize, brokenTitle] = heading("Broken");
  const [count, caughtTitle] = heading("Inputs that show it");
  const label = (/** @type {State} */ { bug }) => BUGS[bug].label;
  const size = slider(page, "size", label, undefined, { with: ["bug"] });
  const shown = /** @type {HTMLElement} */ (size.querySelector(".value"));
  const ready = names.map((name) => button(name, () => page.set({ input: name })));
  const marks = ready.map((el) => {
    const mark = h("span", { class: "verdict" });
    el.append(mark);
    return mark;
  });
  const part = (/** @type {import("./kit/elements.js").Child[]} */ title, /** @type {CellMap} */ map) =>
    h("div", {}, h("p", { class: "title" }, ...title), map.el);
  page.lay(
    [choice(page, "bug", "Function"), choice(page, "input", "Input"), size],
    [
      panel(inputTitle, editor.el, h("p", { class: "note" }, "Type numbers of your own.")),
      h("section", { class: "wide pair" }, part(rightTitle, right), part(brokenTitle, broken)),
      h("p", { class: "note wide" }, "dashed: not right; framed: the first of them"),
      panel(caughtTitle, toolbar("Inputs", "suspects", ...ready)),
    ],
  );
  return { editor, right, broken, inputSize, rightSize, brokenSize, count, shown, size, ready, marks, names };
}

/**
 * The length and the width of a matrix, in words.
 *
 * @param {Matrix} values
 * @returns {string}
 */
const shape = (values) => (values.length ? `${values.length} × ${values[0].length}` : "refuses this input");

/**
 * What the two say, and whether this input would have caught the bug.
 *
 * @param {State} state
 * @param {Found} found
 * @returns {string}
 */
function told({ bug }, { right, broken, first: [row, column], different }) {
  const [, name] = bug.split(" ");
  const count = broken.length * broken[0].length;
  if (!right.length)
    return `The right ${name} refuses this input with an error. The broken one returns ${plural(count, "number")}.`;
  if (!different)
    return `Both return the same ${plural(count, "number")}: this input hides the bug of ${name}. The shape agrees, too.`;
  return (
    `The shape agrees, and ${different} of ${plural(count, "number")} ` +
    `${different === 1 ? "is" : "are"} wrong. The first is at (${row}, ${column}): ` +
    `${number(broken[row][column], 3)}, and right is ${number(right[row][column], 3)}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { x, right, broken, places, first } = found;
    const text = BUGS[state.bug].text ?? String;
    const written = text(state.size);
    parts.shown.textContent = written;
    parts.size.querySelector("input")?.setAttribute("aria-valuetext", written);
    parts.editor.show(x, page.colours);
    const most = largest(right.length ? right : broken);
    const colour = (/** @type {number} */ v) => page.colours.signed(v, most);
    const digits = (/** @type {number} */ v) => number(v, 2);
    const total = Math.max(SIDE, broken.length, broken[0].length); // so that cells keep their size
    parts.right.paint({ values: right, total, colour, text: digits });
    parts.broken.paint({ values: broken, total, colour, text: digits });
    parts.broken.outlines(right.length ? places : [], 1);
    if (right.length && places.length)
      for (const map of [parts.right, parts.broken]) map.outline(first[0], first[1], 1);
    parts.inputSize.textContent = shape(x);
    parts.rightSize.textContent = shape(right);
    parts.brokenSize.textContent = shape(broken);
    parts.count.textContent = `${found.caught.filter(Boolean).length} of ${found.caught.length}`;
    parts.ready.forEach((one, i) => {
      one.setAttribute("aria-pressed", String(state.input === parts.names[i]));
      parts.marks[i].textContent = found.caught[i] ? "shows it" : "hides it";
      parts.marks[i].classList.toggle("shows", found.caught[i]);
    });
    page.say(told(state, found));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
