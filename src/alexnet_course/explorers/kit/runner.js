/** The trained networks of an explorer: each comes when it is asked for, one runs at a time, and its last run stays. */
import { best } from "./photographs.js";
import { Trained, wordsOf } from "./trained.js";

/** @typedef {ReturnType<typeof import("./arithmetic.js").summaryOf>} Summary */

/**
 * What a run gave.
 *
 * @typedef {object} Run
 * @property {string} of which picture
 * @property {Summary[]} summaries one for each stage
 * @property {import("./photographs.js").Answer[]} answers
 * @property {string[]} labels
 */

/**
 * What is to be run: the picture's name, what the worker is asked, and the last layer of each stage.
 *
 * @typedef {{ of: string, question: (trained: Trained) => Promise<{ task: string, input: any }>, names: string[] }} Job
 */

export class Runner {
  /**
   * @param {import("./page.js").Model} model
   * @param {Record<string, { file: string, title: string }>} known the networks by name
   * @param {{ working: (words: string, share: number) => void, trouble: (words: string) => void }} tell
   */
  constructor(model, known, tell) {
    this.model = model;
    this.known = known;
    this.tell = tell;
    /** @type {Record<string, Trained>} */
    this.networks = {};
    /** @type {Record<string, Run>} the last of each network */
    this.runs = {};
    /** @type {AbortController | undefined} */
    this.control = undefined;
  }

  /**
   * @param {string} name
   * @returns {Trained}
   */
  network(name) {
    const { file, title } = this.known[name];
    return (this.networks[name] ??= new Trained(this.model, file, title));
  }

  /** Whether a network is at work, or on its way. */
  get busy() {
    return Boolean(this.control);
  }

  stop() {
    this.control?.abort();
    this.control = undefined;
  }

  /**
   * Runs a network.
   *
   * @param {string} name
   * @param {Job} job
   * @returns {Promise<boolean>} whether it came to its end, or failed, in words; false if it was stopped
   */
  async run(name, { of, question, names }) {
    this.stop();
    const control = new AbortController();
    const { signal } = control;
    this.control = control;
    const tell = (/** @type {string} */ words, /** @type {number} */ share) => {
      if (!signal.aborted) this.tell.working(words, share);
    };
    this.tell.trouble("");
    tell("", 0);
    try {
      const trained = this.network(name);
      const labels = await trained.bring(tell);
      const { task, input } = await question(trained);
      signal.throwIfAborted();
      const progress = ({ name: layer = "", share = 0 }) => tell(layer, share);
      const shares = await trained.worker.ask(task, input, { signal, progress });
      const summaries = await trained.worker.ask("summaries", { names }, { signal });
      this.runs[name] = { of, summaries, labels, answers: best(shares, labels) };
    } catch (error) {
      if (signal.aborted) return false;
      this.tell.trouble(wordsOf(error));
    }
    this.control = undefined;
    return true;
  }

  /**
   * Asks a network's worker for what follows from its last run.
   *
   * @param {string} name
   * @param {string} task
   * @param {any} input
   * @returns {Promise<any>} undefined where it fails, which is told in words
   */
  async ask(name, task, input) {
    try {
      return await this.network(name).worker.ask(task, input);
    } catch (error) {
      this.tell.trouble(wordsOf(error));
    }
  }

  end() {
    this.stop();
    for (const network of Object.values(this.networks)) network.end();
  }
}
