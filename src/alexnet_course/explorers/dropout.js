/** The dropout explorer: a few units, one draw of the coins after another, and what is left on average. */
import { paintOn } from "./kit/colours.js";
import { button, choice, slider } from "./kit/controls.js";
import { h, largest, number, parse, plural, range } from "./kit/elements.js";
import { dropout, runningMeans } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { list, real, whole, word } from "./kit/traits.js";

/** Every setting and what it may be, as in dropout.py. */
export const traits = {
  values: list(1, 8, 99),
  rate: real(0, 0.95, 0.05),
  convention: word("inverted", "2012"),
  seed: whole(1, 1000),
};

const listed = (row) => `(${row.map((v) => number(v)).join(", ")})`;

/** Moves labels up until each is at least `gap` above the one below it. */
function apart(heights, gap) {
  const placed = [...heights],
    order = range(0, heights.length - 1).sort((a, b) => heights[b] - heights[a] || a - b);
  let room = Infinity;
  for (const at of order) {
    placed[at] = Math.min(heights[at], room);
    room = placed[at] - gap;
  }
  return placed;
}

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const [factorText, unitsTitle] = heading("Units"),
    [drawsText, curvesTitle] = heading("Mean of all draws so far");
  const table = h("table", { class: "units" }),
    chart = h("div", { class: "means", role: "img" });
  const more = (count) => () => page.set({ seed: Math.min(traits.seed.high, page.state.seed + count) });
  const again = button("Draw again", more(1)),
    many = button("100 more draws", more(100));
  const first = {
    before: "before",
    coin: "coin",
    mask: "stays?",
    training: "in training",
    mean: "mean",
    test: "at test",
  };
  const rows = Object.fromEntries(
    Object.entries(first).map(([name, text]) => [name, h("tr", {}, h("th", { scope: "row" }, text))]),
  );
  let inputs = [];

  page.lay(
    [
      choice(page, "convention", "Convention"),
      slider(page, "rate", "Rate"),
      slider(page, "seed", "Draw"),
      h("div", { class: "buttons" }, again, many),
    ],
    [
      panel(unitsTitle, table, h("p", { class: "note" }, "A unit stays when its coin is at least the rate.")),
      panel(curvesTitle, chart),
    ],
  );

  /** A column for each unit, with a field to type in; the fields stay while everything else is drawn again. */
  function columns(count) {
    if (inputs.length === count) return;
    const type =
      (unit) =>
      ({ target }) => {
        const typed = parse(target.value),
          allowed = Math.abs(typed) <= traits.values.limit;
        if (allowed) page.set({ values: page.state.values.map((v, i) => (i === unit ? typed : v)) });
        target.value = number(page.state.values[unit]);
      };
    const units = range(0, count - 1);
    inputs = units.map((unit) =>
      h("input", {
        type: "text",
        inputmode: "decimal",
        "aria-label": `unit ${unit} before dropout`,
        onchange: type(unit),
      }),
    );
    table.replaceChildren(
      h(
        "thead",
        {},
        h("tr", {}, h("td", {}, "unit"), ...units.map((unit) => h("th", { scope: "col" }, unit))),
      ),
      h("tbody", {}, ...Object.values(rows)),
    );
    fill(
      "before",
      inputs.map((input) => h("td", {}, input)),
    );
  }

  /** Puts new cells into a row, after the word that it starts with. */
  function fill(name, cells) {
    rows[name].replaceChildren(rows[name].firstChild, ...cells);
  }

  function update(state) {
    const { values, rate, seed, convention } = state,
      drawn = dropout(state),
      means = runningMeans(state),
      mean = means[seed - 1];
    const most = largest([values, drawn.training, mean, drawn.test]),
      shade = (v) => page.colours.signed(v, most);
    const cell = (v, kept = true) =>
      h("td", {}, h("b", { style: paintOn(shade(v)), class: !kept && "dropped" }, number(v)));
    columns(values.length);
    inputs.forEach((input, unit) => {
      input.style.cssText = paintOn(shade(values[unit]));
      if (input !== document.activeElement) input.value = number(values[unit]);
    });
    rows.mean.firstChild.textContent = `mean of ${seed}`;
    fill(
      "coin",
      drawn.coins.map((c) => h("td", {}, c.toFixed(2))),
    );
    fill(
      "mask",
      drawn.mask.map((kept) => h("td", {}, kept ? "yes" : "no")),
    );
    fill(
      "training",
      drawn.training.map((v, unit) => cell(v, drawn.mask[unit] === 1)),
    );
    fill(
      "mean",
      mean.map((v) => cell(v)),
    );
    fill(
      "test",
      drawn.test.map((v) => cell(v)),
    );
    curves(state, drawn, means);
    factorText.textContent = `what stays is times ${number(drawn.scale)}`;
    drawsText.textContent = "dashed: at test";
    again.disabled = many.disabled = seed === traits.seed.high;
    const dropped = range(0, values.length - 1).filter((unit) => !drawn.mask[unit]);
    const gone = dropped.length
      ? `unit${dropped.length > 1 ? "s" : ""} ${dropped.join(", ")} ${dropped.length > 1 ? "are" : "is"} dropped`
      : "no unit is dropped";
    page.say(
      `Draw ${seed} at rate ${number(rate)}, convention ${convention}: ${gone}. In training ${listed(drawn.training)}; ` +
        `mean of ${plural(seed, "draw")} ${listed(mean)}; at test ${listed(drawn.test)}.`,
    );
  }

  /** The running mean of every unit, its value at test dashed. */
  function curves({ values, seed }, { scale, test }, means) {
    const width = chart.clientWidth || 320,
      height = 240,
      left = 28,
      right = width - 48,
      top = 8,
      bottom = height - 22;
    const low = Math.min(0, ...values.map((v) => v * scale)),
      most = Math.max(0, ...values.map((v) => v * scale)),
      high = most === low ? low + 1 : most;
    const last = Math.max(10, seed),
      step = Math.ceil(seed / 250);
    const x = (draw) => left + ((draw - 1) / (last - 1)) * (right - left),
      y = (v) => top + ((high - v) / (high - low)) * (bottom - top);
    const points = range(1, seed).filter((draw) => draw === seed || draw % step === 0 || draw < 20);
    const labels = apart(test.map(y), 13);
    chart.setAttribute(
      "aria-label",
      `Running mean of ${plural(values.length, "unit")} over ${plural(seed, "draw")}, between ${number(low)} and ${number(high)}`,
    );
    chart.replaceChildren(
      h(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" },
        h("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }),
        h("text", { x: left - 4, y: y(high) + 8, "text-anchor": "end" }, number(high, 1)),
        h("text", { x: left - 4, y: y(low), "text-anchor": "end" }, number(low, 1)),
        h("text", { x: left, y: height - 4 }, "draw 1"),
        h("text", { x: right, y: height - 4, "text-anchor": "end" }, last),
        ...test.map((v) => h("path", { class: "wanted", d: `M${left} ${y(v)}H${right}` })),
        ...values.map((_, unit) =>
          h("path", {
            class: "curve",
            d: `M${points.map((draw) => `${x(draw)} ${y(means[draw - 1][unit])}`).join("L")}`,
          }),
        ),
        ...values.map((_, unit) =>
          h("circle", { class: "end", cx: x(seed), cy: y(means[seed - 1][unit]), r: 2.5 }),
        ),
        ...labels.map((at, unit) => h("text", { x: right + 6, y: at + 4 }, `unit ${unit}`)),
      ),
    );
  }

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
