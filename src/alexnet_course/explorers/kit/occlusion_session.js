/** The occlusion explorer at work: the network behind it is asked one thing at a time, and the newest comes first. */
import { SIDE, middle } from "./crop.js";
import { loadFile } from "./files.js";
import { MEAN, best } from "./photographs.js";
import { Trained, wordsOf } from "./trained.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {{ names: string[], shares: number[], kept: number }} Answer `kept`: the share of what is followed */

/**
 * What the network can be asked: the photograph, the pixel at which the cover begins, its pixels, and the classes
 * whose share is followed. `key` is the same for the same question.
 *
 * @typedef {object} Question
 * @property {string} key
 * @property {string} photograph
 * @property {number[]} place
 * @property {number[][][]} patch
 * @property {number[]} followed
 */

/**
 * A square with a cover on it.
 *
 * @param {Picture} square
 * @param {Pick<Question, "place" | "patch">} cover
 * @returns {Picture}
 */
export function covered({ height, width, pixels }, { place: [top, left], patch }) {
  const values = pixels.slice();
  patch.forEach((line, row) => values.set(line.flat(), 3 * ((top + row) * width + left)));
  return { height, width, pixels: values };
}

export class Session {
  /**
   * @param {import("./page.js").Model} model
   * @param {{ changed: () => void, trouble: (words: string) => void }} tell
   */
  constructor(model, tell) {
    this.model = model;
    this.tell = tell;
    this.network = new Trained(model, "squeezenet.network", "SqueezeNet 1.1");
    /** @type {string[] | undefined} the names of the classes, once the network is here */
    this.labels = undefined;
    /** @type {{ words: string, share: number } | undefined} how far the network has come */
    this.coming = undefined;
    /** @type {Record<string, Promise<Picture>>} the squares that have come or are coming */
    this.squares = {};
    /** @type {Map<string, Answer>} */
    this.answers = new Map();
    /** @type {Answer | undefined} the last one to what the reader asked */
    this.latest = undefined;
    /** @type {Question | undefined} the newest */
    this.wanted = undefined;
    /** @type {{ of: string, questions: Question[] } | undefined} the map that is being made */
    this.map = undefined;
    this.working = false;
  }

  /** Brings the network, unless it is here or on its way. */
  async load() {
    if (this.labels || this.coming) return;
    const tell = (/** @type {string} */ words, /** @type {number} */ share) => {
      this.coming = { words, share };
      this.tell.changed();
    };
    this.tell.trouble("");
    tell("", 0);
    try {
      this.labels = await this.network.bring(tell);
    } catch (error) {
      this.tell.trouble(wordsOf(error));
    }
    this.coming = undefined;
    this.tell.changed();
  }

  /**
   * The square of a photograph that the network looks at.
   *
   * @param {string} photograph
   * @returns {Promise<Picture>}
   */
  square(photograph) {
    return (this.squares[photograph] ??= this.bringSquare(photograph).catch((error) => {
      delete this.squares[photograph]; // it may come when it is asked for again
      throw error;
    }));
  }

  /** @param {string} photograph */
  async bringSquare(photograph) {
    const bytes = await loadFile(this.model, `${photograph}.png`);
    const picture = await this.network.read(new Blob([bytes]));
    const [top, left] = middle(picture);
    const pixels = new Uint8Array(3 * SIDE * SIDE);
    for (let row = 0; row < SIDE; row++) {
      const from = 3 * ((top + row) * picture.width + left);
      pixels.set(picture.pixels.subarray(from, from + 3 * SIDE), 3 * SIDE * row);
    }
    return { ...picture, height: SIDE, width: SIDE, pixels };
  }

  /**
   * Asks the network, once, after what it is at.
   *
   * @param {Question} question
   */
  want(question) {
    if (!this.labels || question.key === this.wanted?.key) return;
    this.wanted = question;
    this.work();
  }

  /**
   * Makes a map: asks everything that has no answer yet, whenever the reader asks nothing else.
   *
   * @param {string} of what
   * @param {Question[]} questions
   */
  startMap(of, questions) {
    this.tell.trouble("");
    this.map = { of, questions };
    this.work();
    this.tell.changed();
  }

  stopMap() {
    this.map = undefined;
    this.tell.changed();
  }

  /** @returns {Question | undefined} what is to be asked now */
  next() {
    const open = (/** @type {Question} */ { key }) => !this.answers.has(key);
    if (this.wanted && open(this.wanted)) return this.wanted;
    const next = this.map?.questions.find(open);
    if (!next) this.map = undefined;
    return next;
  }

  async work() {
    if (this.working) return;
    this.working = true;
    try {
      for (let question = this.next(); question; question = this.next()) {
        const fromReader = question === this.wanted;
        const answer = await this.ask(question);
        this.answers.set(question.key, answer);
        if (fromReader) this.latest = answer;
        this.tell.changed();
      }
    } catch (error) {
      this.map = undefined;
      this.tell.trouble(wordsOf(error));
      this.tell.changed();
    }
    this.working = false;
  }

  /**
   * @param {Question} question
   * @returns {Promise<Answer>}
   */
  async ask({ photograph, followed, ...cover }) {
    const picture = covered(await this.square(photograph), cover);
    /** @type {Float32Array} */
    const shares = await this.network.worker.ask("look", { picture, views: [[0, 0, false]], mean: MEAN });
    const found = best(shares, this.labels ?? []);
    return {
      names: found.map(({ name }) => name),
      shares: found.map(({ probability }) => probability),
      kept: followed.reduce((sum, at) => sum + shares[at], 0),
    };
  }

  end() {
    this.network.end();
  }
}
