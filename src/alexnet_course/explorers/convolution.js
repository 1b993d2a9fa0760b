/** The convolution explorer: one picture, one kernel, every window. */
import { CellMap } from "./cellmap.js";
import { choice, slider } from "./controls.js";
import { equals, factor, h, largest, number, plural, range } from "./elements.js";
import { sizeFormula } from "./formula.js";
import { chip, Editor, Presets } from "./kernel.js";
import { BIASES, PRESETS, convolve, reached, resample, weights, windowAt } from "./maths.js";
import { heading, Page, panel, scale } from "./page.js";
import PICTURES from "./made/pictures.json" with { type: "json" };
import { matrix, real, whole } from "./traits.js";
import { Walk } from "./walk.js";

const SIZES = [...range(3, 16), 20, 24, 32, 48, 64, 96, 128, 160, 192, 224, 225, 226, 227];

/** Every setting and what it may be, as in convolution.py. */
export const traits = {
  picture: matrix(Object.keys(PICTURES), 227, 999),
  size: whole(3, 227),
  kernel: matrix(Object.keys(PRESETS), 11, 99),
  kernel_size: whole(1, 11),
  stride: whole(1, 5),
  padding: whole(0, 5),
  bias: real(-99, 99, 1),
  row: whole(0, 236),
  column: whole(0, 236),
};

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const walk = new Walk(page, () => mark(page.state));
  const describedBy = page.sentence.id;
  const input = new CellMap("Input. Arrow keys move the window.", { walk, describedBy });
  const result = new CellMap("Output. Arrow keys choose a response.", { walk, describedBy, signed: true });
  const presets = new Presets(Object.keys(PRESETS), (name) =>
    page.set({ kernel: name, bias: BIASES[name] ?? 0 }),
  );
  const editor = new Editor(traits.kernel.limit, (kernel) =>
    page.set({ kernel, kernel_size: kernel.length }),
  );
  const [inputSize, inputTitle] = heading("Input"),
    [outputSize, outputTitle] = heading("Output"),
    [kernelSize, kernelTitle] = heading("Kernel");
  const [unused, legend] = [h("p", { class: "note" }), h("p", { class: "note" })],
    sum = h("div"),
    formula = h("div", { class: "formula" });
  let image, imageKey, kernel, output, shade, mostWeight, mostOutput; // all follow from the settings, in update()

  page.lay(
    [
      choice(page, "picture", "Picture", Object.keys(PICTURES), (name) =>
        page.set(name === "tile" ? { picture: name, size: 7 } : { picture: name }),
      ),
      slider(page, "size", "Input size", SIZES),
      slider(page, "padding", "Padding"),
      slider(page, "kernel_size", "Kernel size"),
      slider(page, "stride", "Stride"),
      slider(page, "bias", "Bias", range(-9, 9)),
    ],
    [
      panel(inputTitle, input.el, unused),
      panel(outputTitle, result.el, legend),
      panel(kernelTitle, presets.el, editor.el),
      h("section", {}, walk.el, sum, formula),
    ],
  );

  /** The picture, its colours, and whether it is signed. */
  function look({ picture, size }) {
    const key = `${JSON.stringify(picture)} ${size}`;
    if (key !== imageKey)
      image = resample(
        typeof picture === "string" ? PICTURES[picture] : { kind: "own", rows: picture },
        size,
      );
    imageKey = key;
    const most = largest(image),
      signed =
        PICTURES[picture]?.kind === "signed" || image.some((row) => row.some((v) => v < 0)) || most > 9;
    input.el.classList.toggle("signed", signed);
    shade = signed ? (v) => page.colours.signed(v, most) : page.colours.grey;
  }

  function update(state) {
    const { size, kernel_size: k, stride, padding } = state;
    look(state);
    kernel = weights(state);
    output = convolve(image, kernel, state);
    mostWeight = largest(kernel);
    mostOutput = largest(output);
    const n = output.length,
      keep = reached(state),
      lost = size ** 2 - keep.filter(Boolean).length ** 2;
    const total = Math.max(size + 2 * padding, n && (n - 1) * stride + k);
    Object.assign(walk, { count: n, pitch: stride, span: k });
    input.paint({
      values: image,
      total,
      start: padding,
      colour: shade,
      padded: true,
      text: (v) => number(v, 1),
    });
    if (n) input.strike(keep, padding);
    result.paint({
      values: output,
      total,
      start: (k - stride) / 2,
      pitch: stride,
      gap: Math.max(0, stride - k),
      colour: (v) => page.colours.signed(v, mostOutput),
      text: (v) => number(v, 1),
      blank: (r, c) => walk.hides(r, c),
    });
    result.edge(padding, size);
    inputSize.textContent = `${size} × ${size}${padding ? `, with zeros ${size + 2 * padding} × ${size + 2 * padding}` : ""}`;
    outputSize.textContent = `${n} × ${n}`;
    kernelSize.textContent = `${k} × ${k}`;
    unused.textContent = !n
      ? ""
      : lost
        ? `Hatched: ${plural(lost, "pixel")} that no window reaches`
        : "Every pixel is used";
    legend.replaceChildren(
      ...(n ? scale(number(-mostOutput, 1), number(mostOutput, 1), "dotted: picture’s edge") : []),
    );
    presets.show(state.kernel, k, page.colours);
    editor.show(kernel, page.colours);
    formula.replaceChildren(...sizeFormula({ ...state, output: n }));
    mark(state);
  }

  /** The window under study: outlined in both maps, written out as a sum, said in a sentence. */
  function mark(state) {
    const { size, kernel_size: k, stride, padding, bias } = state,
      n = output.length;
    if (!n) {
      const why = `The kernel is ${plural(k, "pixel")} wide, the padded input ${size + 2 * padding}. Make the input or the padding larger.`;
      walk.title.textContent = "No window fits";
      sum.replaceChildren(why);
      page.say(`No window fits. ${why}`);
      return;
    }
    const { r, c } = walk.place,
      cell = Math.min(stride, k),
      shift = (k - cell) / 2;
    input.outline(r * stride, c * stride, k);
    result.outline(r * stride + shift, c * stride + shift, cell);
    walk.title.textContent = `Window (${r}, ${c})`;

    const taps = windowAt(image, state, r, c),
      value = output[r][c],
      products = value - bias,
      how = [2, k * k];
    const term = (tap, w) =>
      h(
        "span",
        {},
        tap.outside ? h("b", { class: "outside" }, "0") : chip(shade(tap.value), number(tap.value, 1)),
        "·",
        chip(page.colours.signed(w, mostWeight), number(w, ...how)),
      );
    const lines = taps.map((row, a) =>
      h(
        "div",
        { class: "line" },
        h(
          "span",
          { class: "terms" },
          ...(k > 5 ? [`row ${a}`] : row.map((tap, b) => term(tap, kernel[a][b]))),
        ),
        h("span", {}, number(row.reduce((total, tap, b) => total + tap.value * kernel[a][b], 0))),
      ),
    );
    sum.replaceChildren(
      h("div", { class: `lines k${Math.min(k, 6)}`, style: `--half:${Math.ceil(k / 2)}` }, ...lines),
      h(
        "div",
        { class: "line total" },
        `sum of ${plural(k * k, "product")}`,
        h("span", {}, number(products)),
      ),
      h("div", { class: "line" }, "bias", h("span", {}, number(bias))),
      h(
        "div",
        { class: "line result" },
        "response",
        h("span", {}, `${equals(value)} `, chip(page.colours.signed(value, mostOutput), number(value))),
      ),
    );

    const first = taps[0]
      .slice(0, 2)
      .map((tap, b) => `${number(tap.value)}·${factor(kernel[0][b], ...how)}`)
      .join(" + ");
    const lost = size ** 2 - reached(state).filter(Boolean).length ** 2;
    const plus = bias ? `, ${bias < 0 ? "minus" : "plus"} ${number(Math.abs(bias))} is ${number(value)}` : "";
    page.say(
      `Window (${r}, ${c}): ${first}${k > 1 ? " + …" : ""} ${equals(products)} ${number(products)}${plus}. ` +
        `Output ${n} by ${n}; ${lost ? `no window reaches ${plural(lost, "pixel")}` : "every pixel is used"}.`,
      walk.passing,
    );
  }

  return page.start({ update, mark, moves: ["row", "column"], stop: () => walk.pause() });
}

export default { render, traits };
