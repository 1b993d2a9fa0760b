/** The training explorer in words: numbers, the rule for one weight, and what is going on. */
import { number, plural, thousands } from "./elements.js";
import { sizeOf } from "./files.js";
import { CLOTHES, STEPS, known } from "./learning.js";
import { line } from "./text.js";
import { nextVelocity } from "../../training_engine.js";

/** @typedef {import("./page.js").State} State */
/** @typedef {import("./learning.js").Settings} Settings */
/** @typedef {import("./course.js").Course} Course */

/**
 * A number as short as it is exact: 0.0005.
 *
 * @param {number} v
 * @returns {string}
 */
export const written = (v) => String(Number(v.toPrecision(4))).replace("-", "−");

/**
 * A number for a cell of a map.
 *
 * @param {number} v
 * @returns {string}
 */
export const short = (v) =>
  Math.abs(v) < 1000 ? number(v, Math.abs(v) < 10 ? 3 : 1) : v.toExponential(0).replace("-", "−");

/**
 * A number to six decimals.
 *
 * @param {number} v
 * @returns {string}
 */
export const exact = (v) =>
  Math.abs(v) < 1e6 ? v.toFixed(6).replace("-", "−") : v.toExponential(3).replace("-", "−");

/**
 * The paper's rule for one weight, line by line; without a gradient as far as it goes.
 *
 * @param {{ weight: number, gradient: number | undefined, velocity: number }} now
 * @param {State} state
 * @returns {HTMLElement[]}
 */
export function ruleLines({ weight, gradient, velocity }, state) {
  const settings = /** @type {Settings} */ (state);
  const next = gradient === undefined ? undefined : nextVelocity(weight, gradient, velocity, settings);
  const { momentum, rate, decay } = settings;
  const brackets = (/** @type {number} */ v) => (v < 0 ? `(${exact(v)})` : exact(v));
  return [
    line("weight w", exact(weight)),
    line("its gradient g, of the next batch", gradient === undefined ? "press Run" : exact(gradient)),
    line("velocity v so far", exact(velocity)),
    line(
      `${written(momentum)} × ${brackets(velocity)} − ${written(rate)} × (${written(decay)} × ${brackets(weight)} + ${gradient === undefined ? "g" : brackets(gradient)})`,
      `new v = ${next === undefined ? "…" : exact(next)}`,
      "total",
    ),
    next === undefined
      ? line(`${exact(weight)} + new v`, "new w = …")
      : line(`${exact(weight)} + ${brackets(next)}`, `new w = ${exact(weight + next)}`),
  ];
}

/**
 * What is going on, in a sentence or two.
 *
 * @param {number[]} losses of the ten steps that the settings give
 * @param {State} state
 * @param {Course | undefined} course the present run
 * @returns {string}
 */
export function told(losses, state, course) {
  const last = course?.last;
  const cure =
    state.rate > 0.01
      ? "Start again with a rate of 0.01 or less."
      : "Start again with less momentum, or another start.";
  if (course && last) {
    const { length } = course.losses;
    if (!last.finite)
      return `The loss after step ${last.steps} is no number any more: the steps were too long, and the weights have run away. ${cure}`;
    const loss = course.losses[length - 1];
    const worst = Math.max(...course.losses);
    const far = worst > 5 * course.losses[0];
    // Once all ReLUs are silent, every picture gets the biases of the last layer.
    const mute = far && last.said.every(({ shares }) => shares.join() === last.said[0].shares.join());
    const grown = mute
      ? ` Since the loss of ${written(worst)} at step ${course.losses.indexOf(worst)} all examples get the same answer: ` +
        `the steps were too long, and the units that see them are silent for good. ${cure}`
      : loss > 5 * course.losses[0]
        ? ` That is far more than at the start: the steps are too long. ${cure}`
        : "";
    const right = `${course.rightOnes} of ${course.heldOut}`;
    const of = state.network === "tile" ? "tiles" : "held-out pictures";
    return `After ${plural(last.steps, "step")} the loss is ${written(loss)}; ${right} ${of} are right.${grown}`;
  }
  if (state.network !== "tile") {
    const parameters = known(state.network).starts.reduce(
      (sum, { weights, biases }) => sum + weights + biases,
      0,
    );
    return `The ${state.network} network has ${thousands(parameters)} parameters and learns from 1,000 pictures of clothes, 16 a step. Press Run: the pictures, ${(sizeOf(CLOTHES) / 1e6).toFixed(1)} MB, come first.`;
  }
  if (losses.length <= STEPS)
    return `After ${plural(losses.length, "step")} the loss would be no number. ${cure}`;
  const worst = Math.max(...losses);
  const bump = losses.findIndex((loss, i) => i && loss > losses[i - 1]);
  const way = bump > 0 ? `, and it rises on the way, at step ${bump}` : "";
  return `Ten steps like these take the mean loss from ${losses[0].toFixed(4)} to ${losses[STEPS].toFixed(4)}${worst > losses[0] ? `, by way of ${written(worst)}` : way}. Press Run.`;
}
