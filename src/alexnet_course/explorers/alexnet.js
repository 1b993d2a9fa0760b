/** The alexnet explorer: the network of 2012 as a table that can be changed, and what follows from every change. */
import { button, slider } from "./kit/controls.js";
import { h, plural, thousands } from "./kit/elements.js";
import { pixelRows } from "./kit/maths.js";
import { network, total } from "./kit/network.js";
import { INPUT_SHAPE, TABLE } from "./network_table.js";
import { Page, panel } from "./kit/page.js";
import { THUMBNAIL } from "./thumbnail.js";
import { ROW_HEIGHT, towers } from "./kit/towers.js";
import { whole, wholes } from "./kit/traits.js";

/** The numbers of the table that have a name, and for each row of the table its place among them. */
const column = (name) => TABLE.filter((row) => name in row).map((row) => row[name]);
const place = (name) =>
  TABLE.map((row, at) =>
    name in row ? TABLE.slice(0, at).filter((other) => name in other).length : undefined,
  );
const LISTS = {
  kernel_sizes: "kernel_size",
  strides: "stride",
  paddings: "padding",
  filters: "filters",
  features: "features",
};
const PLACES = Object.fromEntries(Object.entries(LISTS).map(([list, name]) => [list, place(name)]));
const START = {
  size: INPUT_SHAPE[0],
  groups: 1,
  ...Object.fromEntries(Object.entries(LISTS).map(([list, name]) => [list, column(name)])),
};
const GROUPED = TABLE.filter((row) => row.grouped).map((row) => row.name);
const FILTERS = [1, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
const FEATURES = [1, 10, 100, 256, 512, 1000, 1024, 2048, 4096, 8192];
const IN_2012 = network(TABLE, { ...START, groups: 2 }).rows,
  AT_FIRST = network(TABLE, START).rows;

/** Every setting and what it may be, as in alexnet.py. */
export const traits = {
  size: whole(16, 256),
  groups: whole(1, 4),
  layer: whole(0, TABLE.length - 1),
  kernel_sizes: wholes(START.kernel_sizes.length, 1, 15),
  strides: wholes(START.strides.length, 1, 8),
  paddings: wholes(START.paddings.length, 0, 7),
  filters: wholes(START.filters.length, 1, 1024),
  features: wholes(START.features.length, 1, 8192),
};

const millions = (n) => `${(n / 1e6).toFixed(1)} million`;
const bytes = (numbers) =>
  numbers < 2500
    ? `${thousands(4 * numbers)} bytes`
    : numbers < 250000
      ? `${((4 * numbers) / 1e3).toFixed(1)} kB`
      : `${((4 * numbers) / 1e6).toFixed(1)} MB`;
const times = (numbers) => numbers.map(thousands).join(" × ");
const count = (shape) => shape.reduce((all, n) => all * n, 1);

/** How many settings differ from the start. */
const changes = (state) =>
  Object.keys(START)
    .flatMap((name) => [state[name]].flat().map((v, i) => v !== [START[name]].flat()[i]))
    .filter(Boolean).length;

/** What a reader may try to reach; each says whether the present network does. */
const GOALS = [
  [
    `One change: from ${millions(total(AT_FIRST, "parameters"))} parameters to ${millions(total(IN_2012, "parameters"))}`,
    ({ state, rows }) =>
      changes(state) === 1 && millions(total(rows, "parameters")) === millions(total(IN_2012, "parameters")),
  ],
  [
    "One change: fewer than 30 million parameters",
    ({ state, rows }) => changes(state) === 1 && total(rows, "parameters") < 30e6,
  ],
  [
    "A picture of 224 × 224, and still 55 × 55 after conv1",
    ({ state, rows }) => state.size === 224 && rows[0].shape[0] === 55,
  ],
  [
    "One unit of pool5 sees the whole picture",
    ({ state, rows }) => rows.find(({ name }) => name === "pool5").field >= state.size,
  ],
];

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const cells = ["name", "gap", "shape", "parameters", "products"];
  const rowOf = (tag, attributes) => {
    const parts = Object.fromEntries(cells.map((cell) => [cell, h("span", { class: cell })]));
    return { ...parts, el: h(tag, attributes, ...Object.values(parts)) };
  };
  const head = rowOf("div", { class: "head" }),
    image = rowOf("div"),
    sum = rowOf("div", { class: "sum" });
  const layers = TABLE.map((_, at) =>
    rowOf("button", { type: "button", role: "radio", onclick: () => page.set({ layer: at }) }),
  );
  const drawing = h("svg", { class: "towers", "aria-hidden": "true" });
  const list = h(
    "div",
    { class: "rows", role: "radiogroup", "aria-label": "Layers. Arrow keys choose one.", onkeydown: key },
    ...layers.map((row) => row.el),
  );
  const diagram = h("div", { class: "network" }, head.el, image.el, list, sum.el, drawing);
  const details = h("dl", { class: "sizes" }),
    title = new Text(),
    fieldTitle = h("span"),
    view = h("div", { class: "view" }),
    goals = h("ul", { class: "goals" });
  const frame = h("svg", { "aria-hidden": "true" });
  view.append(photograph(), frame);
  for (const [cell, text] of [
    ["name", "Layer"],
    ["gap", "Maps"],
    ["shape", "Output"],
    ["parameters", "Parameters"],
    ["products", "Multiply-accumulates"],
  ])
    head[cell].textContent = text;

  const own =
      (name) =>
      ({ layer }) =>
        PLACES[name][layer],
    of =
      (words) =>
      ({ layer }) =>
        `${words} of ${TABLE[layer].name}`;
  const ofLayer = (name, words, values) =>
    slider(page, name, of(words), values, { text: thousands, index: own(name), with: ["layer"] });
  const upTo = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => low + i);
  page.lay(
    [
      slider(page, "size", "Input size"),
      slider(page, "groups", `Groups of ${GROUPED.join(", ")}`),
      h(
        "div",
        { class: "reset" },
        button("Back to the start", () => page.set({ ...START, layer: 0 })),
      ),
      ofLayer("kernel_sizes", "Kernel", upTo(1, 15)),
      ofLayer("strides", "Stride", upTo(1, 8)),
      ofLayer("paddings", "Padding", upTo(0, 7)),
      ofLayer("filters", "Filters", FILTERS),
      ofLayer("features", "Units", FEATURES),
    ],
    [
      h("section", { class: "wide" }, diagram),
      panel([title], details),
      panel(["What one unit sees ", fieldTitle], view),
      h("section", { class: "wide" }, h("p", { class: "title" }, "Can you get there?"), goals),
    ],
  );

  /** The middle of Chelsea, as a picture. */
  function photograph() {
    const side = THUMBNAIL.height,
      left = (THUMBNAIL.width - side) / 2,
      canvas = h("canvas", {
        width: side,
        height: side,
        role: "img",
        "aria-label": "A photograph of a cat; a frame shows what one unit in the middle of the layer sees",
      });
    const data = new ImageData(side, side);
    pixelRows(THUMBNAIL).forEach((row, r) =>
      row.slice(left, left + side).forEach((pixel, c) => data.data.set([...pixel, 255], 4 * (r * side + c))),
    );
    canvas.getContext("2d").putImageData(data, 0, 0);
    return canvas;
  }

  function key(event) {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const layer = Math.max(0, Math.min(TABLE.length - 1, page.state.layer + by));
    page.set({ layer });
    layers[layer].el.focus();
  }

  function update(state) {
    const { rows, broken } = network(TABLE, state),
      { layer, size, groups } = state;
    const fill = (row, { name, shape, parameters, products }) => {
      row.name.textContent = name;
      row.shape.textContent = shape ? shape.map(thousands).join(" × ") : "";
      row.parameters.textContent = parameters === undefined ? "" : thousands(parameters);
      row.products.textContent = products === undefined ? "" : thousands(products);
    };
    fill(image, { name: "image", shape: [size, size, 3] });
    layers.forEach((row, at) => {
      const here = at === layer,
        gone = at >= rows.length;
      fill(row, rows[at] ?? { name: TABLE[at].name });
      if (gone) row.shape.textContent = at === rows.length ? "breaks" : "–";
      row.el.setAttribute("aria-checked", here);
      row.el.tabIndex = here ? 0 : -1;
      row.el.classList.toggle("gone", gone);
    });
    fill(
      sum,
      broken
        ? { name: "sum" }
        : { name: "sum", parameters: total(rows, "parameters"), products: total(rows, "products") },
    );
    if (broken) for (const cell of ["parameters", "products"]) sum[cell].textContent = "–";
    const { offsetLeft, clientWidth: width } = image.gap;
    drawing.setAttribute("viewBox", `0 0 ${width} ${(TABLE.length + 1) * ROW_HEIGHT}`);
    drawing.style.cssText = `left:${offsetLeft}px;top:${image.el.offsetTop}px;width:${width}px;height:${(TABLE.length + 1) * ROW_HEIGHT}px`;
    drawing.replaceChildren(
      ...towers([{ shape: [size, size, 3] }, ...rows], {
        width,
        size,
        towers: groups,
        count: TABLE.length + 1,
        chosen: layer + 1,
      }),
    );
    goals.replaceChildren(
      ...GOALS.map(([words, reached]) => {
        const yes = !broken && reached({ state, rows });
        return h(
          "li",
          { class: yes ? "reached" : "" },
          h("b", { "aria-hidden": "true" }, yes ? "✓" : ""),
          words,
          h("span", {}, yes ? " – reached" : ""),
        );
      }),
    );
    study(state, rows[layer], broken);
  }

  /** The layer under study: its sums in full, and its field on the photograph. */
  function study(state, row, broken) {
    const { size, layer } = state,
      name = TABLE[layer].name,
      ends = broken && `${broken.name} breaks: ${broken.why}`;
    title.data = name;
    const lines = row ? sums(row) : [["cannot be", broken.name === name ? broken.why : ends]];
    details.replaceChildren(...lines.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]));
    const side = row && row.shape.length > 1 ? row.shape[0] : 1,
      from = row ? row.first + ((side - 1) >> 1) * row.jump : 0,
      to = row ? from + row.field : 0;
    const [a, b] = [Math.max(0, from), Math.min(size, to)],
      inside = Math.max(0, b - a);
    fieldTitle.textContent = row
      ? inside === size
        ? "everything"
        : `${plural(inside, "pixel")} a side`
      : "nothing";
    frame.setAttribute("viewBox", `0 0 ${size} ${size}`);
    const box = (x, w) => `M${x} ${x}h${w}v${w}h${-w}z`;
    frame.replaceChildren(
      ...(row
        ? [
            h("path", { class: "veil", d: box(0, size) + box(a, inside) }),
            h("path", { class: "halo", d: box(a, inside) }),
            h("path", { class: "frame", d: box(a, inside) }),
          ]
        : [h("path", { class: "veil", d: box(0, size) })]),
    );
    page.say(
      `${row ? inWords(row, size, inside) : ""}${broken ? `${ends}, so the network ends before it.` : ""}`,
    );
  }

  /** What a layer holds and computes, each number with where it comes from. */
  function sums(row) {
    const { kind, from, shape, parameters, products, parts } = row,
      made = count(shape),
      lines = [
        ["reads", times(from) + (kind === "dense" && from.length > 1 ? ` = ${thousands(count(from))}` : "")],
      ];
    const planned = count(AT_FIRST.find(({ name }) => name === row.name).from);
    if (kind === "dense" && planned !== count(from))
      lines.push(["breaks", `weights made for ${thousands(planned)} inputs, as in 2012, do not fit`]);
    if (kind !== "dense") {
      const { size: side, kernel_size: k, stride, padding, unused } = row,
        fits = `(${side}${padding ? ` + 2 · ${padding}` : ""} − ${k}) / ${stride}`;
      lines.push([
        "windows",
        `${unused ? `⌊${fits}⌋` : fits} + 1 = ${shape[0]}${unused ? `; ${plural(unused, "row")} and column${unused === 1 ? "" : "s"} are not read` : ""}`,
      ]);
      const weights = [k, k, from[2] / parts, shape[2]].map(thousands).join(" · ");
      lines.push([
        "parameters",
        kind === "pooling" ? "none" : `${weights} + ${thousands(shape[2])} = ${thousands(parameters)}`,
      ]);
      lines.push([
        "multiply-accumulates",
        kind === "pooling" ? "none" : `${shape[0]} · ${shape[1]} · ${weights} = ${thousands(products)}`,
      ]);
    } else {
      lines.push(
        [
          "parameters",
          `${thousands(count(from))} · ${thousands(made)} + ${thousands(made)} = ${thousands(parameters)}`,
        ],
        ["multiply-accumulates", `${thousands(count(from))} · ${thousands(made)} = ${thousands(products)}`],
      );
    }
    if (parts > 1)
      lines.push([
        "groups",
        `${parts}: a filter reads ${thousands(from[2] / parts)} of ${thousands(from[2])} maps`,
      ]);
    lines.push([
      "memory, float32",
      `${parameters ? `parameters ${bytes(parameters)}, ` : ""}outputs ${bytes(made)} an image`,
    ]);
    return lines;
  }

  const inWords = (row, size, inside) =>
    `${row.name} gives ${times(row.shape)}, with ${row.parameters ? thousands(row.parameters) : "no"} parameters. ` +
    `One unit in its middle sees ${inside === size ? "the whole picture" : `${inside} × ${inside} of ${size} × ${size} pixels`}` +
    `${inside < size && inside < row.field ? `; its field of ${row.field} × ${row.field} reaches into the padding` : ""}. `;

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
