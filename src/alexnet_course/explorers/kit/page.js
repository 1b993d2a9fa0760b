/** The frame of every explorer: its name, controls, panels, a sentence and a link; and its life with the model. */
import { onThemeChange, palette } from "./colours.js";
import { button } from "./controls.js";
import { h, unique, write } from "./elements.js";
import { History } from "./history.js";
import { roomOf } from "./room.js";

/**
 * What anywidget gives an explorer, and what mount.js gives it on a published page.
 *
 * @typedef {{
 *   get(name: string): any,
 *   set(name: string, value: any): void,
 *   on(event: string, listener: (...about: any[]) => void): void,
 *   off(event: string, listener: (...about: any[]) => void): void,
 *   save_changes(): void,
 *   send?(content: any): void,
 *   link?(): string,
 *   address?(file: string): string,
 * }} Model `send` is there in a notebook; `link` and `address` on a published page
 */

/** @typedef {import("./elements.js").Child} Child */
/** @typedef {Record<string, any>} State every setting by its name */

const SHEET = 576; // pixels: up to this width the controls are a sheet below the panels (explorer.css)
const ACTS = ["keydown", "pointerdown", "click"]; // what acts on what is drawn

export class Page {
  /**
   * @param {{ model: Model, el: HTMLElement, traits: Record<string, import("./traits.js").Kind> }} parts
   *   `traits` names every setting of the model, with its kind (traits.js)
   */
  constructor({ model, el, traits }) {
    this.model = model;
    this.traits = traits;
    /** @type {(() => void)[]} */
    this.forget = [];
    this.scheduled = 0;
    /** @type {HTMLElement | undefined} */
    this.panels = undefined;
    this.kept = { width: 0, height: 0 };
    /** Draws everything with the next frame. */
    this.schedule = () => {};
    /** Draws what is under study. */
    this.mark = () => {};
    this.sentence = h("p", { class: "sentence", id: unique("sentence"), "aria-live": "polite" });
    /** @type {{ module?: string, title?: string, try?: string, brief?: boolean }} what its class in Python says of it */
    const { module = "", title = "", try: task = "", brief = false } = model.get("about") ?? {};
    this.brief = brief;
    this.root = h("div", { class: `explorer ${module} ${brief ? "brief" : ""}`.trim() });
    el.append(this.root);
    this.colours = palette(this.root);
    this.history = new History(this);
    this.about = h("div", { class: "about" }, ...this.told(el, title, task));
  }

  /**
   * The name and the task, and whatever has the explorer called by that name.
   *
   * @param {HTMLElement} el
   * @param {string} title
   * @param {string} task
   * @returns {HTMLElement[]}
   */
  told(el, title, task) {
    if (!title) return [];
    const name = h("p", { class: "called", id: unique("name") }, title);
    el.setAttribute("aria-labelledby", name.id);
    if (el.localName !== "figure") el.setAttribute("role", "figure");
    // the text around a brief one says what to do
    return [name, ...(this.brief ? [] : [h("p", { class: "task" }, h("b", {}, "Try: "), task)])];
  }

  /** @returns {State} */
  get state() {
    return Object.fromEntries(Object.keys(this.traits).map((name) => [name, this.model.get(name)]));
  }

  /**
   * Changes settings, here and in Python.
   *
   * @param {State} changes
   */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    this.model.save_changes();
  }

  /**
   * Listens to the model for as long as the explorer lives.
   *
   * @param {string} event
   * @param {() => void} listener
   */
  listen(event, listener) {
    this.model.on(event, listener);
    this.forget.push(() => this.model.off(event, listener));
  }

  /**
   * Puts the parts in their places.
   *
   * @param {HTMLElement[]} controls
   * @param {HTMLElement[]} panels usually made by `panel`
   */
  lay(controls, panels) {
    const all = h("div", { class: "controls" }, ...controls);
    const tools = [this.history.el, ...this.linkButton()];
    if (this.brief) {
      this.panels = h("div", { class: "panels" }, ...panels.slice(0, 2));
      const others = h("div", { class: "panels" }, ...panels.slice(2));
      const more = h("details", { class: "more" }, h("summary", {}, "More"), all, others, ...tools);
      more.addEventListener("toggle", () => this.schedule()); // what was not shown had no size
      const foot = h("div", { class: "foot" }, this.sentence);
      this.root.append(this.about, this.panels, foot, more);
      return;
    }
    this.panels = h("div", { class: "panels" }, ...panels);
    this.about.append(this.history.el);
    const foot = h("div", { class: "foot" }, this.sentence, ...tools.slice(1));
    this.root.append(this.about, h("div", { class: "parts" }, all, this.panels, foot));
  }

  /**
   * A link to the present setting: only a published page has an address for it.
   *
   * @returns {HTMLElement[]}
   */
  linkButton() {
    if (!this.model.link) return [];
    const link = button("Copy link", async () => {
      const address = this.model.link?.() ?? "";
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

  /**
   * Says what the picture shows.
   *
   * @param {string} text
   * @param {boolean} [quietly] while something merely passes by
   */
  say(text, quietly = false) {
    this.sentence.setAttribute("aria-live", quietly ? "off" : "polite");
    write(this.sentence, text);
  }

  /** Lets the panels grow but not shrink while their width stays: on a phone the controls stand below them. */
  keepHeight() {
    const { panels, root } = this;
    if (!panels) return;
    const { width } = roomOf(panels);
    if (width !== this.kept.width) {
      this.kept = { width, height: 0 };
      panels.style.minHeight = "";
    }
    if (roomOf(root).width > SHEET) return;
    this.kept.height = Math.max(this.kept.height, panels.offsetHeight);
    panels.style.minHeight = `${this.kept.height}px`;
  }

  /** Forgets how high the panels were with other letters than those that are still on their way. */
  async remeasure() {
    if (document.fonts?.status !== "loading") return;
    await document.fonts.ready;
    this.kept.width = 0;
    this.schedule();
  }

  /**
   * Draws, and keeps drawing what `compute` finds: everything by `update` after a change of settings, theme or
   * width; what is under study by `mark`, at the end of that, and alone when only one of `moves` changed or a
   * pointer passes. A key or a press acts on what is drawn, so what is still to be drawn is drawn before it.
   *
   * @template Found
   * @param {{
   *   compute: (state: State) => Found,
   *   update: (found: Found, state: State) => void,
   *   mark?: (found: Found, state: State) => void,
   *   moves?: string[],
   *   stop?: () => void,
   * }} explorer
   * @returns {() => void} ends it all
   */
  start({ compute, update, mark = () => {}, moves = [], stop = () => {} }) {
    const draw = () => {
      this.scheduled = 0;
      const found = compute(this.state);
      this.mark = () => {
        if (!this.scheduled) mark(found, this.state); // else the drawing to come marks it
      };
      update(found, this.state);
      this.mark();
      this.keepHeight();
    };
    this.schedule = () => {
      this.scheduled ||= requestAnimationFrame(draw);
    };
    for (const name of Object.keys(this.traits))
      this.listen(`change:${name}`, moves.includes(name) ? () => this.mark() : this.schedule);
    const overdue = () => {
      if (!this.scheduled) return;
      cancelAnimationFrame(this.scheduled);
      draw();
    };
    for (const event of ACTS) this.root.addEventListener(event, overdue, { capture: true });
    let width = this.root.clientWidth;
    const resized = new ResizeObserver(() => {
      if (width === (width = this.root.clientWidth)) return;
      this.colours = palette(this.root); // JupyterLab draws first and puts it on the page then: it had none there
      this.schedule();
    });
    draw();
    resized.observe(this.root);
    this.remeasure();
    this.forget.push(
      onThemeChange(() => {
        this.colours = palette(this.root);
        this.schedule();
      }),
      () => resized.disconnect(),
      () => cancelAnimationFrame(this.scheduled),
      () => ACTS.forEach((event) => this.root.removeEventListener(event, overdue, { capture: true })),
      stop,
    );
    return () => {
      this.schedule = () => {}; // an answer that comes late draws nothing
      this.forget.forEach((end) => end());
    };
  }
}

/**
 * A titled part of the page.
 *
 * @param {Child[]} title
 * @param {...Child} content
 * @returns {HTMLElement}
 */
export const panel = (title, ...content) =>
  h("section", {}, h("p", { class: "title" }, ...title), ...content);

/**
 * A title whose end changes, as in Input 7 × 7: the element that changes, and the whole title.
 *
 * @param {string} name
 * @returns {[HTMLElement, Child[]]}
 */
export const heading = (name) => {
  const detail = h("span");
  return [detail, [`${name} `, detail]];
};

/**
 * A horizontal scale: its ends as numbers and what else is worth saying.
 *
 * @param {string} low
 * @param {string} high
 * @param {...string} more
 * @returns {Child[]}
 */
export const scale = (low, high, ...more) => [low, h("i"), high, ...more.map((text) => h("span", {}, text))];
