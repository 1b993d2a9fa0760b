/** What a network that learns looks like: the filters of its first layer, and its answers. */
import { toolbar } from "./controls.js";
import { h, number, range, write } from "./elements.js";
import { fit, paintGrey } from "./pixels.js";

/** The first layer's filters as buttons, each with a picture. */
export class Filters {
  /**
   * @param {import("./page.js").Page} page
   * @param {number} most filters that a network here has
   */
  constructor(page, most) {
    this.page = page;
    this.canvases = range(0, most - 1).map(() => h("canvas", { "aria-hidden": "true" }));
    this.buttons = this.canvases.map((canvas, f) =>
      h(
        "button",
        { type: "button", "aria-label": `Filter ${f}`, onclick: () => page.set({ filter: f }) },
        canvas,
      ),
    );
    this.el = toolbar("Filters", "filters", ...this.buttons);
  }

  /**
   * @param {number[][][]} filters
   * @param {number} chosen
   */
  show(filters, chosen) {
    const count = filters[0][0].length;
    const most = Math.max(1e-9, ...filters.flat(2).map(Math.abs).filter(Number.isFinite));
    this.canvases.forEach((canvas, f) => {
      this.buttons[f].hidden = f >= count;
      if (f >= count) return;
      this.buttons[f].setAttribute("aria-pressed", String(f === chosen));
      const [rows, columns] = [filters.length, filters[0].length];
      fit(canvas, { width: columns, height: rows });
      const data = new ImageData(columns, rows);
      filters.flat().forEach((values, i) => {
        data.data.set([...this.page.colours.signed(values[f] || 0, most), 255], 4 * i);
      });
      canvas.getContext("2d")?.putImageData(data, 0, 0);
    });
    return most;
  }
}

/** A few examples, and what the network says of each. */
export class Answers {
  constructor() {
    this.el = h("div", { class: "answers" });
    this.shown = "";
    /** @type {{ words: HTMLElement, bar: HTMLElement, card: HTMLElement }[]} */
    this.cards = [];
  }

  /**
   * Puts up a picture for each example, or keeps its place until it comes.
   *
   * @param {string} key of the examples
   * @param {{ side: number, grey?: (i: number) => number, truth: string }[]} examples `grey` from 0 to 255
   */
  lay(key, examples) {
    if (key === this.shown) return;
    this.shown = key;
    this.cards = examples.map(({ side, grey, truth }) => {
      const named = grey ? { role: "img", "aria-label": truth } : { class: "awaited", "aria-hidden": "true" };
      const canvas = h("canvas", named);
      if (grey) paintGrey(canvas, { height: side, width: side }, grey);
      const words = h("span", { class: "said" });
      const bar = h("i");
      const track = h("span", { class: "share" }, bar);
      const card = h("div", {}, canvas, h("div", {}, h("b", {}, truth), words, track));
      return { words, bar, card };
    });
    this.el.replaceChildren(...this.cards.map(({ card }) => card));
  }

  /**
   * @param {{ best: number, shares: number[] }[]} said nothing yet of those that it lacks
   * @param {string[]} names of the classes
   * @param {(n: number) => number} label of an example
   */
  show(said, names, label) {
    this.cards.forEach(({ words, bar }, n) => {
      const { best, shares } = said[n] ?? { best: -1, shares: [] };
      const share = shares[label(n)] || 0;
      const text = best === label(n) ? "✓ right" : `✗ ${names[best] ?? "nothing"}`;
      write(words, said[n] ? text : "");
      bar.style.width = `${100 * share}%`;
      bar.parentElement?.setAttribute("title", said[n] ? `its share: ${number(share, 3)}` : "");
    });
  }
}
