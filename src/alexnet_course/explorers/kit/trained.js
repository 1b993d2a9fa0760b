/** A trained network beside the page: its worker, and its file, which comes when it is asked for. */
import { loadFile, sizeOf } from "./files.js";
import { startWorker } from "./worker.js";
// @ts-expect-error: it knows no texts yet
import SOURCE from "./network_worker.js" with { type: "text" };

/** @typedef {import("./page.js").Model} Model */

export class Trained {
  /**
   * @param {Model} model
   * @param {string} file of its table and numbers (files.py)
   * @param {string} name what its readers call it
   */
  constructor(model, file, name) {
    this.model = model;
    this.file = file;
    this.name = name;
    this.megabytes = `${(sizeOf(file) / 1e6).toFixed(1)} MB`;
    /** @type {import("./worker.js").Beside | undefined} */
    this.started = undefined;
    /** @type {Promise<string[]> | undefined} */
    this.labels = undefined;
  }

  /** The worker, which starts when it is first asked. */
  get worker() {
    return (this.started ??= startWorker(SOURCE));
  }

  /**
   * Brings the network into the worker, once; gives the names of its classes.
   *
   * @param {(words: string, share: number) => void} progress
   * @returns {Promise<string[]>}
   */
  bring(progress) {
    const tell = (/** @type {number} */ share) =>
      progress(`Loading ${this.name}: ${Math.round(100 * share)} % of ${this.megabytes}`, share);
    this.labels ??= loadFile(this.model, this.file, tell)
      .then((bytes) => this.worker.ask("load", { bytes }))
      .then(({ labels }) => labels)
      .catch((error) => {
        this.labels = undefined; // it may come when it is asked for again
        throw error;
      });
    return this.labels;
  }

  /**
   * Reads a picture; see picture.js.
   *
   * @param {Blob | ImageBitmap} source
   * @returns {Promise<import("./picture.js").Picture>}
   */
  read(source) {
    const transfer = source instanceof Blob ? [] : [source];
    return this.worker.ask("picture", { source }, { transfer });
  }

  end() {
    this.started?.end();
  }
}

/**
 * What went wrong, in words.
 *
 * @param {unknown} error
 * @returns {string}
 */
export const wordsOf = (error) => (error instanceof Error ? error.message : String(error));
