/** Controls, each bound to one name of the model. Label left, value right, a native element under both. */
import { h, number } from "./elements.js";
import { modified } from "./pointer.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").State} State */

/**
 * @param {import("./page.js").Model} model
 * @param {string} name
 * @param {any} value
 */
const change = (model, name, value) => {
  model.set(name, value);
  model.save_changes();
};

/**
 * Shows the model's value now and after every change; the explorer's page forgets the listeners at the end.
 *
 * @param {Page} page
 * @param {string} name
 * @param {() => void} show
 */
function bind(page, name, show) {
  page.listen(`change:${name}`, show);
  show();
}

/**
 * A labelled native range over a list of values. `label` and `index` may be functions of the state, which changes
 * with the settings `with`.
 *
 * @param {Page} page
 * @param {string} name
 * @param {string | ((state: State) => string)} label
 * @param {number[]} [values]
 * @param {object} [more]
 * @param {(v: number) => string} [more.text] writes a value beside the label
 * @param {number | ((state: State) => number | undefined)} [more.index] the place of the number in a list; where
 *   the list has no such number, its place stays empty
 * @param {string[]} [more.with]
 * @returns {HTMLElement}
 */
export function slider(
  page,
  name,
  label,
  values = page.traits[name].values ?? [],
  { text = number, index, with: others = [] } = {},
) {
  const { model } = page;
  const shown = h("span", { class: "value", "aria-hidden": "true" });
  const words = h("span");
  /** @type {<T>(what: T | ((state: State) => T)) => T} */
  const now = (what) => (what instanceof Function ? what(page.state) : what);
  const get = () => (index === undefined ? model.get(name) : model.get(name)[now(index) ?? -1]);
  const put = (/** @type {number} */ v) => {
    const at = now(index);
    const changed = (/** @type {number} */ old, /** @type {number} */ i) => (i === at ? v : old);
    change(model, name, at === undefined ? v : model.get(name).map(changed));
  };
  const input = h("input", {
    type: "range",
    min: 0,
    max: values.length - 1,
    step: 1,
    "data-name": name,
    oninput: () => put(values[Number(input.value)]),
  });
  const el = h("label", { class: "control" }, words, shown, input);
  const nearest = (/** @type {number} */ v) =>
    values.reduce((best, x, i) => (Math.abs(x - v) < Math.abs(values[best] - v) ? i : best), 0);
  const show = () => {
    const value = get();
    el.style.visibility = value === undefined ? "hidden" : ""; // it keeps its place: the others stay where they are
    if (value === undefined) return;
    words.textContent = now(label);
    input.setAttribute("aria-label", now(label));
    shown.textContent = text(value);
    input.value = String(nearest(value));
    input.setAttribute("aria-valuetext", text(value));
  };
  for (const other of others) page.listen(`change:${other}`, show);
  bind(page, name, show);
  return el;
}

/**
 * A labelled choice of words. Where the value may also be the learner's own, that appears as one more word.
 *
 * @param {Page} page
 * @param {string} name
 * @param {string} label
 * @param {string[]} [words]
 * @param {(word: string) => void} [onchoose]
 * @returns {HTMLElement}
 */
export function choice(
  page,
  name,
  label,
  words = page.traits[name].words ?? [],
  onchoose = (word) => page.set({ [name]: word }),
) {
  const { model } = page;
  const own = h("option", { value: "" }, "your own");
  const select = h(
    "select",
    { "data-name": name, onchange: () => select.value && onchoose(select.value) },
    ...words.map((word) => h("option", {}, word)),
  );
  bind(page, name, () => {
    const value = model.get(name);
    const known = words.includes(value);
    if (known) own.remove();
    else select.append(own);
    select.value = known ? value : "";
  });
  return h("label", { class: "control" }, h("span", {}, label), select);
}

/**
 * A labelled box to tick.
 *
 * @param {Page} page
 * @param {string} name
 * @param {string} label
 * @returns {HTMLElement}
 */
export function tick(page, name, label) {
  const { model } = page;
  const input = h("input", {
    type: "checkbox",
    "data-name": name,
    onchange: () => change(model, name, input.checked),
  });
  bind(page, name, () => {
    input.checked = model.get(name);
  });
  return h("label", { class: "check" }, input, label);
}

/**
 * A button.
 *
 * @param {string} label
 * @param {() => void} onclick
 * @param {Record<string, any>} [attributes]
 * @returns {HTMLButtonElement}
 */
export const button = (label, onclick, attributes = {}) =>
  h("button", { type: "button", onclick, ...attributes }, label);

/** @type {Record<string, number>} */
const STEP = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * Buttons that belong together: one stop of the keyboard, and arrow keys lead from one to the next.
 *
 * @param {string} label what a screen reader calls them
 * @param {string} name of the class
 * @param {...import("./elements.js").Child} children the buttons, more of which may come or hide later
 * @returns {HTMLElement}
 */
export function toolbar(label, name, ...children) {
  const el = h("div", { class: name, role: "toolbar", "aria-label": label }, ...children);
  /** @type {HTMLButtonElement | undefined} */
  let stop;
  const buttons = () => [...el.querySelectorAll("button")].filter(({ hidden }) => !hidden);
  const settle = () => {
    const all = buttons();
    if (!stop || !all.includes(stop)) [stop] = all;
    for (const one of all) one.tabIndex = one === stop ? 0 : -1;
  };
  el.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLButtonElement) stop = target;
    settle();
  });
  el.addEventListener("keydown", (event) => {
    const by = STEP[event.key];
    if (!by || modified(event) || event.target !== stop) return;
    event.preventDefault();
    const all = buttons();
    all[all.indexOf(stop) + by]?.focus();
  });
  new MutationObserver(settle).observe(el, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  settle();
  return el;
}
