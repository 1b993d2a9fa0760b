/** The dense explorer: twelve features, four hidden units, and the wires between them. */
import { paintOn } from "./kit/colours.js";
import { choice } from "./kit/controls.js";
import { equals, factor, h, largest, number, parse, range } from "./kit/elements.js";
import { dense, flattenOrder, rectify } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { chip, line } from "./kit/text.js";
import { list, whole, word } from "./kit/traits.js";
import TILE_NETWORK from "./made/tile_network.json" with { type: "json" };

const {
  pooled: TILES,
  hidden_weight: hiddenWeight,
  hidden_bias: hiddenBias,
  output_weight: outputWeight,
  output_bias: outputBias,
} = TILE_NETWORK;
const SHAPE = [2, 2, 3];
const CLASSES = Object.keys(TILES);
const FEATURES = hiddenWeight.length;
const UNITS = hiddenBias.length;

/** The name of a tile, or a row of numbers; a link writes ear or 1,0,2,… */
const tileOrNumbers = (words, length, limit) => {
  const numbers = list(length, length, limit);
  return {
    ...numbers,
    words,
    shortest: length,
    accepts: (value) => words.includes(value) || numbers.accepts(value),
    read: (text) => (words.includes(text) ? text : numbers.read(text)),
    write: (value) => (typeof value === "string" ? value : numbers.write(value)),
  };
};

/** Every setting and what it may be, as in dense.py. */
export const traits = {
  picture: tileOrNumbers(CLASSES, FEATURES, 99),
  order: word("H, W, C", "C, H, W"),
  unit: whole(0, UNITS - 1),
};

/** The features that a hidden unit reads, by index: those whose weight is not 0. */
const readBy = (unit) => range(0, FEATURES - 1).filter((i) => hiddenWeight[i][unit]);

/**
 * Everything that follows from the settings, by its name in dense.py; and `stored`, the pooled numbers by rows,
 * columns, maps, with `places`, which of them each feature is.
 *
 * @param {import("./kit/page.js").State} state
 */
export function compute({ picture, order, unit }) {
  const stored = typeof picture === "string" ? TILES[picture] : picture;
  const places = flattenOrder(SHAPE, order);
  const features = places.map((place) => stored[place]);
  const hidden = dense(features, hiddenWeight, hiddenBias);
  const [active] = rectify([hidden]);
  const logits = dense(active, outputWeight, outputBias);
  return { stored, places, features, hidden, active, logits, read: readBy(unit) };
}

/** Where pooled number i, stored by rows, columns, maps, comes from. */
const origin = (i) => ({
  map: i % SHAPE[2],
  row: Math.floor(i / SHAPE[2] / SHAPE[1]),
  column: Math.floor(i / SHAPE[2]) % SHAPE[1],
});

/** What the network says: the class of the largest score, or those that share it. */
function verdict(logits) {
  const best = CLASSES.filter((_, c) => logits[c] > Math.max(...logits) - 1e-9);
  return best.length > 1 ? `a tie of ${best.join(" and ")}` : best[0];
}

/** The scores by class: ear 1, stripe 2, whisker 0. */
const scores = (logits) => CLASSES.map((name, c) => `${name} ${number(logits[c])}`).join(", ");

// ---- the features, each with a field to type in

/** The features in a row: one stop of the keyboard, arrows move inside it. */
class Features {
  /** @param {(i: number, text: string) => void} type is called with what was typed into feature i */
  constructor(type) {
    this.columns = range(0, FEATURES - 1).map((i) => this.column(i, type));
    this.el = h(
      "div",
      {
        class: "features",
        role: "group",
        "aria-label": "Features. Arrow keys move between them; type to change one.",
        onkeydown: (event) => this.key(event),
      },
      ...this.columns.map(({ el }) => el),
    );
  }

  /** A feature: where it comes from, its number, its index, its weight for the unit under study. */
  column(i, type) {
    const map = h("span");
    const weight = h("span", { class: "weight" });
    const input = h("input", {
      inputmode: "decimal",
      autocomplete: "off",
      tabindex: i ? -1 : 0,
      onchange: ({ target }) => type(i, target.value),
      onfocus: ({ target }) => {
        for (const other of this.columns) other.input.tabIndex = other.input === target ? 0 : -1;
        target.select();
      },
    });
    return { map, weight, input, el: h("div", {}, map, input, h("span", {}, `f${i}`), weight) };
  }

  key(event) {
    const at = this.columns.findIndex(({ input }) => input === event.target);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    this.columns[at + by]?.input.focus();
  }

  /** Shows every feature on its colour; `paint` gives the style of a value. */
  show({ features, places }, paint) {
    this.columns.forEach(({ map: name, input }, i) => {
      const { map, row, column } = origin(places[i]);
      name.textContent = `m${map}`;
      input.value = number(features[i]);
      input.style.cssText = paint(features[i]);
      input.setAttribute("aria-label", `feature ${i}, from map ${map}, place (${row}, ${column})`);
    });
  }

  /** Sets off what a unit reads. */
  mark(unit) {
    this.columns.forEach(({ el, weight }, i) => {
      el.classList.toggle("here", Boolean(hiddenWeight[i][unit]));
      weight.textContent = number(hiddenWeight[i][unit]);
    });
  }
}

// ---- the hidden units

/** A button for each hidden unit. A mouse that passes previews it; pressing chooses it. */
class Units {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {number | undefined} the unit that the mouse passes over */
    this.preview = undefined;
    this.buttons = range(0, UNITS - 1).map((unit) => this.button(unit));
    this.el = h(
      "div",
      { class: "hidden-units", role: "group", "aria-label": "Hidden units" },
      ...this.buttons.map(({ el }) => el),
    );
  }

  button(unit) {
    const before = h("b");
    const after = h("span");
    const look = (at) => (event) => {
      if (event.pointerType === "mouse") this.pass(at);
    };
    const choose = () => {
      this.page.set({ unit });
      this.pass(undefined); // a key chooses another unit than the one that the mouse rests on
    };
    const el = h(
      "button",
      { type: "button", onclick: choose, onpointerenter: look(unit), onpointerleave: look(undefined) },
      ...[h("span", {}, `unit ${unit}`), " ", before, " ", after],
    );
    return { el, before, after };
  }

  /** @param {number | undefined} unit the one that the mouse passes over */
  pass(unit) {
    this.preview = unit;
    this.page.mark();
  }

  /** @returns {number} the unit under study: the one pointed at, else the one chosen */
  get studied() {
    return this.preview ?? this.page.state.unit;
  }

  /** Shows what every unit says, before and after ReLU; `paint` gives the style of a value. */
  show({ hidden, active }, paint) {
    this.buttons.forEach(({ before, after }, unit) => {
      before.textContent = number(hidden[unit]);
      before.style.cssText = paint(hidden[unit]);
      after.textContent = `ReLU: ${number(active[unit])}`;
    });
  }

  mark(chosen) {
    this.buttons.forEach(({ el }, unit) => {
      el.setAttribute("aria-pressed", unit === chosen);
      el.classList.toggle("here", unit === this.studied);
    });
  }
}

/** The wires as SVG paths, those of the unit under study above the others, and those of weight 0 below them. */
function wires(studied) {
  const every = range(0, FEATURES - 1).flatMap((i) => range(0, UNITS - 1).map((unit) => ({ i, unit })));
  const strength = ({ i, unit }) => (hiddenWeight[i][unit] ? 1 : 0) + (unit === studied ? 2 : 0);
  const kind = (weight) => (weight ? (weight > 0 ? "plus" : "minus") : "zero");
  return every
    .sort((a, b) => strength(a) - strength(b))
    .map(({ i, unit }) =>
      h("path", {
        class: `${kind(hiddenWeight[i][unit])}${unit === studied ? " here" : ""}`,
        d: `M${((i + 0.5) * 1200) / FEATURES} 0L${((unit + 0.5) * 1200) / UNITS} 100`,
      }),
    );
}

// ---- the pooled maps, the sum, the layers

/** The pooled maps as squares, each number with the feature that it becomes; what the unit reads is set off. */
function pooledMaps({ stored, places }, studied, paint) {
  const cell = (place) => {
    const i = places.indexOf(place);
    const attributes = { style: paint(stored[place]), class: hiddenWeight[i][studied] ? "here" : "" };
    return h("b", attributes, number(stored[place]), h("small", {}, `f${i}`));
  };
  return range(0, SHAPE[2] - 1).map((map) => {
    const cells = range(0, FEATURES - 1).filter((place) => origin(place).map === map);
    return h("div", {}, h("span", {}, `map ${map}`), h("div", {}, ...cells.map(cell)));
  });
}

/** What a unit makes of what it reads, as a sum; `shade` gives the colours of features, weights and units. */
function written({ features, hidden }, unit, shade) {
  const read = readBy(unit);
  const bias = hiddenBias[unit];
  const value = hidden[unit];
  const product = (i) => {
    const weight = hiddenWeight[i][unit];
    const terms = h(
      "span",
      {},
      `f${i}`,
      chip(shade.feature(features[i]), number(features[i])),
      "·",
      chip(shade.weight(weight), number(weight)),
    );
    return line(h("span", { class: "terms" }, terms), number(features[i] * weight));
  };
  return [
    ...read.map(product),
    line(`${FEATURES - read.length} products with weight 0`, "0"),
    line(`sum of ${FEATURES} products`, number(value - bias), "total"),
    line("bias", number(bias)),
    line("before ReLU", [`${equals(value)} `, chip(shade.unit(value), number(value))], "result"),
  ];
}

/** The same in a sentence, and what the network makes of it all. */
function told({ features, hidden, logits }, unit) {
  const terms = readBy(unit).map((i) => `${factor(features[i])}·${factor(hiddenWeight[i][unit])}`);
  const value = hidden[unit];
  return (
    `Unit ${unit}: ${terms.join(" + ")} + ${number(hiddenBias[unit])} ${equals(value)} ${number(value)}. ` +
    `The scores are ${scores(logits)}; the largest: ${verdict(logits)}.`
  );
}

/** What each layer holds, and what comes out of the last, as a list of names and texts. */
function layers({ logits }) {
  const size = (inputs, outputs) =>
    `${inputs} × ${outputs} weights + ${outputs} biases = ` +
    `${inputs * outputs + outputs} parameters, ${inputs * outputs} products`;
  const rows = [
    ["hidden", size(FEATURES, UNITS)],
    ["output", size(UNITS, CLASSES.length)],
    ["scores", scores(logits)],
    ["largest", verdict(logits)],
  ];
  return rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]);
}

// ---- the page

const LEGEND =
  "Above a feature, its map; below it, its index and its weight for this unit. " +
  "Solid wire: weight 1; dashed: −1; faint: 0.";

/** The parts of the page, in their places; `type` is called with what was typed into a feature. */
function layout(page, type) {
  const features = new Features(type);
  const units = new Units(page);
  const [order, orderTitle] = heading("Features");
  const [shape, mapsTitle] = heading("Pooled maps");
  const view = { viewBox: "0 0 1200 100", preserveAspectRatio: "none", "aria-hidden": "true" };
  const wiring = h("svg", { class: "wires", ...view });
  const maps = h("div", { class: "pooled" });
  const sum = h("div");
  const sumTitle = new Text();
  const sizes = h("dl", { class: "sizes" });
  page.lay(
    [choice(page, "picture", "Picture", CLASSES), choice(page, "order", "Flatten order")],
    [
      panel(mapsTitle, maps),
      panel([sumTitle], sum),
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, ...orderTitle),
        features.el,
        wiring,
        units.el,
        h("p", { class: "note" }, LEGEND),
      ),
      h("section", { class: "wide" }, h("p", { class: "title" }, "The layers"), sizes),
    ],
  );
  shape.textContent = SHAPE.join(" × ");
  return { features, units, order, wiring, maps, sum, sumTitle, sizes };
}

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page, (i, text) => {
    const { stored, places } = compute(page.state);
    const typed = parse(text);
    if (Math.abs(typed) <= traits.picture.limit)
      page.set({ picture: stored.map((old, place) => (place === places[i] ? typed : old)) });
    page.schedule(); // also when it is no number: it goes back to what it was
  });
  const { features, units, maps, sum } = parts;

  const shades = ({ features: values, hidden }) => {
    const most = largest([values]);
    const loudest = largest([hidden]);
    return {
      feature: (value) => page.colours.signed(value, most),
      weight: (value) => page.colours.signed(value, 1),
      unit: (value) => page.colours.signed(value, loudest),
    };
  };

  function update(found, state) {
    const shade = shades(found);
    parts.order.textContent = `flattened ${state.order}`;
    features.show(found, (value) => paintOn(shade.feature(value)));
    units.show(found, (value) => paintOn(shade.unit(value)));
    parts.sizes.replaceChildren(...layers(found));
  }

  /** The unit under study: its wires, its features, its sum. */
  function mark(found, state) {
    const { studied } = units;
    const shade = shades(found);
    units.mark(state.unit);
    features.mark(studied);
    parts.wiring.replaceChildren(...wires(studied));
    maps.replaceChildren(...pooledMaps(found, studied, (value) => paintOn(shade.feature(value))));
    parts.sumTitle.data = `Unit ${studied}`;
    sum.replaceChildren(...written(found, studied, shade));
    page.say(told(found, studied), units.preview !== undefined);
  }

  return page.start({ compute, update, mark, moves: ["unit"] });
}

export default { traits, compute, render };
