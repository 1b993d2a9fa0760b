/** The ReLU explorer: what a non-linearity keeps of a map, and what it passes back. */
import { CellMap } from "./kit/cellmap.js";
import { choice, slider } from "./kit/controls.js";
import { equals, h, largest, number, plural, range } from "./kit/elements.js";
import { chip } from "./kit/text.js";
import { ACTIVATIONS, BIASES, convolve, weights } from "./kit/maths.js";
import { heading, Page, panel, scale } from "./kit/page.js";
import PICTURES from "./made/pictures.json" with { type: "json" };
import { real, whole, word } from "./kit/traits.js";
import { Walk } from "./kit/walk.js";

/** Every setting and what it may be, as in relu.py. */
export const traits = {
  map: word(...Object.keys(BIASES)),
  function: word(...Object.keys(ACTIVATIONS)),
  bias: real(-9, 9, 1),
  row: whole(0, 4),
  column: whole(0, 4),
};

/** The sums of products of one of the tile's filters, plus a bias: 5 by 5. */
export const responses = ({ map, bias }) =>
  convolve(PICTURES.tile.rows, weights({ kernel: map, kernel_size: 3 }), {
    size: 7,
    kernel_size: 3,
    stride: 1,
    padding: 0,
    bias,
  });

const WIDTH = 320,
  HEIGHT = 250,
  FLOOR = 200; // of the plot; FLOOR is where y = 0

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const walk = new Walk(page);
  Object.assign(walk, { count: 5 });
  const describedBy = page.sentence.id;
  const before = new CellMap("Responses before. Arrow keys choose one.", { walk, describedBy, signed: true });
  const after = new CellMap("Responses after. Arrow keys choose one.", { walk, describedBy, signed: true });
  const [silent, beforeTitle] = heading("Before"),
    [kept, afterTitle] = heading("After"),
    [hint, plotTitle] = heading("The functions");
  const legends = [h("p", { class: "note" }), h("p", { class: "note" })];
  const layer = (tag, kind) => h(tag, { class: kind });
  const axes = layer("path", "axes"),
    curves = layer("g", "curves"),
    drop = layer("path", "drop"),
    point = h("circle", { class: "point", r: 7 });
  const svg = h(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    axes,
    curves,
    drop,
    point,
  );
  const plot = h(
    "div",
    {
      class: "plot",
      role: "img",
      "aria-label": "ReLU, tanh and the sigmoid; the ring is the response under study.",
    },
    svg,
  );
  const sum = h("div");
  let z, output, most, mostOutput;

  page.lay(
    [
      choice(page, "map", "Map", traits.map.words, (map) => page.set({ map, bias: BIASES[map] })),
      slider(page, "bias", "Bias"),
      choice(page, "function", "Function"),
    ],
    [
      panel(beforeTitle, before.el, legends[0]),
      panel(afterTitle, after.el, legends[1]),
      panel(plotTitle, plot),
      h("section", {}, walk.el, sum),
    ],
  );
  hint.textContent = "drag the ring to move the bias";

  const reach = () => Math.max(4, most);
  const across = (x) => WIDTH / 2 + (x / reach()) * (WIDTH / 2 - 8),
    up = (y) => FLOOR - (y / reach()) * (FLOOR - 10);
  /** The bias that puts the response under study where the pointer is, a whole number. */
  const drag = (event) => {
    const box = svg.getBoundingClientRect(),
      x = ((event.clientX - box.left) / box.width) * WIDTH,
      { row: r, column: c } = walk.place;
    const wanted = Math.round(((x - WIDTH / 2) / (WIDTH / 2 - 8)) * reach() - (z[r][c] - page.state.bias));
    page.set({ bias: Math.max(traits.bias.low, Math.min(traits.bias.high, wanted)) });
  };
  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    plot.setPointerCapture(event.pointerId);
    drag(event);
  });
  plot.addEventListener("pointermove", (event) => event.buttons && drag(event));

  function update(state) {
    z = responses(state);
    output = z.map((row) => row.map(ACTIVATIONS[state.function].value));
    most = largest(z);
    mostOutput = largest(output);
    const text = (v) => number(v, 1),
      low = z.flat().filter((v) => v <= 0).length;
    before.paint({ values: z, total: 5, colour: (v) => page.colours.signed(v, most), text });
    after.paint({
      values: output,
      total: 5,
      colour: (v) => page.colours.signed(v, mostOutput),
      text,
      blank: (r, c) => walk.hides(r, c),
    });
    silent.textContent = `${low} of 25 not above 0`;
    kept.textContent = state.function;
    legends[0].replaceChildren(...scale(number(-most, 1), number(most, 1)));
    const digits = mostOutput < 0.1 ? 2 : 1;
    legends[1].replaceChildren(
      ...(output.flat().some(Boolean)
        ? scale(number(-mostOutput, digits), number(mostOutput, digits))
        : ["Every number is 0"]),
    );
    drawCurves(state);
  }

  function drawCurves(state) {
    const R = reach(),
      ticks = range(Math.ceil(-R), Math.floor(R)).filter((x) => x % (R > 8 ? 4 : 2) === 0);
    axes.setAttribute(
      "d",
      `M8 ${FLOOR}H${WIDTH - 8}M${WIDTH / 2} 4V${HEIGHT - 8}${ticks.map((x) => `M${across(x)} ${FLOOR - 3}v6`).join("")}`,
    );
    const xs = range(0, 160).map((i) => -R + (i * R) / 80);
    const lowest = up(-1),
      wide = R > 8,
      tickLine = wide ? lowest + 14 : FLOOR + 17; // clear of the curve of tanh
    const names = [
      ["ReLU", across(R * 0.7) - 10, up(R * 0.7), "end"],
      ["tanh, dashed", 10, lowest + (wide ? 28 : 14), "start"],
      ["sigmoid, dotted", 10, FLOOR - 9, "start"],
    ];
    curves.replaceChildren(
      ...Object.entries(ACTIVATIONS).map(([name, { value }]) =>
        h("path", {
          class: `${name.toLowerCase()}${name === state.function ? " chosen" : ""}`,
          d: `M${xs.map((x) => `${across(x)} ${up(value(x))}`).join("L")}`,
        }),
      ),
      ...names.map(([name, x, y, anchor]) => h("text", { x, y, "text-anchor": anchor }, name)),
      ...ticks
        .filter((x) => x)
        .map((x) =>
          h("text", { class: "tick", x: across(x), y: tickLine, "text-anchor": "middle" }, number(x)),
        ),
    );
  }

  function mark(state) {
    const { row: r, column: c } = walk.place,
      v = z[r][c],
      { value, slope } = ACTIVATIONS[state.function],
      y = value(v),
      back = slope(v);
    for (const map of [before, after]) map.outline(r, c, 1);
    point.setAttribute("cx", across(v));
    point.setAttribute("cy", up(y));
    drop.setAttribute("d", `M${across(v)} ${FLOOR}V${up(y)}`);
    walk.title.textContent = `Response (${r}, ${c})`;
    const low = z.flat().filter((other) => other <= 0).length;
    const line = (words, content, kind = "line") => h("div", { class: kind }, words, content);
    sum.replaceChildren(
      line("sum of 9 products", h("span", {}, number(v - state.bias))),
      line("bias", h("span", {}, number(state.bias))),
      line("response", chip(page.colours.signed(v, most), number(v)), "line total"),
      line(
        `${state.function} of it`,
        h("span", {}, `${equals(y)} `, chip(page.colours.signed(y, mostOutput), number(y))),
        "line result",
      ),
      line("slope: a gradient is multiplied by", h("span", {}, `${equals(back, 4)} ${number(back, 4)}`)),
    );
    const all =
      low === 25
        ? "All 25 responses are not"
        : low
          ? `${plural(low, "response")} of 25 ${low === 1 ? "is" : "are"} not`
          : "All 25 responses are";
    page.say(
      `Response (${r}, ${c}) is ${number(v)}: ${state.function} makes ${equals(y) === "=" ? "" : "about "}${number(y)} of it, with slope ${number(back, 4)}. ` +
        `${all} above 0.`,
      walk.passing,
    );
  }

  return page.start({
    compute: (state) => state,
    update,
    mark,
    moves: ["row", "column"],
    stop: () => walk.pause(),
  });
}

export default { render, traits };
