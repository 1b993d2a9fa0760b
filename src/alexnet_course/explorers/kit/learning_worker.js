/** The worker in which a network of the page learns. */
import { AT_ONCE, Run, clothes, tiles } from "./learning.js";
import { serve } from "./worker.js";

/**
 * @typedef {import("./learning.js").Settings} Settings
 * @typedef {{ steps: number, losses: number[], finite: boolean, first: ReturnType<Run["filters"]>,
 *   said: { best: number, shares: number[] }[], right?: number }} Report
 */

const SHOWN = 10; // examples whose answers are reported each time

/** @type {Run} */
let run;

/**
 * What the page is told after some steps.
 *
 * @param {number[]} losses  Those that are new.
 * @param {number} [right]  Of the held-out examples, where all of them were judged.
 * @returns {Report}
 */
function report(losses, right) {
  const { said } = run.judge(0, Math.min(SHOWN, run.heldOut.labels.length));
  return { steps: run.steps, losses, finite: Number.isFinite(run.loss), first: run.filters(), said, right };
}

/** How many of all held-out examples are right. */
function judged() {
  const { length } = run.heldOut.labels;
  let right = 0;
  for (let from = 0; from < length; from += AT_ONCE) {
    right += run.judge(from, Math.min(length, from + AT_ONCE)).right;
  }
  return right;
}

serve({
  /**
   * Builds a network as it starts, and looks at its first batch.
   *
   * @param {{ which: { network: string, start: string, seed: number }, settings: Settings, pixels?: ArrayBuffer }} input
   *   `pixels` are the pictures of clothes
   * @returns {Generator<never, Report>}
   */
  *begin({ which, settings, pixels }) {
    run = new Run(which, pixels ? clothes(new Uint8Array(pixels)) : tiles(), settings);
    return report([run.loss], judged());
  },

  /**
   * Takes steps for a while, or as many as are wanted, and ends early where the loss is no number any more. Where
   * many held-out examples are to be judged, the steps are reported before: the page need not wait.
   *
   * @param {{ settings: Settings, most: number, milliseconds: number, every: number }} input  `every` so many steps
   *   all held-out examples are judged
   * @returns {Generator<Report, Report>}
   */
  *learn({ settings, most, milliseconds, every }) {
    const ends = performance.now() + milliseconds;
    /** @type {number[]} */
    const losses = [];
    do {
      run.step(settings);
      losses.push(run.loss);
    } while (
      losses.length < most &&
      run.steps % every &&
      Number.isFinite(run.loss) &&
      performance.now() < ends
    );
    if (run.steps % every) return report(losses);
    const many = run.heldOut.labels.length > AT_ONCE;
    if (many) yield report(losses);
    return report(many ? [] : losses, judged());
  },
});
