/** Colour: its ends come from the style sheet, so a theme is nothing but CSS variables. */

/** @typedef {number[]} Colour red, green and blue, each from 0 to 255 */

const linear = (/** @type {number} */ c) => (c <= 10 ? c / 3295 : ((c / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (/** @type {Colour} */ [r, g, b]) =>
  0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

/**
 * A colour as the style sheet writes it.
 *
 * @param {Colour} c
 * @returns {string}
 */
export const rgb = (c) => `rgb(${c.join(" ")})`;

/**
 * Black or white, whichever can be read on colour c: never under 4.5:1.
 *
 * @param {Colour} c
 * @returns {string}
 */
export const inkOn = (c) => (luminance(c) > 0.179 ? "#000" : "#fff");

/**
 * The style of something filled with c.
 *
 * @param {Colour} c
 * @returns {string}
 */
export const paintOn = (c) => `background:${rgb(c)};color:${inkOn(c)}`;

/**
 * The colours of the theme that `el` lives in: grey(v) for a level from 0 to 9, the same in every theme, and
 * signed(v, most), diverging from zero, in which a small number never looks like zero.
 *
 * @param {Element} el
 * @returns {{ grey: (v: number) => Colour, signed: (v: number, most: number) => Colour }}
 */
export function palette(el) {
  const css = getComputedStyle(el);
  const read = (/** @type {string} */ name) =>
    [1, 3, 5].map((i) =>
      parseInt(
        css
          .getPropertyValue(name)
          .trim()
          .slice(i, i + 2),
        16,
      ),
    );
  const zero = read("--zero");
  const plus = read("--plus");
  const minus = read("--minus");
  return {
    grey: (v) => Array(3).fill(Math.round(24 + (231 * Math.max(0, Math.min(9, v))) / 9)),
    signed: (v, most) => {
      const t = v ? Math.min(1, 0.1 + (0.9 * Math.abs(v)) / most) : 0;
      const end = v < 0 ? minus : plus;
      return zero.map((z, i) => Math.round(z + (end[i] - z) * t));
    },
  };
}

/**
 * Calls back when the page changes its theme: the book's, JupyterLab's or the system's.
 *
 * @param {() => void} callback
 * @returns {() => void} ends it
 */
export function onThemeChange(callback) {
  const observer = new MutationObserver(callback);
  const options = { attributeFilter: ["data-theme", "data-jp-theme-light", "class"] };
  for (const el of [document.documentElement, document.body]) observer.observe(el, options);
  return () => observer.disconnect();
}
