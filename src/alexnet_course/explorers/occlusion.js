/** The occlusion explorer: a cover moves over a photograph, and what a trained network calls it changes. */
import {
  CHELSEA,
  CHELSEA_DRAWN,
  KINDS,
  LARGEST,
  LAST,
  OWN,
  PLACES,
  SIZES,
  SMALLEST,
  answerOf,
  answersTo,
  followedOn,
  mapOf,
  patchOf,
  placesOf,
  wholeOf,
} from "./kit/covers.js";
import { SIDE } from "./kit/crop.js";
import { h, number } from "./kit/elements.js";
import { layout } from "./kit/occlusion_parts.js";
import { Session } from "./kit/occlusion_session.js";
import { Page } from "./kit/page.js";
import { NAMES, bar, paintThumbnail } from "./kit/photographs.js";
import { paint } from "./kit/pixels.js";
import { moved } from "./kit/pointer.js";
import { line } from "./kit/text.js";
import { wordsOf } from "./kit/trained.js";
import { whole, wholes, word } from "./kit/traits.js";

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {import("./kit/occlusion_session.js").Answer} Answer */
/** @typedef {import("./kit/covers.js").Mapped} Mapped */
/** @typedef {ReturnType<typeof compute>} Found */

/** Every setting and what it may be, as in occlusion.py. */
export const traits = {
  photograph: word(...NAMES),
  row: whole(0, SIDE - SMALLEST),
  column: whole(0, SIDE - SMALLEST),
  size: whole(SMALLEST, LARGEST),
  cover: word(...KINDS, OWN),
  colour: wholes(3, 0, 255),
};

/**
 * Everything that follows from the settings without the network, by its name in occlusion.py.
 *
 * @param {State} state
 * @returns {{ place: number[], patch: number[][][], cell: number[] | null, whole: number, stored: Answer | null,
 *   mapped: Mapped | null }} `cell` is the place on the stored map, where it is one of its places
 */
export function compute(state) {
  const { photograph, row, column, size } = state;
  const place = [row, column].map((from) => Math.min(from, SIDE - size));
  const at = place.map((from) => placesOf(size).indexOf(from));
  const cell = at.includes(-1) ? null : at;
  const all = answersTo(state);
  const answer = cell && all?.[cell[0]][cell[1]];
  return {
    place,
    patch: patchOf(state),
    cell,
    whole: wholeOf(photograph),
    stored: answer ? answerOf(answer) : null,
    mapped: all ? mapOf(all) : null,
  };
}

// ---- what is drawn

class Drawing {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.session = new Session(page.model, {
      changed: () => page.schedule(),
      trouble: (words) => {
        this.parts.trouble.textContent = words;
      },
    });
    this.parts = layout(
      page,
      {
        choose: (photograph) => page.set({ photograph }),
        point: (row, column) => {
          const { size } = page.state;
          this.moveTo(row - size / 2, column - size / 2);
        },
        pointMap: (row, column) => {
          const places = placesOf(page.state.size);
          const at = (/** @type {number} */ v) => places[Math.max(0, Math.min(LAST, Math.floor(v)))];
          page.set({ row: at(row), column: at(column) });
        },
        key: (event) => this.key(event),
        resized: () => this.moveTo(...this.place),
        load: () => {
          this.parts.view.focus({ preventScroll: true }); // the button goes
          this.session.load();
        },
        map: () => this.map(),
      },
      { photograph: CHELSEA_DRAWN, sizes: SIZES, places: PLACES, own: OWN },
    );
    this.parts.load.act.textContent = `Load SqueezeNet (${this.session.network.megabytes})`;
    this.drawn = ""; // the photograph on the canvas
  }

  /** Where the cover is. */
  get place() {
    const { row, column, size } = this.page.state;
    return /** @type {[number, number]} */ ([row, column].map((from) => Math.min(from, SIDE - size)));
  }

  /**
   * Moves the cover to a pixel; as long as the network is not here, to the nearest place that has an answer.
   *
   * @param {number} row
   * @param {number} column
   */
  moveTo(row, column) {
    const { state } = this.page;
    const most = SIDE - state.size;
    const places = placesOf(state.size);
    const bound = !this.session.labels && answersTo(state);
    const within = (/** @type {number} */ v) => {
      const pixel = Math.max(0, Math.min(most, Math.round(v)));
      return bound ? places[Math.round((pixel / most) * LAST)] : pixel;
    };
    this.page.set({ row: within(row), column: within(column) });
  }

  /**
   * Arrow keys lead to the next place of the map, with Shift to the next pixel.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    const [row, column] = this.place;
    const most = SIDE - this.page.state.size;
    const to = moved(event, { row, column }, { row: most, column: most });
    if (!to) return;
    const places = placesOf(this.page.state.size);
    const far = event.key.startsWith("Arrow") && !(event.shiftKey && this.session.labels);
    const next = (/** @type {number} */ from, /** @type {number} */ pixel) => {
      if (!far || from === pixel) return pixel;
      return (pixel > from ? places.find((one) => one > from) : places.findLast((one) => one < from)) ?? from;
    };
    this.moveTo(next(row, to.row), next(column, to.column));
  }

  // ---- what the network is asked

  /**
   * What the network is to be asked behind a cover at some place.
   *
   * @param {State} state
   * @param {number[]} place
   * @param {number[][][]} patch
   */
  question({ photograph, size, cover, colour }, place, patch) {
    return {
      key: JSON.stringify([photograph, size, cover === OWN ? colour : cover, place]),
      photograph,
      place,
      patch,
      followed: followedOn(photograph).classes,
    };
  }

  /**
   * The questions of a map, row by row.
   *
   * @param {State} state
   * @param {number[][][]} patch
   */
  questions(state, patch) {
    const places = placesOf(state.size);
    return places.map((row) => places.map((column) => this.question(state, [row, column], patch)));
  }

  /** Begins a map, or stops it. */
  map() {
    const { session, page } = this;
    if (session.map) return session.stopMap();
    const questions = this.questions(page.state, patchOf(page.state));
    session.startMap(questions[0][0].key, questions.flat());
  }

  /**
   * The map as far as it has been made on this page.
   *
   * @param {Found} found
   * @param {State} state
   * @returns {Mapped & { share: number, of: string }}
   */
  made({ patch, whole }, state) {
    const questions = this.questions(state, patch);
    const answers = questions.map((row) => row.map(({ key }) => this.session.answers.get(key)));
    /** @type {Record<string, number>} */
    const counts = {};
    const known = answers.flat().filter((one) => one !== undefined);
    for (const { names } of known) counts[names[0]] = (counts[names[0]] ?? 0) + 1;
    return {
      falls: answers.map((row) => row.map((answer) => answer && whole - answer.kept)),
      leaders: Object.entries(counts).sort(([, m], [, n]) => n - m),
      share: known.length / PLACES ** 2,
      of: questions[0][0].key,
    };
  }

  // ---- what is seen

  /**
   * @param {Found} found
   * @param {State} state
   */
  draw(found, state) {
    const { session, parts, page } = this;
    const question = this.question(state, found.place, found.patch);
    const answer = found.stored ?? session.answers.get(question.key);
    if (answer) session.latest = answer;
    else session.want(question);
    const made = found.mapped ? undefined : this.made(found, state);
    if (session.map && session.map.of !== made?.of) session.stopMap();
    this.drawPhotograph(state);
    this.drawCover(found);
    this.drawNames(found, state, answer);
    this.drawMap(made ?? { ...found, ...found.mapped, share: 1 }, found, state);
    parts.few.hidden = Boolean(session.labels);
    parts.every.hidden = !session.labels;
    page.say(told(found, state, answer, Boolean(session.labels)), !answer);
  }

  /** @param {State} state */
  drawPhotograph({ photograph }) {
    const { parts, session } = this;
    parts.photographs.forEach((one, at) =>
      one.setAttribute("aria-pressed", String(NAMES[at] === photograph)),
    );
    parts.chelsea.hidden = photograph !== CHELSEA;
    parts.square.hidden = !parts.chelsea.hidden;
    if (photograph === this.drawn || photograph === CHELSEA) return;
    this.drawn = photograph;
    paintThumbnail(parts.square, photograph);
    session.square(photograph).then(
      (square) => this.drawn === photograph && paint(parts.square, square, square.pixels),
      (error) => {
        parts.trouble.textContent = wordsOf(error);
      },
    );
  }

  /** @param {Found} found */
  drawCover({ place: [row, column], patch }) {
    const { cover } = this.parts;
    const { length: size } = patch;
    const share = (/** @type {number} */ pixels) => `${(100 * pixels) / SIDE}%`;
    cover.style.cssText = `left:${share(column)};top:${share(row)};width:${share(size)};height:${share(size)}`;
    paint(cover, { width: size, height: size }, patch.flat(2));
  }

  /**
   * @param {Found} found
   * @param {State} state
   * @param {Answer | undefined} answer
   */
  drawNames({ whole, stored }, { photograph }, answer) {
    const { parts, session } = this;
    const { labels, coming } = session;
    const { act, progress, words } = parts.load;
    act.hidden = Boolean(labels || coming);
    progress.hidden = !coming;
    progress.value = coming?.share ?? 0;
    words.textContent = coming?.words ?? (stored ? "Answered beforehand." : waiting(labels, answer));
    const shown = answer ?? (labels && session.latest);
    const bars = shown?.names.map((name, i) => bar({ name, probability: shown.shares[i] })) ?? [];
    parts.bars.replaceChildren(...bars.flat());
    parts.bars.classList.toggle("old", !answer);
    parts.sums.classList.toggle("old", !answer);
    parts.sums.replaceChildren(
      line(followedOn(photograph).what, h("strong", {}, shown ? shown.kept.toFixed(3) : "?"), "total"),
      line("without a cover", whole.toFixed(3)),
    );
  }

  /**
   * @param {{ falls?: (number | undefined)[][], leaders?: [string, number][], share: number }} made
   * @param {Found} found
   * @param {State} state
   */
  drawMap({ falls = [], leaders = [], share }, { place, mapped }, { photograph, size }) {
    const { parts, page, session } = this;
    parts.whole.textContent = followedOn(photograph).what;
    parts.map.paint({
      values: falls.map((row) => row.map((fall) => fall ?? 0)),
      total: PLACES,
      colour: (v) => page.colours.signed(v, 1),
      text: (v) => number(100 * v, 0),
      blank: (row, column) => falls[row][column] === undefined,
      ticks: false,
    });
    const [row, column] = place.map((from) => (LAST * from) / (SIDE - size));
    parts.map.outline(row, column, 1);
    const { act, progress, el } = parts.mapping;
    const useless = Boolean(mapped) || !session.labels || share === 1;
    if (useless && act.matches(":focus")) parts.view.focus({ preventScroll: true });
    el.style.visibility = useless ? "hidden" : "";
    act.textContent = session.map ? "Stop" : "Map it";
    progress.hidden = !session.map;
    progress.value = share;
    parts.leaders.replaceChildren(...leaders.slice(0, 8).map(([name, count]) => line(name, String(count))));
  }
}

/** What is said of an answer that was not there beforehand. */
const waiting = (/** @type {string[] | undefined} */ labels, /** @type {Answer | undefined} */ answer) => {
  if (!labels) return "Not answered beforehand.";
  return answer ? "Computed on this page." : "Computing …";
};

/**
 * Where the cover is, who comes first, and what is left.
 *
 * @param {Found} found
 * @param {State} state
 * @param {Answer | undefined} answer
 * @param {boolean} loaded whether the network is here
 * @returns {string}
 */
function told({ place: [row, column], whole }, { photograph, size, cover }, answer, loaded) {
  const covers = `Rows ${row} to ${row + size - 1}, columns ${column} to ${column + size - 1} are covered (${cover})`;
  if (!answer && loaded) return `${covers}: the network is at work.`;
  if (!answer)
    return `${covers}. This was not answered beforehand: load SqueezeNet, and it is computed here.`;
  const { names, shares, kept } = answer;
  const { what, has } = followedOn(photograph);
  return (
    `${covers}: ${names[0]} comes first with ${shares[0].toFixed(3)}; ${what} ${has} ${kept.toFixed(3)}, ` +
    `without a cover ${whole.toFixed(3)}.`
  );
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const drawing = new Drawing(page);
  return page.start({
    compute,
    update: (found, state) => drawing.draw(found, state),
    stop: () => drawing.session.end(),
  });
}

export default { traits, compute, render };
