/** The frame of every explorer: controls above, panels, a sentence and a link below; and its life with the model. */
import { onThemeChange, palette } from "./colours.js";
import { button } from "./controls.js";
import { h, unique } from "./elements.js";

export class Page {
  /** `traits` names every setting of the model, with its kind (traits.js). */
  constructor({ model, el, traits }) {
    this.model = model;
    this.traits = traits;
    this.forget = [];
    this.scheduled = 0;
    this.sentence = h("p", { class: "sentence", id: unique("sentence"), "aria-live": "polite" });
    this.root = h("div", { class: "explorer" });
    el.append(this.root);
    this.colours = palette(this.root);
  }

  /** Every setting by its name. */
  get state() {
    return Object.fromEntries(Object.keys(this.traits).map((name) => [name, this.model.get(name)]));
  }

  /** Changes settings, here and in Python. */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    this.model.save_changes();
  }

  listen(event, listener) {
    this.model.on(event, listener);
    this.forget.push(() => this.model.off(event, listener));
  }

  /** Puts the parts in their places; panels are elements, usually made by `panel`. */
  lay(controls, panels) {
    this.root.append(
      h("div", { class: "controls" }, ...controls),
      h("div", { class: "panels" }, ...panels),
      h("div", { class: "foot" }, this.sentence, ...this.linkButton()),
    );
  }

  /** A link to the present setting: only a published page has an address for it. */
  linkButton() {
    if (!this.model.link) return [];
    const link = button("Copy link", async () => {
      const address = this.model.link();
      try {
        await navigator.clipboard.writeText(address); // not there on plain http, refused in a foreign frame
        link.textContent = "Copied";
        setTimeout(() => {
          link.textContent = "Copy link";
        }, 2000);
      } catch {
        const field = h("input", {
          class: "address",
          value: address,
          readonly: true,
          "aria-label": "Link to this setting, to copy",
        });
        field.addEventListener("blur", () => field.replaceWith(link), { once: true });
        link.replaceWith(field);
        field.select();
      }
    });
    return [link];
  }

  /** Says what the picture shows; `quietly` while something merely passes by. */
  say(text, quietly = false) {
    this.sentence.setAttribute("aria-live", quietly ? "off" : "polite");
    if (this.sentence.textContent !== text) this.sentence.textContent = text;
  }

  /**
   * Draws, and keeps drawing: `update(state)` after a change of settings, theme or width, `mark(state)` when only
   * one of `moves` changed. Returns the function that ends it all.
   */
  start({ update, mark = update, moves = [], stop = () => {} }) {
    const draw = () => {
      this.scheduled = 0;
      update(this.state);
    };
    this.schedule = () => {
      this.scheduled ||= requestAnimationFrame(draw);
    };
    for (const name of Object.keys(this.traits))
      this.listen(
        `change:${name}`,
        moves.includes(name) ? () => this.scheduled || mark(this.state) : this.schedule,
      );
    let width = this.root.clientWidth;
    const resized = new ResizeObserver(() => {
      if (width === (width = this.root.clientWidth)) return;
      this.schedule();
    });
    update(this.state);
    resized.observe(this.root);
    this.forget.push(
      onThemeChange(() => {
        this.colours = palette(this.root);
        this.schedule();
      }),
      () => resized.disconnect(),
      () => cancelAnimationFrame(this.scheduled),
      stop,
    );
    return () => this.forget.forEach((end) => end());
  }
}

/** A titled part of the page: `title` is text and elements, the rest follows. */
export const panel = (title, ...content) =>
  h("section", {}, h("p", { class: "title" }, ...title), ...content);

/** The words before a map's title and those that change: Input 7 × 7. */
export const heading = (name) => {
  const detail = h("span");
  return [detail, [`${name} `, detail]];
};

/** A horizontal scale: its ends as numbers and what else is worth saying. */
export const scale = (low, high, ...more) => [low, h("i"), high, ...more.map((text) => h("span", {}, text))];
