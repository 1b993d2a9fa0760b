/** The dropout explorer: a few units, one draw of the coins after another, and what is left on average. */
import { coin } from "./kit/coins.js";
import { paintOn } from "./kit/colours.js";
import { button, choice, slider } from "./kit/controls.js";
import { h, largest, number, parse, plural, range } from "./kit/elements.js";
import { heading, Page, panel } from "./kit/page.js";
import { roomOf } from "./kit/room.js";
import { list, real, whole, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/elements.js").Child} Child */

/** Every setting and what it may be, as in dropout.py. */
export const traits = {
  values: list(1, 8, 99),
  rate: real(0, 0.95, 0.05),
  convention: word("inverted", "2012"),
  seed: whole(1, 1000),
};

// ---- what follows from the settings

/** @typedef {{ values: number[], rate: number, convention: string, seed: number }} Draw */

/**
 * Draw `seed` of dropout. A unit stays when its coin is at least the rate. What stays is multiplied by `scale` in
 * training, which gives `output`; `test_output` is what the same units say at test.
 *
 * @param {Draw} draw
 */
function dropout({ values, rate, convention, seed }) {
  const inverted = convention === "inverted";
  const scale = inverted ? 1 / (1 - rate) : 1;
  const coins = values.map((_, unit) => coin(seed, unit));
  const mask = coins.map((c) => Number(c >= rate));
  return {
    coins,
    mask,
    scale,
    output: values.map((v, unit) => v * mask[unit] * scale),
    test_output: values.map((v) => (inverted ? v : v * (1 - rate))),
  };
}

/**
 * The mean in training over draws 1 to 1, 1 to 2, ... 1 to `seed`: one row of units each.
 *
 * @param {Draw} draw
 * @returns {number[][]}
 */
function runningMeans(draw) {
  const sums = draw.values.map(() => 0);
  return range(1, draw.seed).map((seed) => {
    dropout({ ...draw, seed }).output.forEach((v, unit) => {
      sums[unit] += v;
    });
    return sums.map((sum) => sum / seed);
  });
}

/**
 * Everything that follows from the settings, by its name in dropout.py.
 *
 * @param {State} state
 * @returns {{ coins: number[], mask: number[], scale: number, output: number[], test_output: number[],
 *   means: number[][] }}
 */
export function compute(state) {
  const { values, rate, convention, seed } = state;
  const draw = { values, rate, convention, seed };
  return { ...dropout(draw), means: runningMeans(draw) };
}

const listed = (/** @type {number[]} */ row) => `(${row.map((value) => number(value)).join(", ")})`;

// ---- the table of units

/** The rows of the table, and the words that each starts with; that of the means changes. */
const ROWS = {
  values: "before",
  coins: "coin",
  mask: "stays?",
  output: "in training",
  mean: "mean",
  test_output: "at test",
};

/** A column for each unit, with a field to type in; the fields stay while everything else is drawn again. */
class Units {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.el = h("table", { class: "units" });
    this.rows = Object.fromEntries(
      Object.entries(ROWS).map(([name, words]) => [name, h("tr", {}, h("th", { scope: "row" }, words))]),
    );
    /** @type {HTMLInputElement[]} */
    this.inputs = [];
  }

  /**
   * Takes over a number that was typed; what is no number goes back to what it was.
   *
   * @param {number} unit
   * @param {HTMLInputElement} field
   */
  type(unit, field) {
    const typed = parse(field.value);
    const { values } = this.page.state;
    if (Math.abs(typed) <= traits.values.limit) this.page.set({ values: values.with(unit, typed) });
    field.value = number(this.page.state.values[unit]);
  }

  /** @param {number} count lays out so many columns, unless there are as many */
  columns(count) {
    if (this.inputs.length === count) return;
    const units = range(0, count - 1);
    this.inputs = units.map((unit) =>
      h("input", {
        type: "text",
        inputmode: "decimal",
        "aria-label": `unit ${unit} before dropout`,
        onchange: (/** @type {{ target: HTMLInputElement }} */ { target }) => this.type(unit, target),
      }),
    );
    const names = units.map((unit) => h("th", { scope: "col" }, String(unit)));
    this.el.replaceChildren(
      h("thead", {}, h("tr", {}, h("td", {}, "unit"), ...names)),
      h("tbody", {}, ...Object.values(this.rows)),
    );
    this.fill("values", this.inputs);
  }

  /**
   * Puts new cells into a row, after the words that it starts with.
   *
   * @param {string} name
   * @param {Child[]} contents
   */
  fill(name, contents) {
    const row = this.rows[name];
    row.replaceChildren(row.children[0], ...contents.map((content) => h("td", {}, content)));
  }

  /**
   * @param {Found} found
   * @param {State} state
   */
  show({ coins, mask, output, means, test_output }, { values, seed }) {
    const mean = means[seed - 1];
    const most = largest([values, output, mean, test_output]);
    const paint = (/** @type {number} */ value) => paintOn(this.page.colours.signed(value, most));
    const cell = (/** @type {number} */ value, kept = true) =>
      h("b", { style: paint(value), class: !kept && "dropped" }, number(value));
    this.columns(values.length);
    this.inputs.forEach((input, unit) => {
      input.style.cssText = paint(values[unit]);
      if (input !== document.activeElement) input.value = number(values[unit]);
    });
    this.rows.mean.children[0].textContent = `mean of ${seed}`;
    this.fill(
      "coins",
      coins.map((coin) => coin.toFixed(2)),
    );
    this.fill(
      "mask",
      mask.map((kept) => (kept ? "yes" : "no")),
    );
    this.fill(
      "output",
      output.map((value, unit) => cell(value, mask[unit] === 1)),
    );
    this.fill(
      "mean",
      mean.map((value) => cell(value)),
    );
    this.fill(
      "test_output",
      test_output.map((value) => cell(value)),
    );
  }
}

// ---- the curves of the means

/** How the curve of a unit is drawn: four colours, and the next four dashed. */
const kindOf = (/** @type {number} */ unit) => `unit-${unit % 4}${unit > 3 ? " dashed" : ""}`;

/**
 * Moves labels up until each is at least `gap` above the one below it.
 *
 * @param {number[]} heights
 * @param {number} gap
 * @returns {number[]}
 */
function apart(heights, gap) {
  const placed = [...heights];
  const fromBelow = range(0, heights.length - 1).sort((a, b) => heights[b] - heights[a] || a - b);
  let room = Infinity;
  for (const at of fromBelow) {
    placed[at] = Math.min(heights[at], room);
    room = placed[at] - gap;
  }
  return placed;
}

/**
 * Draws the running mean of every unit into `chart`, its value at test dashed.
 *
 * @param {HTMLElement} chart
 * @param {Found} found
 * @param {State} state
 */
function drawMeans(chart, { scale, test_output, means }, { values, seed }) {
  const width = roomOf(chart).width || 320;
  const height = 240;
  const [left, right, top, bottom] = [28, width - 64, 8, height - 22];
  const ends = [0, ...values.map((/** @type {number} */ value) => value * scale)];
  const low = Math.min(...ends);
  const high = Math.max(...ends) === low ? low + 1 : Math.max(...ends);
  const last = Math.max(10, seed);
  const step = Math.ceil(seed / 250);
  const x = (/** @type {number} */ draw) => left + ((draw - 1) / (last - 1)) * (right - left);
  const y = (/** @type {number} */ value) => top + ((high - value) / (high - low)) * (bottom - top);
  const draws = range(1, seed).filter((draw) => draw === seed || draw % step === 0 || draw < 20);
  const curve = (/** @type {number} */ unit) =>
    draws.map((draw) => `${x(draw)} ${y(means[draw - 1][unit])}`).join("L");
  const labels = apart(test_output.map(y), 13);
  chart.setAttribute(
    "aria-label",
    `Running mean of ${plural(values.length, "unit")} over ${plural(seed, "draw")}, ` +
      `between ${number(low)} and ${number(high)}`,
  );
  chart.replaceChildren(
    h(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" },
      h("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }),
      h("text", { x: left - 4, y: y(high) + 8, "text-anchor": "end" }, number(high, 1)),
      h("text", { x: left - 4, y: y(low), "text-anchor": "end" }, number(low, 1)),
      h("text", { x: left, y: height - 4 }, "draw 1"),
      h("text", { x: right, y: height - 4, "text-anchor": "end" }, String(last)),
      ...test_output.map((value) => h("path", { class: "wanted", d: `M${left} ${y(value)}H${right}` })),
      ...range(0, values.length - 1).map((unit) =>
        h("path", { class: `curve ${kindOf(unit)}`, d: `M${curve(unit)}` }),
      ),
      ...means[seed - 1].map((mean) => h("circle", { class: "end", cx: x(seed), cy: y(mean), r: 2.5 })),
      ...labels.flatMap((at, unit) => [
        h("path", { class: `curve ${kindOf(unit)}`, d: `M${right + 4} ${at}h14` }),
        h("text", { x: right + 22, y: at + 4 }, `unit ${unit}`),
      ]),
    ),
  );
}

// ---- the page

/**
 * The draw, who is dropped in it, and what the units say, in a sentence.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ mask, output, means, test_output }, { rate, seed, convention }) {
  const dropped = range(0, mask.length - 1).filter((unit) => !mask[unit]);
  const several = dropped.length > 1;
  const gone = dropped.length
    ? `unit${several ? "s" : ""} ${dropped.join(", ")} ${several ? "are" : "is"} dropped`
    : "no unit is dropped";
  return (
    `Draw ${seed} at rate ${number(rate)}, convention ${convention}: ${gone}. In training ${listed(output)}; ` +
    `mean of ${plural(seed, "draw")} ${listed(means[seed - 1])}; at test ${listed(test_output)}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} given
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const [factorText, unitsTitle] = heading("Units");
  const [drawsText, curvesTitle] = heading("Mean of all draws so far");
  const units = new Units(page);
  const chart = h("div", { class: "means", role: "img" });
  const more = (/** @type {number} */ count) => () =>
    page.set({ seed: Math.min(traits.seed.high, page.state.seed + count) });
  const again = button("Draw again", more(1));
  const many = button("100 more draws", more(100));
  const rule = h("p", { class: "note" }, "A unit stays when its coin is at least the rate.");
  page.lay(
    [
      choice(page, "convention", "Convention"),
      slider(page, "rate", "Rate"),
      slider(page, "seed", "Draw"),
      h("div", { class: "buttons" }, again, many),
    ],
    [panel(unitsTitle, units.el, rule), panel(curvesTitle, chart)],
  );
  drawsText.textContent = "dashed: at test";

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    units.show(found, state);
    drawMeans(chart, found, state);
    factorText.textContent = `what stays is times ${number(found.scale)}`;
    again.disabled = many.disabled = state.seed === traits.seed.high;
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
