/** The pooling explorer: which pixel of each window goes on, and for how many windows it speaks. */
import { CellMap } from "./cellmap.js";
import { button, choice, slider } from "./controls.js";
import { h, largest, number, plural, range } from "./elements.js";
import { sizeFormula } from "./formula.js";
import { chip } from "./kernel.js";
import { BIASES, convolve, maxPool, poolCount, pooled, rectify, resample, weights } from "./maths.js";
import { heading, Page, panel } from "./page.js";
import PICTURES from "./made/pictures.json" with { type: "json" };
import { matrix, whole } from "./traits.js";
import { Walk } from "./walk.js";

const NAMES = [...Object.keys(BIASES), "photograph"];

/** Every setting and what it may be, as in pooling.py. */
export const traits = {
  picture: matrix(NAMES, 64, 999),
  pool_size: whole(1, 5),
  stride: whole(1, 5),
  padding: whole(0, 2),
  row: whole(0, 67),
  column: whole(0, 67),
};

/** The map to pool: one of the tile's three after ReLU, a small photograph, or the learner's own. */
export function mapOf(picture) {
  if (typeof picture !== "string") return picture;
  if (picture === "photograph") return resample(PICTURES.photograph, 12);
  const tile = PICTURES.tile.rows,
    kernel = weights({ kernel: picture, kernel_size: 3 });
  return rectify(
    convolve(tile, kernel, {
      size: tile.length,
      kernel_size: 3,
      stride: 1,
      padding: 0,
      bias: BIASES[picture],
    }),
  );
}

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const walk = new Walk(page, () => mark(page.state));
  const describedBy = page.sentence.id;
  const input = new CellMap("Map. Arrow keys move the window.", { walk, describedBy, signed: true });
  const result = new CellMap("Output. Arrow keys choose a value.", { walk, describedBy, signed: true });
  const paid = new CellMap("How many windows each pixel of the map wins.", { signed: true });
  const [inputSize, inputTitle] = heading("Map"),
    [outputSize, outputTitle] = heading("Output"),
    [total, paidTitle] = heading("Wins");
  const unused = h("p", { class: "note" }),
    sum = h("div"),
    formula = h("div", { class: "formula" });
  const ready = [
    [3, 2, "3 × 3, stride 2: overlapping"],
    [2, 2, "2 × 2, stride 2: side by side"],
  ].map(([pool_size, stride, words]) => ({
    pool_size,
    stride,
    el: button(words, () => page.set({ pool_size, stride, padding: 0 })),
  }));
  let image, output, winners, wins, shade; // all follow from the settings, in update()

  page.lay(
    [
      choice(page, "picture", "Map", NAMES),
      slider(page, "pool_size", "Pool size"),
      slider(page, "stride", "Stride"),
      slider(page, "padding", "Padding"),
      h(
        "div",
        { class: "ready", role: "group", "aria-label": "Ready-made pools" },
        ...ready.map((one) => one.el),
      ),
    ],
    [
      panel(inputTitle, input.el, unused),
      panel(outputTitle, result.el, h("p", { class: "note" }, "dotted: the map’s edge")),
      panel(
        paidTitle,
        paid.el,
        h("p", { class: "note" }, "The map’s gradient when every output has gradient 1"),
      ),
      h("section", {}, walk.el, sum, formula),
    ],
  );

  function update(state) {
    const { pool_size: k, stride, padding } = state;
    image = mapOf(state.picture);
    ({ output, winners, wins } = maxPool(image, state));
    const size = image.length,
      n = output.length,
      most = largest(image),
      mostWins = largest(wins);
    shade = state.picture === "photograph" ? page.colours.grey : (v) => page.colours.signed(v, most);
    const span = Math.max(size + 2 * padding, n && (n - 1) * stride + k);
    Object.assign(walk, { count: n, pitch: stride, span: k });
    input.paint({
      values: image,
      total: span,
      start: padding,
      colour: shade,
      text: (v) => number(v, 1),
      padded: padding > 0,
      zero: "−∞",
    });
    if (n && n <= 8)
      input.outlines(
        range(0, n * n - 1).map((i) => [Math.floor(i / n) * stride, (i % n) * stride]),
        k,
      );
    result.paint({
      values: output,
      total: span,
      start: (k - stride) / 2,
      pitch: stride,
      gap: Math.max(0, stride - k),
      colour: shade,
      text: (v) => number(v, 1),
      blank: (r, c) => walk.hides(r, c),
    });
    result.edge(padding, size);
    paid.paint({
      values: wins,
      total: span,
      start: padding,
      colour: (v) => page.colours.signed(v, mostWins),
    });
    const read = range(0, size - 1).filter((i) =>
      range(0, n - 1).some((o) => i >= o * stride - padding && i < o * stride - padding + k),
    );
    const lost = size ** 2 - read.length ** 2;
    if (n)
      input.strike(
        range(0, size - 1).map((i) => read.includes(i)),
        padding,
      );
    inputSize.textContent = `${size} × ${size}`;
    outputSize.textContent = `${n} × ${n}`;
    total.textContent = `${plural(n * n, "window")} in all`;
    unused.textContent = !n
      ? ""
      : lost
        ? `Hatched: ${plural(lost, "pixel")} that no window reads`
        : "Every pixel is read";
    for (const one of ready)
      one.el.setAttribute("aria-pressed", one.pool_size === k && one.stride === stride && padding === 0);
    formula.replaceChildren(
      ...(padding < k ? sizeFormula({ size, kernel_size: k, stride, padding, output: n }, "pool") : []),
    );
    mark(state);
  }

  function mark(state) {
    const { pool_size: k, stride, padding } = state,
      n = poolCount(image.length, state);
    if (!n) {
      const why =
        padding >= k
          ? `Padding ${padding} is not smaller than the pool, ${k}: a window would see nothing but padding.`
          : `The pool is ${plural(k, "pixel")} wide, the padded map ${image.length + 2 * padding}. Make the pool smaller or the padding larger.`;
      walk.title.textContent = "No window fits";
      sum.replaceChildren(why);
      page.say(`No window fits. ${why}`);
      return;
    }
    const { r, c } = walk.place,
      cell = Math.min(stride, k),
      shift = (k - cell) / 2,
      winner = winners[r][c];
    const { row, column, value } = winner,
      count = wins[row][column],
      taps = pooled(image, state, r, c);
    const equal = taps.filter((tap) => tap.value === value).length;
    input.outline(r * stride, c * stride, k);
    input.circle(row + padding + 0.5, column + padding + 0.5);
    paid.circle(row + padding + 0.5, column + padding + 0.5);
    result.outline(r * stride + shift, c * stride + shift, cell);
    walk.title.textContent = `Window (${r}, ${c})`;
    const lines = [...new Set(taps.map((tap) => tap.row))].map((at) =>
      h(
        "div",
        { class: "line" },
        h(
          "span",
          { class: "terms" },
          ...taps
            .filter((tap) => tap.row === at)
            .map((tap) =>
              chip(shade(tap.value), number(tap.value, 1), {
                class: tap.row === row && tap.column === column ? "won" : "",
              }),
            ),
        ),
      ),
    );
    sum.replaceChildren(
      h("div", { class: "lines" }, ...lines),
      h(
        "div",
        { class: "line result" },
        `largest of ${plural(taps.length, "value")}`,
        chip(shade(value), number(value)),
      ),
    );
    const tie = equal > 1 ? `, the first of ${equal} that are equal` : "";
    page.say(
      `Window (${r}, ${c}): the largest of ${plural(taps.length, "value")} is ${number(value)}, at (${row}, ${column})${tie}. ` +
        `It wins in ${plural(count, "window")}, so ${count === 1 ? "1 gradient arrives" : `${count} gradients are added`} there. Output ${n} by ${n}.`,
      walk.passing,
    );
  }

  return page.start({ update, mark, moves: ["row", "column"], stop: () => walk.pause() });
}

export default { render, traits };
