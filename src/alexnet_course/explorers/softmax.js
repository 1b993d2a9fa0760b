/** The softmax explorer: three scores, the shares that they become, and what the loss charges. */
import { choice, slider, tick } from "./kit/controls.js";
import { h } from "./kit/elements.js";
import { softmax } from "./kit/maths.js";
import { Page, panel } from "./kit/page.js";
import { flag, real, word } from "./kit/traits.js";

const CLASSES = ["ear", "stripe", "whisker"];
const RAISE = 1000;

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
const TEMPERATURES = [0.1, 0.2, 0.5, 1, 2, 5, 10];

/** A number to four decimals; a tiny or a huge one as 4.5·10⁻⁵; ∞ and NaN as they are. */
function written(v, decimals = 4) {
  if (Number.isNaN(v)) return "NaN";
  if (!Number.isFinite(v)) return v < 0 ? "−∞" : "∞";
  const size = Math.abs(v);
  if (size && (size < 0.5 * 10 ** -decimals || size >= 1e6)) {
    const [digits, power] = v.toExponential(1).split("e");
    const raised = [...String(Number(power))]
      .map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]))
      .join("");
    return `${digits.replace("-", "−")}·10${raised}`;
  }
  return v.toFixed(decimals).replace("-", "−");
}

/** A score as short as it is exact: 1, 1001, −0.5. */
const short = (v) => String(Number(v.toFixed(4))).replace("-", "−");

/** The same with a sign before it and brackets round a negative number after one. */
const after = (v, write) => (v < 0 ? `(${write(v)})` : write(v));

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const exponents = h("table", { class: "numbers" }),
    shares = h("div", { class: "shares" }),
    loss = h("div", { class: "formula" });
  const slopes = h("div", { class: "shares" }),
    pull = h("p", { class: "note" });
  const divisor = h("span"),
    slope = h("span");

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
      panel(["Exponentials ", divisor], exponents),
      panel(["Shares, p"], shares),
      panel(["Loss"], loss),
      panel(["Gradient ", slope], slopes, pull),
    ],
  );

  /** One line of bars: a name, a bar from `from` to `to` on a track from 0 to 1, and a number. */
  const bar = (name, kind, from, to, text, mark) => {
    const fill = h("i", { class: kind, style: `left:${100 * from}%;width:${100 * Math.max(0, to - from)}%` });
    return [
      h("span", { class: "name" }, name, ...(mark ? [h("small", {}, "true class")] : [])),
      h("span", { class: kind === "share" ? "track" : "track centred" }, ...(to > from ? [fill] : [])),
      h("b", {}, text),
    ];
  };

  function update(state) {
    const truth = CLASSES.indexOf(state.truth),
      { temperature, shifted } = state;
    const logits = CLASSES.map((name) => state[name] + (state.raised ? RAISE : 0));
    const found = softmax({ logits, temperature, shifted, truth }),
      { scores, largest, exponentials, gradient } = found;
    const plain = temperature === 1,
      letter = plain ? "z" : "z / T";

    divisor.textContent = plain ? "" : `of the logits divided by ${short(temperature)}`;
    const cells = (tag, words) => words.map((text) => h(tag, {}, text));
    const rows = CLASSES.map((name, i) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, name),
        ...cells("td", [
          short(scores[i]),
          ...(shifted ? [short(scores[i] - largest)] : []),
          written(exponentials[i]),
        ]),
      ),
    );
    const head = [
      "class",
      letter,
      ...(shifted ? ["− largest"] : []),
      shifted ? "exp of that" : `exp(${letter})`,
    ];
    exponents.replaceChildren(
      h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, ...rows),
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row", colspan: head.length - 1 }, "sum"),
          h("td", {}, written(found.sum)),
        ),
      ),
    );

    shares.replaceChildren(
      ...CLASSES.flatMap((name, i) =>
        bar(name, "share", 0, found.shares[i], written(found.shares[i]), i === truth),
      ),
    );

    const line = (start, text) => h("div", {}, h("span", {}, start), h("span", {}, text));
    const score = after(scores[truth], short);
    loss.replaceChildren(
      line("loss = ", "log-sum-exp − true score"),
      line("= ", `${shifted ? `${short(largest)} + ` : ""}log ${written(found.sum)} − ${score}`),
      line("= ", `${written(found.logSumExp)} − ${score}`),
      h("div", {}, h("span", {}, "= "), h("strong", {}, written(found.loss))),
      h("div", { class: "aside" }, `a guess costs log 3 = ${written(Math.log(3))}`),
    );

    slope.textContent = plain ? "p − truth" : `(p − truth) / ${short(temperature)}`;
    const most = 1 / temperature,
      end = (v) => 0.5 + v / most / 2;
    slopes.replaceChildren(
      ...CLASSES.flatMap((name, i) =>
        bar(
          name,
          gradient[i] < 0 ? "fall" : "rise",
          Math.min(0.5, end(gradient[i])),
          Math.max(0.5, end(gradient[i])),
          written(gradient[i]),
          i === truth,
        ),
      ),
    );
    pull.textContent = Number.isFinite(found.sum)
      ? `Training lowers a score whose gradient is positive and raises one whose gradient is negative. The three add up to ${short(gradient.reduce((a, b) => a + b, 0))}.`
      : "Nothing can be learned from these.";
    say(state, found, truth);
  }

  /** What came out, and whether that is better than a guess. */
  function say(state, { shares: p, loss: charged, sum }, truth) {
    if (!Number.isFinite(sum)) {
      page.say(
        "The exponentials overflow: what is divided by infinity becomes 0, or no number at all. Subtract the largest first.",
      );
      return;
    }
    const guess = Math.log(3),
      tie = Math.abs(charged - guess) < 5e-5;
    const than = tie ? "as much as" : charged < guess ? "less than" : "more than";
    page.say(
      `The true class, ${state.truth}, has a share of ${written(p[truth])}. The loss is ${written(charged)} nats, ${than} a guess costs.`,
    );
  }

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
