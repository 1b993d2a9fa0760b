/** The own-picture explorer at work: where its picture comes from, the camera, and what the network is asked. */
import { SIDE } from "./crop.js";
import { loadFile } from "./files.js";
import { layout } from "./own_picture_parts.js";
import { MEAN, best } from "./photographs.js";
import { follow, moved } from "./pointer.js";
import { sharePicture } from "./shared_picture.js";
import { Trained, wordsOf } from "./trained.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Model} Model */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {ReturnType<typeof import("../own_picture.js").compute>} Found */

export class Session {
  /**
   * @param {Model} model
   * @param {Page} page
   * @param {Found} found what follows from the settings at the start
   */
  constructor(model, page, found) {
    this.model = model;
    this.page = page;
    this.parts = layout(this.page, this);
    this.network = new Trained(model, "squeezenet.network", "SqueezeNet 1.1");
    /** @type {Record<string, Picture>} the photographs that have come */
    this.photographs = {};
    /** @type {(Picture & { id: string }) | undefined} the reader's */
    this.own = undefined;
    this.found = found;
    /** @type {{ picture?: Picture, seen: string }} what was drawn last: which view, and in which colours */
    this.done = { seen: "" };
    /** @type {import("./photographs.js").Answer[]} */
    this.answer = [];
    this.asked = ""; // what the answer is to
    this.following = false; // whether the network is asked again after each change
    this.near = false; // whether the reader is near enough for a photograph to be loaded
    this.turn = 0;
    /** @type {AbortController | undefined} */
    this.control = undefined;
    this.listen();
  }

  /** What the reader does to the picture, and what Python does. */
  listen() {
    const { page, parts, model } = this;
    const { root } = page;
    follow(parts.view, (event) => this.point(event));
    parts.view.addEventListener("keydown", (event) => {
      const { down: row, across: column } = page.state;
      const to = moved(event, { row, column }, { row: 100, column: 100 });
      if (to) this.moveTo(to.row, to.column);
    });
    root.addEventListener("dragover", (event) => {
      event.preventDefault();
      root.classList.add("over");
    });
    root.addEventListener("dragleave", () => root.classList.remove("over"));
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      root.classList.remove("over");
      this.takeFrom(
        event.dataTransfer,
        "What you dropped is no file. Save the picture first, or copy and paste it.",
      );
    });
    const paste = (/** @type {ClipboardEvent} */ event) => {
      const meant = root.contains(/** @type {Node} */ (event.target)) || root.matches(":hover");
      if (meant) this.takeFrom(event.clipboardData, "What you pasted is no picture.");
    };
    document.addEventListener("paste", paste);
    const nearing = new IntersectionObserver(([{ isIntersecting }]) => this.approach(isIntersecting), {
      rootMargin: "600px",
    });
    nearing.observe(root);
    page.forget.push(
      () => document.removeEventListener("paste", paste),
      () => nearing.disconnect(),
    );
    page.listen("change:photograph", () => this.forgetOwn());
    page.listen("change:own", () => this.follow(model.get("own")));
  }

  /** @param {boolean} near */
  approach(near) {
    if (!near || this.near) return;
    this.near = true;
    this.page.schedule();
  }

  // ---- where the crop stands

  /** @param {PointerEvent} event */
  point(event) {
    const { top, left, width } = this.parts.view.getBoundingClientRect();
    const [bottom, right] = this.found.shape.map((side) => side - SIDE);
    const unit = width / this.found.shape[1];
    const share = (/** @type {number} */ at, /** @type {number} */ most) =>
      (100 * (at / unit - SIDE / 2)) / most;
    this.moveTo(share(event.clientY - top, bottom), share(event.clientX - left, right));
  }

  /**
   * @param {number} down in percent
   * @param {number} across in percent
   */
  moveTo(down, across) {
    const within = (/** @type {number} */ v) => Math.max(0, Math.min(100, Math.round(v)));
    this.page.set({ down: within(down), across: within(across) });
  }

  // ---- where a picture comes from

  /** @param {string} photograph */
  choose(photograph) {
    this.forgetOwn();
    this.page.set({ photograph });
  }

  forgetOwn() {
    this.turn++;
    if (!this.own) return;
    this.own = undefined;
    this.model.set("own", null);
    this.model.save_changes();
    this.page.schedule();
  }

  /**
   * Takes the picture over that Python has, or another view of this explorer.
   *
   * @param {{ id: string, height: number, width: number, pixels: DataView } | null} own
   */
  follow(own) {
    if (own?.id === this.own?.id) return;
    const bytes = own && new Uint8Array(own.pixels.buffer, own.pixels.byteOffset, own.pixels.byteLength);
    this.own = own && bytes ? { ...own, pixels: bytes } : undefined;
    this.page.schedule();
  }

  /**
   * @param {DataTransfer | null} data
   * @param {string} otherwise what to say where it holds no file
   */
  takeFrom(data, otherwise) {
    const [file] = data?.files ?? [];
    if (file) this.take(file);
    else this.trouble(otherwise);
  }

  /** @param {Blob | ImageBitmap} source */
  async take(source) {
    const turn = ++this.turn;
    this.trouble("Reading the picture …");
    try {
      const picture = await this.network.read(source);
      if (turn !== this.turn) return;
      this.trouble("");
      this.own = { ...picture, id: String(Math.random()) };
      sharePicture(this.own);
      this.model.set("own", { ...this.own, pixels: new DataView(picture.pixels.buffer) });
      this.model.save_changes();
      this.page.schedule();
    } catch (error) {
      if (turn === this.turn) this.trouble(`${wordsOf(error)} What was on screen stays.`);
    }
  }

  /** Opens the camera, or closes it. */
  async camera() {
    const { camera } = this.parts;
    if (camera.stream) return camera.close();
    const turn = ++this.turn;
    this.trouble("Waiting for the camera …");
    try {
      await camera.open(() => turn === this.turn);
      if (turn === this.turn) this.trouble("");
    } catch (error) {
      if (turn === this.turn) this.trouble(wordsOf(error));
    }
  }

  /**
   * The picture on screen: the reader's, or the photograph, which comes when it is first asked for.
   *
   * @returns {Promise<Picture>}
   */
  async present() {
    const { photograph } = this.page.state;
    if (this.own) return this.own;
    if (!this.photographs[photograph]) {
      const bytes = await loadFile(this.model, `${photograph}.png`);
      this.photographs[photograph] = await this.network.read(new Blob([bytes]));
    }
    return this.photographs[photograph];
  }

  /** @param {string} words */
  trouble(words) {
    this.parts.trouble.textContent = words;
  }

  // ---- what the network is asked

  /** Asks the network, or stops it. */
  name() {
    this.following = !this.control;
    this.trouble("");
    if (this.following) return this.ask();
    this.control?.abort();
    this.control = undefined;
    this.idle();
    this.page.schedule();
  }

  /**
   * Forgets the answer where something else is asked now, and asks again if the reader had asked.
   *
   * @param {string} asked the picture and its views
   */
  follows(asked) {
    if (asked === this.asked) return;
    this.asked = asked;
    this.answer = [];
    if (this.following) this.ask();
    else this.idle();
  }

  async ask() {
    this.control?.abort();
    const control = new AbortController();
    const { signal } = control;
    const { views } = this.found;
    this.control = control;
    const tell = (/** @type {string} */ words, /** @type {number} */ share) => {
      if (!signal.aborted) this.working(words, share);
    };
    tell("", 0);
    try {
      const picture = await this.present();
      const labels = await this.network.bring(tell);
      signal.throwIfAborted();
      /** @type {Float32Array} */
      const probabilities = await this.network.worker.ask(
        "look",
        { picture, views, mean: MEAN },
        {
          signal,
          progress: ({ view, name, share }) =>
            tell(`${views.length > 1 ? `View ${view + 1} of ${views.length}: ` : ""}${name}`, share),
        },
      );
      this.answer = best(probabilities, labels);
    } catch (error) {
      if (!signal.aborted) this.trouble(wordsOf(error));
    }
    if (signal.aborted) return; // stopped, or another question has taken over
    this.control = undefined;
    this.idle();
    this.page.schedule();
  }

  /**
   * @param {string} words
   * @param {number} share
   */
  working(words, share) {
    const { name, progress, doing, bars } = this.parts;
    name.textContent = "Stop";
    progress.hidden = false;
    progress.value = share;
    doing.textContent = words;
    bars.classList.add("old");
  }

  idle() {
    const { name, progress, doing, bars } = this.parts;
    name.textContent = "Name it";
    progress.hidden = true;
    doing.textContent = this.answer.length
      ? "The shares of all 1000 classes add up to 1, whatever the picture shows."
      : `SqueezeNet 1.1, trained on ImageNet, comes when you ask for it: ${this.network.megabytes}.`;
    bars.classList.toggle("old", !this.answer.length);
  }

  /** Ends what goes on beside the page. */
  stop() {
    this.control?.abort();
    this.parts.camera.close();
    this.network.end();
  }
}
