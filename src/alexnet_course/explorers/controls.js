/** Controls, each bound to one name of the model. Label left, value right, a native element under both. */
import { h, number } from "./elements.js";

const change = (model, name, value) => { model.set(name, value); model.save_changes(); };

/** Shows the model's value now and after every change; the explorer's page forgets the listeners at the end. */
function bind(page, name, show) {
  page.listen(`change:${name}`, show);
  show();
}

/**
 * A labelled native range over a list of values; `text` writes a value beside the label. With `index` it moves
 * one number of a list.
 */
export function slider(page, name, label, values = page.traits[name].values, { text = number, index } = {}) {
  const { model } = page, shown = h("span", { class: "value", "aria-hidden": "true" });
  const get = () => (index === undefined ? model.get(name) : model.get(name)[index]);
  const put = (v) => change(model, name, index === undefined ? v : model.get(name).map((old, i) => (i === index ? v : old)));
  const input = h("input", { type: "range", min: 0, max: values.length - 1, step: 1, "data-name": name, "aria-label": label,
    oninput: () => put(values[input.value]) });
  const nearest = (v) => values.reduce((best, x, i) => (Math.abs(x - v) < Math.abs(values[best] - v) ? i : best), 0);
  bind(page, name, () => {
    shown.textContent = text(get());
    input.value = nearest(get());
    input.setAttribute("aria-valuetext", text(get()));
  });
  return h("label", { class: "control" }, h("span", {}, label), shown, input);
}

/** A labelled choice of words. Where the value may also be the learner's own, that appears as one more word. */
export function choice(page, name, label, words = page.traits[name].words, onchoose = (word) => page.set({ [name]: word })) {
  const { model } = page, own = h("option", { value: "" }, "your own");
  const select = h("select", { "data-name": name, onchange: () => select.value && onchoose(select.value) },
    ...words.map((word) => h("option", {}, word)));
  bind(page, name, () => {
    const value = model.get(name), known = words.includes(value);
    if (known) own.remove(); else select.append(own);
    select.value = known ? value : "";
  });
  return h("label", { class: "control" }, h("span", {}, label), select);
}

/** A labelled box to tick. */
export function tick(page, name, label) {
  const { model } = page;
  const input = h("input", { type: "checkbox", "data-name": name, onchange: () => change(model, name, input.checked) });
  bind(page, name, () => { input.checked = model.get(name); });
  return h("label", { class: "check" }, input, label);
}

export const button = (label, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, label);
