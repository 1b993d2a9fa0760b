/** A run of the training explorer, as far as the page knows it. */
import { written } from "./training_words.js";
import DATA from "../made/training.json" with { type: "json" };

/** @typedef {import("./page.js").State} State */
/** @typedef {import("./learning_worker.js").Report} Report */

const RULE = ["rate", "momentum", "decay", "dropout"]; // may change while a network learns
export const START = ["network", "start", "seed"]; // of another run

/**
 * How many examples nothing is learned from; of the tiles there are no others to judge by.
 *
 * @param {State} state
 * @returns {number}
 */
export const heldOut = ({ network }) => (network === "tile" ? DATA.tiles.labels.length : 200);

export class Course {
  /** @param {State} state */
  constructor(state) {
    this.heldOut = heldOut(state);
    this.which = Object.fromEntries(START.map((name) => [name, state[name]]));
    this.settings = Object.fromEntries(RULE.map((name) => [name, state[name]]));
    this.begun = { ...this.settings };
    /** @type {number[]} */
    this.losses = [];
    /** @type {{ step: number, share: number }[]} how many of the held-out examples are right */
    this.right = [];
    /** @type {{ step: number, text: string }[]} what was changed on the way */
    this.changes = [];
    /** @type {Report | null} */
    this.last = null;
  }

  /** @param {Report} report */
  take(report) {
    this.last = report;
    this.losses.push(...report.losses);
    if (report.right === undefined) return;
    this.right.push({ step: report.steps, share: report.right / this.heldOut });
  }

  /** How many of the held-out examples were right when all were judged last. */
  get rightOnes() {
    return Math.round((this.right.at(-1)?.share ?? 0) * this.heldOut);
  }

  /** @param {State} state notes what is different from now on */
  note(state) {
    const changed = RULE.filter((name) => state[name] !== this.settings[name]);
    if (!changed.length || !this.last) return;
    for (const name of changed) this.settings[name] = state[name];
    this.changes = this.changes.filter(({ step }) => step !== this.last?.steps);
    const text = changed.map((name) => `${name} ${written(state[name])}`).join(", ");
    this.changes.push({ step: this.last.steps, text });
  }

  /** What this run is called beside its curve. */
  get name() {
    const { rate, momentum } = this.begun;
    const more = this.changes.length ? ", then changed" : "";
    return `rate ${written(rate)}, momentum ${written(momentum)}${more}`;
  }
}
