/** A dense layer drawn: features above, each with a field to type in; units below; and the wires between them. */
import { toolbar } from "./controls.js";
import { h, number, range } from "./elements.js";

/** @typedef {import("./maths.js").Matrix} Matrix a row a feature, a column a unit */
/** @typedef {(value: number) => string} Paint the style of a value */
/** @typedef {{ map: number, row: number, column: number }} Origin where a feature comes from */

/** The features in a row: one stop of the keyboard, arrows move inside it. */
export class Features {
  /**
   * @param {Matrix} weight
   * @param {(i: number, text: string) => void} type is called with what was typed into feature i
   */
  constructor(weight, type) {
    this.weight = weight;
    this.columns = weight.map((_, i) => this.column(i, type));
    this.el = h(
      "div",
      {
        class: "features",
        role: "group",
        "aria-label": "Features. Arrow keys move between them; type to change one.",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      },
      ...this.columns.map(({ el }) => el),
    );
  }

  /**
   * A feature: where it comes from, its number, its index, its weight for the unit under study.
   *
   * @param {number} i
   * @param {(i: number, text: string) => void} type
   */
  column(i, type) {
    const map = h("span");
    const weight = h("span", { class: "weight" });
    const input = h("input", {
      inputmode: "decimal",
      autocomplete: "off",
      tabindex: i ? -1 : 0,
      onchange: () => type(i, input.value),
      onfocus: () => {
        for (const other of this.columns) other.input.tabIndex = other.input === input ? 0 : -1;
        input.select();
      },
    });
    return { map, weight, input, el: h("div", {}, map, input, h("span", {}, `f${i}`), weight) };
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.columns.findIndex(({ input }) => input === event.target);
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (!by || at < 0) return;
    event.preventDefault();
    this.columns[at + by]?.input.focus();
  }

  /**
   * Shows every feature on its colour.
   *
   * @param {number[]} values
   * @param {Origin[]} origins
   * @param {Paint} paint
   */
  show(values, origins, paint) {
    this.columns.forEach(({ map: name, input }, i) => {
      const { map, row, column } = origins[i];
      name.textContent = `m${map}`;
      input.value = number(values[i]);
      input.style.cssText = paint(values[i]);
      input.setAttribute("aria-label", `feature ${i}, from map ${map}, place (${row}, ${column})`);
    });
  }

  /** @param {number} unit whose features are set off */
  mark(unit) {
    this.columns.forEach(({ el, weight }, i) => {
      el.classList.toggle("here", Boolean(this.weight[i][unit]));
      weight.textContent = number(this.weight[i][unit]);
    });
  }
}

/** A button for each unit. A mouse that passes previews it; pressing chooses it. */
export class Units {
  /**
   * @param {import("./page.js").Page} page
   * @param {number} count
   */
  constructor(page, count) {
    this.page = page;
    /** @type {number | undefined} the unit that the mouse passes over */
    this.preview = undefined;
    this.buttons = range(0, count - 1).map((unit) => this.button(unit));
    this.el = toolbar("Hidden units", "hidden-units", ...this.buttons.map(({ el }) => el));
  }

  /** @param {number} unit */
  button(unit) {
    const before = h("b");
    const after = h("span");
    const look = (/** @type {number | undefined} */ at) => (/** @type {PointerEvent} */ event) => {
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

  /**
   * Shows what every unit says, before and after ReLU.
   *
   * @param {number[]} hidden
   * @param {number[]} active
   * @param {Paint} paint
   */
  show(hidden, active, paint) {
    this.buttons.forEach(({ before, after }, unit) => {
      before.textContent = number(hidden[unit]);
      before.style.cssText = paint(hidden[unit]);
      after.textContent = `ReLU: ${number(active[unit])}`;
    });
  }

  /** @param {number} chosen */
  mark(chosen) {
    this.buttons.forEach(({ el }, unit) => {
      el.setAttribute("aria-pressed", String(unit === chosen));
      el.classList.toggle("here", unit === this.studied);
    });
  }
}

/**
 * The wires as SVG paths on a picture of 1200 by 100; those of the unit under study above the others, and those of
 * weight 0 below them.
 *
 * @param {Matrix} weight
 * @param {number} studied
 * @returns {SVGElement[]}
 */
export function wires(weight, studied) {
  const units = weight[0].length;
  const every = weight.flatMap((row, i) => row.map((w, unit) => ({ i, unit, w, here: unit === studied })));
  const strength = (/** @type {{ w: number, here: boolean }} */ { w, here }) => (w ? 1 : 0) + (here ? 2 : 0);
  return every
    .sort((a, b) => strength(a) - strength(b))
    .map(({ i, unit, w, here }) =>
      h("path", {
        class: `${w > 0 ? "plus" : w < 0 ? "minus" : "zero"}${here ? " here" : ""}`,
        d: `M${((i + 0.5) * 1200) / weight.length} 0L${((unit + 0.5) * 1200) / units} 100`,
      }),
    );
}
