/** The training explorer at work: its worker, the present run, and those before it. */
import { Course, START } from "./course.js";
import { loadFile, sizeOf } from "./files.js";
import { CLOTHES } from "./learning.js";
import { layout } from "./training_parts.js";
import { wordsOf } from "./trained.js";
import { startWorker } from "./worker.js";
// @ts-expect-error: it knows no texts yet
import SOURCE from "./learning_worker.js" with { type: "text" };

/** @typedef {import("./page.js").State} State */
/** @typedef {import("./learning_worker.js").Report} Report */

const RUNS = 4; // that are drawn, the present one among them

/**
 * How each network learns here: `pace` milliseconds from one drawing to the next, with `most` steps between; all
 * held-out examples are judged `every` so many steps; and a run pauses by itself after `pause`.
 *
 * @type {Record<string, { pace: number, most: number, every: number, pause: number }>}
 */
const LESSONS = {
  tile: { pace: 120, most: 1, every: 1, pause: 60 },
  small: { pace: 120, most: 1000, every: 25, pause: 1200 },
  miniature: { pace: 300, most: 1000, every: 50, pause: 600 },
};

export class Session {
  /**
   * @param {import("./page.js").Model} model
   * @param {import("./page.js").Page} page
   */
  constructor(model, page) {
    this.model = model;
    this.page = page;
    this.parts = layout(page, {
      run: () => this.toggle(),
      step: () => this.go(1),
      reset: () => this.reset(),
    });
    /** @type {import("./worker.js").Beside | undefined} */
    this.worker = undefined;
    /** @type {Course | undefined} the present run */
    this.course = undefined;
    /** @type {Course[]} */
    this.before = [];
    /** @type {Uint8Array | undefined} the pictures of clothes */
    this.pixels = undefined;
    this.running = false;
    this.busy = false;
    this.turn = 0; // which run, counted; one that was taken away changes nothing here any more
    this.until = 0; // the step after which a run pauses by itself
    this.trouble = "";
  }

  /** How the present network learns. */
  get lesson() {
    return LESSONS[this.page.state.network];
  }

  /**
   * Whether the settings start another run than the present one.
   *
   * @param {State} state
   */
  isOver(state) {
    return Boolean(this.course) && START.some((name) => this.course?.which[name] !== state[name]);
  }

  /** Takes the present run away; its curve stays. */
  reset() {
    if (this.course?.losses.length) this.before = [...this.before, this.course].slice(1 - RUNS);
    this.course = undefined;
    this.running = this.busy = false;
    this.trouble = "";
    this.end();
    this.page.schedule();
  }

  toggle() {
    this.running = !this.running;
    if (!this.running) return this.page.schedule();
    this.until = (this.course?.last?.steps ?? 0) + this.lesson.pause;
    this.go(0);
  }

  /**
   * Lets the worker take steps: so many, or on and on while the run goes.
   *
   * @param {number} most
   */
  async go(most) {
    if (this.busy) return;
    this.busy = true;
    this.trouble = "";
    const { turn } = this;
    this.page.say("Starting …");
    let trouble = "";
    try {
      const mine = this.course ?? (await this.begin(turn));
      let left = most;
      while (turn === this.turn && mine.last?.finite && (this.running || left > 0)) {
        left--;
        await this.learn(mine, this.running ? this.lesson.most : 1);
        if (turn === this.turn && mine.last.steps >= this.until) this.running = false;
      }
    } catch (error) {
      trouble = wordsOf(error);
    }
    if (turn !== this.turn) return;
    if (!this.course?.last) this.course = undefined; // it never began
    this.trouble = trouble;
    this.running = this.busy = false;
    this.page.schedule();
  }

  /**
   * Starts the worker, and a run in it; the pictures come first where there are none yet.
   *
   * @param {number} turn
   */
  async begin(turn) {
    const { state } = this.page;
    const mine = (this.course = new Course(state));
    const tile = state.network === "tile";
    if (!tile && !this.pixels) {
      this.page.say(`Loading the pictures, ${(sizeOf(CLOTHES) / 1e6).toFixed(1)} MB …`);
      this.pixels = new Uint8Array(await loadFile(this.model, CLOTHES));
    }
    if (turn !== this.turn) return mine;
    this.worker ??= startWorker(SOURCE);
    const input = { which: mine.which, settings: mine.settings };
    const clothes = tile ? {} : { pixels: this.pixels?.buffer };
    mine.take(await this.worker.ask("begin", { ...input, ...clothes }));
    return mine;
  }

  /**
   * @param {Course} mine
   * @param {number} most
   */
  async learn(mine, most) {
    const { pace, every } = this.lesson;
    const starts = performance.now();
    const input = { settings: mine.settings, most, milliseconds: pace, every };
    const take = (/** @type {Report} */ report) => {
      if (this.course !== mine) return;
      mine.take(report);
      this.page.schedule();
    };
    take(await this.worker?.ask("learn", input, { progress: take }));
    const rest = pace - (performance.now() - starts);
    if (this.course !== mine || !this.running || rest <= 0) return;
    await new Promise((done) => setTimeout(done, rest)); // a step is to be seen
  }

  /** Ends the worker, and what goes on there. */
  end() {
    this.turn++;
    this.worker?.end();
    this.worker = undefined;
  }
}
