/** The ladder explorer: one layer in seven ways, what each asks of a machine, and how long it took on one. */
import { choice, slider } from "./kit/controls.js";
import { h, number, range } from "./kit/elements.js";
import { heading, Page } from "./kit/page.js";
import { count, RUNGS } from "./kit/rungs.js";
import { word, whole } from "./kit/traits.js";
import MADE from "./made/ladder.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {Record<string, number>} Rates products a second, and bytes of memory, cache and fresh memory */
/** @typedef {import("./kit/rungs.js").Stage} Stage */
/** @typedef {import("./kit/rungs.js").Shape} Shape */

const LAYERS = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6"];
/** @type {Record<string, number>} */
const IMAGES = { "16 images": 16, "one image": 1 };
const LAST = RUNGS.length - 1;
const PARTS = ["steps of Python", "products", "main memory", "cache", "fresh memory"];
const KINDS = /** @type {const} */ (["memory", "cache", "fresh"]);
/** @type {{ shapes: Record<string, Shape>, rates: Record<string, Rates>, step_seconds: Record<string, number>,
 *   rows: { layer: string, images: number, seconds: (number | null)[], best: string }[],
 *   machine: Record<string, string | number> }} */
const STORED = MADE;

/** Every setting and what it may be, as in ladder.py. */
export const traits = {
  layer: word(...LAYERS),
  images: word(...Object.keys(IMAGES)),
  rung: whole(0, LAST),
};

const total = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0);

/**
 * How long the products of a stage take, and its bytes: of main memory, cache and fresh memory.
 *
 * @param {Stage} one
 * @param {Rates} rates
 */
const times = (one, rates) => ({
  product: one.products / rates.products,
  moved: KINDS.map((kind) => one[kind] / rates[kind]),
});

/**
 * Everything that follows from the settings, by its name in ladder.py.
 *
 * @param {State} state
 * @returns {{ products: number, moved: number, reuse: number | null, measured: (number | null)[], predicted:
 *   (number | null)[], parts: number[], stages: (string | number)[][], rate: number | null, limit: string |
 *   null, dots: ({ reuse: number, rate: number } | null)[], rates: Rates, split: boolean }}
 */
export function compute({ layer, images, rung }) {
  const many = IMAGES[images];
  const shape = STORED.shapes[layer];
  const row = STORED.rows.find((one) => one.layer === layer && one.images === many) ?? STORED.rows[0];
  const spread = layer === "fc6" || many > 1;
  const ratesOf = (/** @type {number} */ r) => STORED.rates[r === LAST && spread ? "all" : "one"];
  const counted = RUNGS.map((name, r) => count(shape, r === LAST ? row.best : name, many));
  const everyPart = counted.map(({ stages, steps }, r) => {
    if (!stages.length) return [];
    const found = [steps * (STORED.step_seconds[RUNGS[r]] ?? 0), 0, 0, 0, 0];
    for (const one of stages) {
      const { product, moved } = times(one, ratesOf(r));
      if (product >= total(moved)) found[1] += product;
      else moved.forEach((time, kind) => (found[2 + kind] += time));
    }
    return found;
  });
  const bytes = counted.map(({ stages }) =>
    total(stages.map(({ memory, cache, fresh }) => memory + cache + fresh)),
  );
  const { kernel_size: k, channels, filters, groups, side } = shape;
  const products = many * side * side * groups * filters * k * k * channels;
  const parts = everyPart[rung];
  const taken = row.seconds[rung];
  return {
    products,
    moved: bytes[rung],
    reuse: bytes[rung] ? products / bytes[rung] : null,
    measured: row.seconds,
    predicted: everyPart.map((some) => (some.length ? total(some) : null)),
    parts,
    stages: counted[rung].stages.map((one) => {
      const { product, moved } = times(one, ratesOf(rung));
      const { name, memory, cache, fresh } = one;
      return [name, one.products, memory, cache, fresh, Math.max(product, total(moved))];
    }),
    rate: taken ? products / taken : null,
    limit: parts.length ? PARTS[parts.indexOf(Math.max(...parts))] : null,
    dots: bytes.map((moved, r) => {
      const time = row.seconds[r];
      return time ? { reuse: products / moved, rate: products / time } : null;
    }),
    rates: ratesOf(rung),
    split: rung < LAST || spread,
  };
}

// ---- numbers in words

/**
 * A time with two digits, from microseconds to hours.
 *
 * @param {number} seconds
 * @returns {string}
 */
function written(seconds) {
  /** @type {[number, string][]} */
  const units = [
    [3600, "h"],
    [60, "min"],
    [1, "s"],
    [1e-3, "ms"],
    [1e-6, "µs"],
  ];
  const [size, unit] = units.find(([one]) => seconds >= one) ?? units[units.length - 1];
  const value = seconds / size;
  return `${value.toFixed(value >= 9.95 ? 0 : 1)} ${unit}`;
}

/**
 * A large number with three digits: 105 M.
 *
 * @param {number} value
 * @returns {string}
 */
function short(value) {
  /** @type {[number, string][]} */
  const units = [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ];
  const unit = units.find(([one]) => value >= one);
  if (!unit) return `${value} `;
  const part = value / unit[0];
  return `${part >= 99.5 ? part.toFixed(0) : Number(part.toPrecision(3))} ${unit[1]}`;
}

// ---- parts of the page

const CHART = { width: 340, height: 252, left: 34, right: 334, top: 8, bottom: 216 };
const REUSE = [-1.5, 2.5]; // powers of ten: products a byte
const RATE = [5, 12]; // and products a second

/** Where a reuse and a rate stand on the chart. */
const at = (/** @type {number} */ reuse, /** @type {number} */ rate) => {
  const along = (/** @type {number} */ value, /** @type {number[]} */ [low, high]) =>
    (Math.log10(value) - low) / (high - low);
  return [
    CHART.left + along(reuse, REUSE) * (CHART.right - CHART.left),
    CHART.bottom - along(rate, RATE) * (CHART.bottom - CHART.top),
  ];
};

/**
 * The roofline chart: the roofs, and a dot for each rung.
 *
 * @param {Found} found
 * @param {number} rung
 * @returns {Element}
 */
function roofline({ dots, rates }, rung) {
  const { width, height: tall, left, right, top, bottom } = CHART;
  /** @type {Element[]} */
  const parts = [h("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` })];
  for (const power of range(Math.ceil(REUSE[0]), Math.floor(REUSE[1]))) {
    const [x] = at(10 ** power, 1e6);
    parts.push(h("path", { class: "grid", d: `M${x} ${top}V${bottom}` }));
    parts.push(h("text", { x, y: bottom + 15, "text-anchor": "middle" }, String(10 ** power)));
  }
  for (const [power, text] of /** @type {[number, string][]} */ ([
    [6, "1 M"],
    [8, "100 M"],
    [10, "10 G"],
    [12, "1 T"],
  ]))
    parts.push(h("text", { x: left - 4, y: at(1, 10 ** power)[1] + 4, "text-anchor": "end" }, text));
  parts.push(
    h("text", { x: (left + right) / 2, y: bottom + 32, "text-anchor": "middle" }, "products a byte moved"),
  );
  const [, peak] = at(1, rates.products);
  for (const [kind, name] of [
    ["cache", "cache"],
    ["memory", "main memory"],
  ]) {
    const [x, y] = at(10 ** REUSE[0], 10 ** REUSE[0] * rates[kind]);
    const [corner] = at(rates.products / rates[kind], rates.products);
    parts.push(h("path", { class: `roof ${kind}`, d: `M${x} ${y}L${corner} ${peak}H${right}` }));
    // Where no dot lies: of the cache above the left end of its roof, of main memory below the middle of its own.
    const low = kind === "cache" ? 10 ** REUSE[0] : 0.5;
    const [beside, height] = at(low, low * rates[kind]);
    const shift = kind === "cache" ? -18 : 18;
    parts.push(h("text", { x: beside + 6, y: height + shift, class: "name" }, name));
  }
  parts.push(h("text", { x: right, y: peak - 6, "text-anchor": "end", class: "name" }, "products"));
  const marks = dots.flatMap((dot, r) => {
    if (!dot) return [];
    const [cx, cy] = at(dot.reuse, dot.rate);
    const here = r === rung ? "dot here" : "dot";
    return [
      { last: r === rung, el: h("circle", { class: here, cx, cy, r: 7 }) },
      {
        last: r === rung,
        el: h("text", { class: here, x: cx, y: cy + 4, "text-anchor": "middle" }, String(r + 1)),
      },
    ];
  });
  marks.sort((a, b) => Number(a.last) - Number(b.last));
  return h(
    "svg",
    { viewBox: `0 0 ${width} ${tall}`, "aria-hidden": "true" },
    ...parts,
    ...marks.map(({ el }) => el),
  );
}

/**
 * A bar on a track, with a name and a number; `mark` is a second place on the track.
 *
 * @param {string} name
 * @param {string} text
 * @param {number} share of the track's length
 * @param {{ mark?: number, here?: boolean, onclick?: () => void }} [more]
 * @returns {HTMLElement[]}
 */
function bar(name, text, share, { mark, here = false, onclick } = {}) {
  const percent = (/** @type {number} */ value) => `${100 * Math.max(0, Math.min(1, value))}%`;
  const kind = here ? "here" : undefined;
  const marks = mark === undefined ? [] : [h("s", { style: `left:${percent(mark)}` })];
  const track = h("div", { class: "track" }, h("i", { style: `left:0;width:${percent(share)}` }), ...marks);
  const parts = [h("span", { class: kind, onclick: onclick ?? (() => {}) }, name), track, h("b", {}, text)];
  if (onclick) track.addEventListener("click", onclick);
  return parts;
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const [scale, ladderTitle] = heading("Time");
  const [axes, roofTitle] = heading("Roofline");
  const [sum, partsTitle] = heading("Predicted");
  const [what, stagesTitle] = heading("Stage by stage");
  scale.textContent = "ten times as long at each mark";
  axes.textContent = "products a second";
  const section = (/** @type {import("./kit/page.js").Child[]} */ title, /** @type {Element[]} */ ...parts) =>
    h("section", {}, h("p", { class: "title" }, ...title), ...parts);
  const bars = h("div", { class: "tracks rungs" });
  const { processor, cores } = STORED.machine;
  const note = h(
    "p",
    { class: "machine" },
    `Bar: measured, on the wall (${processor}, ${cores} cores). Mark: predicted.`,
  );
  const chart = h("div", { class: "chart" });
  const parts = h("div", { class: "tracks times" });
  const table = h("table", { "aria-label": "Stages of this rung" });
  page.lay(
    [
      choice(page, "layer", "Layer"),
      choice(page, "images", "Images together"),
      slider(page, "rung", "Rung", range(0, LAST), { text: (r) => `${r + 1} of ${LAST + 1}` }),
    ],
    [
      section(ladderTitle, bars, note),
      section(roofTitle, chart),
      section(partsTitle, parts),
      section(stagesTitle, table),
    ],
  );
  return { bars, chart, parts, table, sum, what };
}

/**
 * The rows of the table of stages.
 *
 * @param {Found} found
 * @returns {HTMLElement[]}
 */
function rowsOf({ stages, parts }) {
  const cell = (/** @type {string} */ text) => h("td", {}, text);
  const head = ["stage", "products", "bytes", "predicted"].map((text) => h("th", { scope: "col" }, text));
  const rows = stages.map(([name, products, memory, cache, fresh, seconds]) => {
    const moved = Number(memory) + Number(cache) + Number(fresh);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, String(name)),
      cell(products ? short(Number(products)) : "–"),
      cell(`${short(moved)}B`),
      cell(written(Number(seconds))),
    );
  });
  if (parts[0])
    rows.unshift(
      h("tr", {}, h("th", { scope: "row" }, PARTS[0]), cell("–"), cell("–"), cell(written(parts[0]))),
    );
  if (!rows.length) rows.push(h("tr", {}, h("td", { colspan: head.length }, "Not possible here")));
  return [h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)];
}

/**
 * What the rung comes to, in a sentence.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ products, moved, reuse, parts, measured, limit, split }, { layer, images, rung }) {
  const start = `${layer}, ${images}, rung ${rung + 1}, ${RUNGS[rung]}: `;
  if (reuse === null) return `${start}not possible here, it needs windows of 3 or 5 pixels in steps of 1.`;
  return (
    `${start}${short(products)} products, ${short(moved)}B moved, ${number(reuse)} products a byte. ` +
    `Predicted ${written(total(parts))}, measured ${written(measured[rung] ?? 0)}. The longest part: ${limit}.` +
    (split ? "" : " One image is not split.")
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const { bars, chart, parts, table, sum, what } = layout(page);

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const known = [...found.measured, ...found.predicted].flatMap((one) => (one ? [Math.log10(one)] : []));
    const [low, high] = [Math.floor(Math.min(...known)), Math.ceil(Math.max(...known))];
    const share = (/** @type {number | null} */ time) => (time ? (Math.log10(time) - low) / (high - low) : 0);
    bars.style.setProperty("--steps", String(high - low));
    bars.replaceChildren(
      ...RUNGS.flatMap((name, r) => {
        const [time, expected] = [found.measured[r], found.predicted[r]];
        return bar(`${r + 1} ${name}`, time ? written(time) : "–", share(time), {
          mark: expected ? share(expected) : undefined,
          here: r === state.rung,
          onclick: () => page.set({ rung: r }),
        });
      }),
    );
    chart.replaceChildren(roofline(found, state.rung));
    const most = Math.max(...found.parts, 1e-12);
    parts.replaceChildren(
      ...PARTS.flatMap((name, i) =>
        bar(name, found.parts[i] ? written(found.parts[i]) : "–", (found.parts[i] ?? 0) / most),
      ),
    );
    sum.textContent = found.parts.length ? `${written(total(found.parts))}, made of` : "nothing";
    what.textContent = RUNGS[state.rung];
    table.replaceChildren(...rowsOf(found));
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
