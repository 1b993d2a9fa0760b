/** The normalization explorer: what loud neighbours do to a response. */
import { choice, slider } from "./kit/controls.js";
import { equals, factor, h, number, range } from "./kit/elements.js";
import { normalize } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { list, real, whole, word } from "./kit/traits.js";

/** Every setting and what it may be, as in normalization.py. */
export const traits = {
  responses: list(2, 12, 99),
  n: whole(1, 9, 2),
  k: real(0.1, 10, 0.1),
  alpha: real(0, 10, 0.1),
  beta: real(0, 2, 0.05),
  convention: word("paper", "alpha / n", "half width"),
  map: whole(0, 11),
};

const CONSTANTS = [0.5, 1, 2, 3, 5, 10],
  ALPHAS = [0, 0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10],
  BETAS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2];
const HEIGHT = 250,
  TOP = 24,
  BOTTOM = 26;
const fine = (v) => number(v, 4);

/** Names a run of maps: 2, 0 and 1, 1 to 3. */
const run = (first, last) =>
  first === last ? `${first}` : last - first === 1 ? `${first} and ${last}` : `${first} to ${last}`;

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const count = () => page.model.get("responses").length;
  const [detail, title] = heading("Responses of neighbouring maps");
  const svg = h("svg", { "aria-hidden": "true" });
  const bars = h(
    "div",
    {
      class: "bars",
      role: "img",
      "aria-label": "Two bars a map, before and after; the sentence below says what they show.",
    },
    svg,
  );
  const sum = h("div"),
    fraction = h("div", { class: "formula" }),
    sliders = h("div", { class: "controls" });
  const [neighbours, sumTitle] = heading("Map under study");

  page.lay(
    [
      slider(page, "map", "Map under study", range(0, 11)),
      slider(page, "n", "n"),
      choice(page, "convention", "Convention"),
      slider(page, "k", "k", CONSTANTS, { text: fine }),
      slider(page, "alpha", "alpha", ALPHAS, { text: fine }),
      slider(page, "beta", "beta", BETAS, { text: fine }),
    ],
    [
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, ...title),
        bars,
        h(
          "p",
          { class: "note legend" },
          h("b", { class: "before" }),
          "before",
          h("b", { class: "after" }),
          "after",
          h("b", { class: "frame" }),
          "the neighbours that count",
        ),
      ),
      h("section", { class: "wide" }, sliders),
      panel(sumTitle, sum),
      panel(["The division"], fraction),
    ],
  );
  bars.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const box = bars.getBoundingClientRect();
    page.set({
      map: Math.max(0, Math.min(count() - 1, Math.floor(((event.clientX - box.left) / box.width) * count()))),
    });
  });

  function update(state) {
    const { responses } = state,
      n = responses.length,
      at = Math.min(state.map, n - 1),
      all = normalize(responses, state),
      own = all[at];
    if (sliders.children.length !== n)
      sliders.replaceChildren(
        ...responses.map((_, i) => slider(page, "responses", `Map ${i}`, range(0, 12), { index: i })),
      );
    page.root.querySelector("[data-name=map]").max = n - 1;
    draw(state, all, own, at);
    detail.textContent = `at one place, ${state.convention === "half width" ? `${state.n} on each side` : `n = ${state.n}`}`;
    neighbours.textContent = `${at}; ${own.first === own.last ? "no neighbour counts" : `neighbours ${run(own.first, own.last)}`}`;
    const line = (words, value, kind = "line") => h("div", { class: kind }, words, h("span", {}, value));
    sum.replaceChildren(
      ...range(own.first, own.last).map((i) =>
        line(`map ${i}: ${factor(responses[i])} squared`, number(responses[i] ** 2)),
      ),
      line("sum of squares", number(own.squares), "line total"),
      line(
        state.convention === "alpha / n"
          ? `times alpha / n = ${fine(own.scale)}`
          : `times alpha = ${fine(own.scale)}`,
        fine(own.scale * own.squares),
      ),
      line(`plus k = ${fine(state.k)}: s`, fine(own.s)),
      line(`to the power beta = ${fine(state.beta)}`, fine(own.s ** state.beta)),
      h(
        "div",
        { class: "line result" },
        `map ${at} after`,
        h("span", {}, `${equals(own.result, 4)} `, h("b", {}, fine(own.result))),
      ),
    );
    const squares = range(own.first, own.last)
      .map((i) => `${factor(responses[i])}²`)
      .join(" + ");
    const power = () => h("sup", {}, fine(state.beta));
    const row = (start, top, bottom, ...end) =>
      h(
        "div",
        {},
        h("span", {}, start),
        h("span", { class: "fraction" }, h("span", {}, top), h("span", {}, ...bottom)),
        ...end,
      );
    fraction.replaceChildren(
      row("after = ", "before", ["s", h("sup", {}, "beta")]),
      row("= ", number(responses[at]), [`(${fine(state.k)} + ${fine(own.scale)}·(${squares}))`, power()]),
      row(
        "= ",
        number(responses[at]),
        [fine(own.s), power()],
        ` ${equals(own.result, 4)} `,
        h("strong", {}, fine(own.result)),
      ),
    );
    page.say(
      `Map ${at}: ${number(responses[at])} divided by ${fine(own.s)} to the power ${fine(state.beta)} is ${equals(own.result, 4) === "=" ? "" : "about "}${fine(own.result)}. ` +
        `${own.first === own.last ? `Map ${at} counts` : `Maps ${run(own.first, own.last)} count`}, ${own.last - own.first === n - 1 ? "all of them" : "the others do not"}.`,
    );
  }

  function draw({ responses }, all, own, at) {
    const width = bars.clientWidth || 640,
      wide = width / responses.length,
      bar = Math.min(48, wide * 0.34),
      values = [...responses, ...all.map((one) => one.result)];
    const low = Math.min(0, ...values),
      scale = (HEIGHT - TOP - BOTTOM) / Math.max(4, Math.max(...values) - low),
      zero = HEIGHT - BOTTOM + low * scale;
    const block = (kind, v, x) => [
      h("rect", {
        class: kind,
        x,
        y: zero - Math.max(0, v) * scale,
        width: bar,
        height: Math.abs(v) * scale,
      }),
      h("text", { x: x + bar / 2, y: zero - Math.max(0, v) * scale - 5 }, number(v, 3)),
    ];
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    bars.style.height = `${HEIGHT}px`;
    svg.replaceChildren(
      ...responses.flatMap((v, i) => {
        const middle = (i + 0.5) * wide,
          inside = i >= own.first && i <= own.last;
        return [
          ...block(inside ? "before inside" : "before", v, middle - bar - 1),
          ...block("after", all[i].result, middle + 1),
          h(
            "text",
            { class: i === at ? "name chosen" : "name", x: middle, y: HEIGHT - 7 },
            i === at ? `map ${i}` : i,
          ),
        ];
      }),
      h("path", { class: "zero", d: `M0 ${zero}H${width}` }),
      h("rect", {
        class: "frame",
        x: own.first * wide + 2,
        y: 2,
        width: (own.last - own.first + 1) * wide - 4,
        height: HEIGHT - 4,
      }),
    );
  }

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
