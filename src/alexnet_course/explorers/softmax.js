/** The softmax explorer: three scores, the probabilities that they become, and what the loss charges. */
import { choice, slider, tick } from "./kit/controls.js";
import { h } from "./kit/elements.js";
import { Page, panel } from "./kit/page.js";
import { flag, real, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */

const CLASSES = ["ear", "stripe", "whisker"];
const RAISE = 1000;
const GUESS = Math.log(CLASSES.length);
const TEMPERATURES = [0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Every setting and what it may be, as in softmax.py. */
export const traits = {
  ear: real(-10, 10, 0.1),
  stripe: real(-10, 10, 0.1),
  whisker: real(-10, 10, 0.1),
  truth: word(...CLASSES),
  temperature: real(0.1, 10, 0.1),
  raised: flag(),
  shifted: flag(),
};

/**
 * Everything that follows from the settings, by its name in softmax.py. Exponentials that are not shifted may
 * overflow to Infinity, and then the probabilities are NaN.
 *
 * @param {State} state
 * @returns {{ scores: number[], largest: number, exponentials: number[], exponential_sum: number,
 *   probabilities: number[], log_sum_exp: number, loss: number, gradient: number[], gradient_limit: number
 *   }}
 */
export function compute(state) {
  const { temperature, shifted, raised } = state;
  const label = CLASSES.indexOf(state.truth);
  const scores = CLASSES.map((name) => (state[name] + (raised ? RAISE : 0)) / temperature);
  const largest = shifted ? Math.max(...scores) : 0;
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const exponential_sum = exponentials.reduce((sum, e) => sum + e, 0);
  const probabilities = exponentials.map((e) => e / exponential_sum);
  return {
    scores,
    largest,
    exponentials,
    exponential_sum,
    probabilities,
    log_sum_exp: largest + Math.log(exponential_sum),
    loss: Math.log(exponential_sum) - (scores[label] - largest),
    gradient: probabilities.map((p, i) => (p - Number(i === label)) / temperature),
    gradient_limit: 1 / temperature,
  };
}

// ---- numbers

/**
 * A number to four decimals; a tiny or a huge one as 4.5·10⁻⁵; ∞ and NaN as they are.
 *
 * @param {number} v
 * @returns {string}
 */
function written(v) {
  if (Number.isNaN(v)) return "NaN";
  if (!Number.isFinite(v)) return v < 0 ? "−∞" : "∞";
  const size = Math.abs(v);
  if (!size || (size >= 0.5e-4 && size < 1e6)) return v.toFixed(4).replace("-", "−");
  const [digits, power] = v.toExponential(1).split("e");
  const raised = [...String(Number(power))]
    .map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]))
    .join("");
  return `${digits.replace("-", "−")}·10${raised}`;
}

/**
 * A score as short as it is exact: 1, 1001, −0.5.
 *
 * @param {number} v
 * @returns {string}
 */
const short = (v) => String(Number(v.toFixed(4))).replace("-", "−");

// ---- parts of the page

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 */
function layout(page) {
  const parts = {
    divisor: h("span"),
    exponentials: h("table", { class: "numbers" }),
    probabilities: h("div", { class: "tracks" }),
    loss: h("div", { class: "formula" }),
    slope: h("span"),
    gradient: h("div", { class: "tracks" }),
    pull: h("p", { class: "note" }),
  };
  page.lay(
    [
      ...CLASSES.map((name) => slider(page, name, `Logit of ${name}`)),
      choice(page, "truth", "True class"),
      slider(page, "temperature", "Temperature", TEMPERATURES),
      h(
        "div",
        {},
        tick(page, "raised", `Add ${RAISE} to all logits`),
        tick(page, "shifted", "Subtract the largest first"),
      ),
    ],
    [
      panel(["Exponentials ", parts.divisor], parts.exponentials),
      panel(["Shares, p"], parts.probabilities),
      panel(["Loss"], parts.loss),
      panel(["Gradient ", parts.slope], parts.gradient, parts.pull),
    ],
  );
  return parts;
}

/**
 * One line of bars: a class, a bar from `from` to `to` on a track from 0 to 1, and a number.
 *
 * @param {string} name
 * @param {{ kind: string, from: number, to: number, value: number, truth: string }} bar `kind` "rise" or "fall" are
 *   bars from the middle of their track
 * @returns {HTMLElement[]}
 */
function bar(name, { kind, from, to, value, truth }) {
  const width = 100 * Math.max(0, to - from);
  const fill = h("i", { class: kind, style: `left:${100 * from}%;width:${width}%` });
  return [
    h("span", { class: "name" }, name, ...(name === truth ? [h("small", {}, "true class")] : [])),
    h("span", { class: kind === "share" ? "track" : "track centred" }, ...(to > from ? [fill] : [])),
    h("b", {}, written(value)),
  ];
}

/**
 * The table of the exponentials: head, a row for each class, and their sum.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function exponentialTable({ scores, largest, exponentials, exponential_sum }, { temperature, shifted }) {
  const letter = temperature === 1 ? "z" : "z / T";
  const head = ["class", letter, ...(shifted ? ["− largest", "exp of that"] : [`exp(${letter})`])];
  const rows = CLASSES.map((name, i) => {
    const cells = [
      short(scores[i]),
      ...(shifted ? [short(scores[i] - largest)] : []),
      written(exponentials[i]),
    ];
    return h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", {}, text)));
  });
  const sum = [
    h("th", { scope: "row", colspan: head.length - 1 }, "sum"),
    h("td", {}, written(exponential_sum)),
  ];
  return [
    h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...rows),
    h("tfoot", {}, h("tr", {}, ...sum)),
  ];
}

/**
 * The loss, step by step.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function lossLines({ scores, largest, exponential_sum, log_sum_exp, loss }, { truth, shifted }) {
  const step = (/** @type {string} */ start, /** @type {string | HTMLElement} */ content) =>
    h("div", {}, h("span", {}, start), content);
  const text = (/** @type {string} */ words) => h("span", {}, words);
  const true_score = scores[CLASSES.indexOf(truth)];
  const score = true_score < 0 ? `(${short(true_score)})` : short(true_score);
  const added = shifted ? `${short(largest)} + ` : "";
  return [
    step("loss = ", text("log-sum-exp − true score")),
    step("= ", text(`${added}log ${written(exponential_sum)} − ${score}`)),
    step("= ", text(`${written(log_sum_exp)} − ${score}`)),
    step("= ", h("strong", {}, written(loss))),
    h("div", { class: "aside" }, `a guess costs log 3 = ${written(GUESS)}`),
  ];
}

/**
 * The gradient of each class as a bar from the middle of its track.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {HTMLElement[]}
 */
function gradientBars({ gradient, gradient_limit }, { truth }) {
  return CLASSES.flatMap((name, i) => {
    const value = gradient[i];
    const end = 0.5 + value / gradient_limit / 2;
    const kind = value < 0 ? "fall" : "rise";
    return bar(name, { kind, from: Math.min(0.5, end), to: Math.max(0.5, end), value, truth });
  });
}

/**
 * What came out, and whether that is better than a guess.
 *
 * @param {Found} found
 * @param {State} state
 * @returns {string}
 */
function told({ probabilities, loss, exponential_sum }, { truth }) {
  if (!Number.isFinite(exponential_sum))
    return (
      "The exponentials overflow: what is divided by infinity becomes 0, or no number at all. " +
      "Subtract the largest first."
    );
  const tie = Math.abs(loss - GUESS) < 5e-5;
  const than = tie ? "as much as" : loss < GUESS ? "less than" : "more than";
  const share = written(probabilities[CLASSES.indexOf(truth)]);
  return (
    `The true class, ${truth}, has a share of ${share}. ` +
    `The loss is ${written(loss)} nats, ${than} a guess costs.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const parts = layout(page);

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    const { temperature, truth } = state;
    const plain = temperature === 1;
    parts.divisor.textContent = plain ? "" : `of the logits divided by ${short(temperature)}`;
    parts.exponentials.replaceChildren(...exponentialTable(found, state));
    parts.probabilities.replaceChildren(
      ...CLASSES.flatMap((name, i) => {
        const value = found.probabilities[i];
        return bar(name, { kind: "share", from: 0, to: value, value, truth });
      }),
    );
    parts.loss.replaceChildren(...lossLines(found, state));
    parts.slope.textContent = plain ? "p − truth" : `(p − truth) / ${short(temperature)}`;
    parts.gradient.replaceChildren(...gradientBars(found, state));
    const sum = short(found.gradient.reduce((a, b) => a + b, 0));
    parts.pull.textContent = Number.isFinite(found.exponential_sum)
      ? "Training lowers a score whose gradient is positive and raises one whose gradient is negative. " +
        `The three add up to ${sum}.`
      : "Nothing can be learned from these.";
    page.say(told(found, state));
  }

  return page.start({ compute, update });
}

export default { traits, compute, render };
