/** The dense explorer: twelve features, four hidden units, and the wires between them. */
import { paintOn } from "./kit/colours.js";
import { choice } from "./kit/controls.js";
import { equals, factor, h, largest, number, parse, range } from "./kit/elements.js";
import { chip } from "./kit/text.js";
import { dense, flattenOrder } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import TILE_NETWORK from "./made/tile_network.json" with { type: "json" };
import { list, whole, word } from "./kit/traits.js";

const {
  pooled: TILES,
  hidden_weight: hiddenWeight,
  hidden_bias: hiddenBias,
  output_weight: outputWeight,
  output_bias: outputBias,
} = TILE_NETWORK;
const SHAPE = [2, 2, 3],
  CLASSES = Object.keys(TILES),
  FEATURES = hiddenWeight.length,
  UNITS = hiddenBias.length;

/** The name of a tile, or a row of numbers; a link writes ear or 1,0,2,… */
const tileOrNumbers = (words, length, limit) => {
  const numbers = list(length, length, limit);
  return {
    ...numbers,
    words,
    shortest: length,
    accepts: (v) => words.includes(v) || numbers.accepts(v),
    read: (text) => (words.includes(text) ? text : numbers.read(text)),
    write: (v) => (typeof v === "string" ? v : numbers.write(v)),
  };
};

/** Every setting and what it may be, as in dense.py. */
export const traits = {
  picture: tileOrNumbers(CLASSES, FEATURES, 99),
  order: word("H, W, C", "C, H, W"),
  unit: whole(0, UNITS - 1),
};

/** Where pooled number i, stored by rows, columns, maps, comes from. */
const origin = (i) => ({
  map: i % SHAPE[2],
  row: Math.floor(i / SHAPE[2] / SHAPE[1]),
  column: Math.floor(i / SHAPE[2]) % SHAPE[1],
});

/** What the network says: the class of the largest score, or those that share it. */
const verdict = (logits) => {
  const best = CLASSES.filter((_, c) => logits[c] > Math.max(...logits) - 1e-9);
  return best.length > 1 ? `a tie of ${best.join(" and ")}` : best[0];
};

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const [order, orderTitle] = heading("Features"),
    [shown, mapsTitle] = heading("Pooled maps");
  const columns = range(0, FEATURES - 1).map(feature),
    units = range(0, UNITS - 1).map(unit);
  const row = h("div", {
    class: "features",
    role: "group",
    "aria-label": "Features. Arrow keys move between them; type to change one.",
    onkeydown: key,
  });
  const wires = h("svg", {
    class: "wires",
    viewBox: "0 0 1200 100",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const maps = h("div", { class: "pooled" }),
    sum = h("div"),
    sumTitle = new Text(),
    sizes = h("dl", { class: "sizes" });
  let preview; // the unit that the mouse passes over
  row.append(...columns.map(({ el }) => el));

  page.lay(
    [choice(page, "picture", "Picture", CLASSES), choice(page, "order", "Flatten order")],
    [
      panel(mapsTitle, maps),
      panel([sumTitle], sum),
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, ...orderTitle),
        row,
        wires,
        h(
          "div",
          { class: "hidden-units", role: "group", "aria-label": "Hidden units" },
          ...units.map(({ el }) => el),
        ),
        h(
          "p",
          { class: "note" },
          "Above a feature, its map; below it, its index and its weight for this unit. Solid wire: weight 1; dashed: −1; faint: 0.",
        ),
      ),
      h("section", { class: "wide" }, h("p", { class: "title" }, "The layers"), sizes),
    ],
  );

  /** A feature: where it comes from, its number to type in, its index, its weight for the unit under study. */
  function feature(i) {
    const parts = {
      map: h("span"),
      weight: h("span", { class: "weight" }),
      input: h("input", {
        inputmode: "decimal",
        autocomplete: "off",
        tabindex: i ? -1 : 0,
        onchange: () => change(i),
        onfocus: ({ target }) => {
          columns.forEach(({ input }) => {
            input.tabIndex = input === target ? 0 : -1;
          });
          target.select();
        },
      }),
    };
    return { ...parts, el: h("div", {}, parts.map, parts.input, h("span", {}, `f${i}`), parts.weight) };
  }

  function unit(u) {
    const before = h("b"),
      after = h("span");
    const look =
      (at) =>
      ({ pointerType }) => {
        if (pointerType !== "mouse") return;
        preview = at;
        mark(page.state);
      };
    const choose = () => {
      preview = undefined; // a key chooses another unit than the one that the mouse rests on
      page.set({ unit: u });
      mark(page.state);
    };
    return {
      before,
      after,
      el: h(
        "button",
        { type: "button", onclick: choose, onpointerenter: look(u), onpointerleave: look(undefined) },
        h("span", {}, `unit ${u}`),
        " ",
        before,
        " ",
        after,
      ),
    };
  }

  function key(event) {
    const at = columns.findIndex(({ input }) => input === event.target),
      by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    columns[at + by]?.input.focus();
  }

  /** Everything that follows from the settings. */
  function computed(state) {
    const pooled = typeof state.picture === "string" ? TILES[state.picture] : state.picture,
      from = flattenOrder(SHAPE, state.order);
    const x = from.map((i) => pooled[i]),
      hidden = dense(x, hiddenWeight, hiddenBias),
      active = hidden.map((v) => Math.max(v, 0));
    return { pooled, from, x, hidden, active, logits: dense(active, outputWeight, outputBias) };
  }

  /** A feature was typed in; what is no number goes back to what it was. */
  function change(i) {
    const { pooled, from } = computed(page.state),
      value = parse(columns[i].input.value);
    if (Math.abs(value) <= traits.picture.limit)
      page.set({ picture: pooled.map((old, at) => (at === from[i] ? value : old)) });
    update(page.state);
  }

  function update(state) {
    const { from, x, hidden, active, logits } = computed(state),
      most = largest([x]),
      loudest = largest([hidden]);
    order.textContent = `flattened ${state.order}`;
    shown.textContent = SHAPE.join(" × ");
    columns.forEach(({ map, input }, i) => {
      const place = origin(from[i]);
      map.textContent = `m${place.map}`;
      input.value = number(x[i]);
      input.style.cssText = paintOn(page.colours.signed(x[i], most));
      input.setAttribute(
        "aria-label",
        `feature ${i}, from map ${place.map}, place (${place.row}, ${place.column})`,
      );
    });
    units.forEach(({ before, after, el }, u) => {
      before.textContent = number(hidden[u]);
      before.style.cssText = paintOn(page.colours.signed(hidden[u], loudest));
      after.textContent = `ReLU: ${number(active[u])}`;
    });
    const rows = [
      [
        "hidden",
        `${FEATURES} × ${UNITS} weights + ${UNITS} biases = ${FEATURES * UNITS + UNITS} parameters, ${FEATURES * UNITS} products`,
      ],
      [
        "output",
        `${UNITS} × ${CLASSES.length} weights + ${CLASSES.length} biases = ${UNITS * CLASSES.length + CLASSES.length} parameters, ${UNITS * CLASSES.length} products`,
      ],
      ["scores", CLASSES.map((name, c) => `${name} ${number(logits[c])}`).join(", ")],
      ["largest", verdict(logits)],
    ];
    sizes.replaceChildren(...rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
  }

  /** The unit under study: its wires, its features, its sum. */
  function mark(state) {
    const { pooled, from, x, hidden, logits } = computed(state),
      studied = preview ?? state.unit,
      most = largest([x]);
    const weights = hiddenWeight.map((row) => row[studied]),
      read = range(0, FEATURES - 1).filter((i) => weights[i]);
    units.forEach(({ el }, u) => {
      el.setAttribute("aria-pressed", u === state.unit);
      el.classList.toggle("here", u === studied);
    });
    columns.forEach(({ el, weight }, i) => {
      el.classList.toggle("here", Boolean(weights[i]));
      weight.textContent = number(weights[i]);
    });
    const wire = (i, u) => {
      const w = hiddenWeight[i][u],
        kind = w > 0 ? "plus" : w < 0 ? "minus" : "zero";
      return h("path", {
        class: `${kind}${u === studied ? " here" : ""}`,
        d: `M${((i + 0.5) * 1200) / FEATURES} 0L${((u + 0.5) * 1200) / UNITS} 100`,
      });
    };
    const every = range(0, FEATURES - 1).flatMap((i) => range(0, UNITS - 1).map((u) => [i, u]));
    const strength = ([i, u]) => (hiddenWeight[i][u] ? 1 : 0) + (u === studied ? 2 : 0);
    wires.replaceChildren(...every.sort((a, b) => strength(a) - strength(b)).map(([i, u]) => wire(i, u)));
    maps.replaceChildren(
      ...range(0, SHAPE[2] - 1).map((map) =>
        h(
          "div",
          {},
          h("span", {}, `map ${map}`),
          h(
            "div",
            {},
            ...from
              .map((at, i) => [at, i])
              .filter(([at]) => origin(at).map === map)
              .sort(([a], [b]) => a - b)
              .map(([at, i]) =>
                h(
                  "b",
                  { style: paintOn(page.colours.signed(pooled[at], most)), class: weights[i] ? "here" : "" },
                  number(pooled[at]),
                  h("small", {}, `f${i}`),
                ),
              ),
          ),
        ),
      ),
    );

    const bias = hiddenBias[studied],
      value = hidden[studied],
      products = value - bias;
    sumTitle.data = `Unit ${studied}`;
    const line = (name, text, kind = "") => h("div", { class: `line ${kind}` }, name, h("span", {}, text));
    sum.replaceChildren(
      ...read.map((i) =>
        h(
          "div",
          { class: "line" },
          h(
            "span",
            { class: "terms" },
            h(
              "span",
              {},
              `f${i}`,
              chip(page.colours.signed(x[i], most), number(x[i])),
              "·",
              chip(page.colours.signed(weights[i], 1), number(weights[i])),
            ),
          ),
          h("span", {}, number(x[i] * weights[i])),
        ),
      ),
      line(`${FEATURES - read.length} products with weight 0`, "0"),
      line(`sum of ${FEATURES} products`, number(products), "total"),
      line("bias", number(bias)),
      h(
        "div",
        { class: "line result" },
        "before ReLU",
        h(
          "span",
          {},
          `${equals(value)} `,
          chip(page.colours.signed(value, largest([hidden])), number(value)),
        ),
      ),
    );

    const terms = read.map((i) => `${factor(x[i])}·${factor(weights[i])}`).join(" + ");
    page.say(
      `Unit ${studied}: ${terms} + ${number(bias)} ${equals(value)} ${number(value)}. ` +
        `The scores are ${CLASSES.map((name, c) => `${name} ${number(logits[c])}`).join(", ")}; the largest: ${verdict(logits)}.`,
      preview !== undefined,
    );
  }

  return page.start({ compute: (state) => state, update, mark, moves: ["unit"] });
}

export default { render, traits };
