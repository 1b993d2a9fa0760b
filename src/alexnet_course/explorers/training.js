/** The training explorer: networks learn on the page by the paper's rule, and every number can be seen. */
import { CellMap } from "./kit/cellmap.js";
import { button, choice, slider } from "./kit/controls.js";
import { drawCurves, points, roundUp } from "./kit/curves.js";
import { h, number, plural, range, thousands } from "./kit/elements.js";
import { loadFile, sizeOf } from "./kit/files.js";
import { Run, known, startNumbers, tiles } from "./kit/learning.js";
import { Answers, Filters } from "./kit/learning_view.js";
import { heading, Page, panel } from "./kit/page.js";
import { line } from "./kit/text.js";
import { real, whole, word } from "./kit/traits.js";
import { startWorker } from "./kit/worker.js";
import { nextVelocity } from "../training_engine.js";
import DATA from "./made/training.json" with { type: "json" };
// @ts-expect-error: it knows no texts yet
import SOURCE from "./kit/learning_worker.js" with { type: "text" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {ReturnType<typeof layout>} Parts */
/** @typedef {import("./kit/learning_worker.js").Report} Report */
/** @typedef {import("./kit/learning.js").Settings} Settings */

const FILE = "clothes.pixels";
const SIDE = 28;
const RUNS = 4; // that are drawn, the present one among them
const STEPS = 10; // of the tile network, computed at once
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 3, 10];
const MOMENTA = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const DECAYS = [0, 0.0001, 0.0005, 0.001, 0.003, 0.01, 0.03, 0.1];
const RULE = ["rate", "momentum", "decay", "dropout"]; // may change while a network learns
const START = ["network", "start", "seed"]; // of another run

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

/** Every setting and what it may be, as in training.py. */
export const traits = {
  network: word("tile", "small", "miniature"),
  rate: real(0.0001, 10, 0.01),
  momentum: real(0, 0.99, 0.01),
  decay: real(0, 0.1, 0.001),
  dropout: real(0, 0.9, 0.1),
  start: word("chapter", "he", "paper"),
  seed: whole(1, 100),
  filter: whole(0, 15),
  entry: whole(0, 24),
};

// ---- what follows from the settings

/**
 * The numbers of a first layer by rows, columns and filters; the networks here see one channel.
 *
 * @param {ArrayLike<number>} values
 * @param {number[]} size rows and columns
 * @returns {number[][][]}
 */
function byFilter(values, [rows, columns]) {
  const filters = values.length / rows / columns;
  return range(0, rows - 1).map((row) =>
    range(0, columns - 1).map((column) =>
      range(0, filters - 1).map((f) => values[(row * columns + column) * filters + f]),
    ),
  );
}

/**
 * The first ten steps of the tile network, or as many as give a finite loss.
 *
 * @param {State} state
 */
function tenSteps(state) {
  const settings = /** @type {Settings} */ (state);
  const run = new Run(/** @type {any} */ (state), tiles(), settings);
  const losses = [run.loss];
  const { gradients: gradient } = run.filters();
  const { said } = run.judge(0, DATA.tiles.labels.length);
  run.step(settings);
  const after = run.filters();
  while (Number.isFinite(run.loss)) {
    losses.push(run.loss);
    if (losses.length > STEPS) break;
    run.step(settings);
  }
  return { losses, gradient, said, velocity: after.velocity, filters: after.weights };
}

/**
 * Everything that follows from the settings, by its name in training.py.
 *
 * @param {State} state
 */
export function compute(state) {
  const { network, rate, momentum, decay } = state;
  const size = known(network).table[0].kernel_size,
    weights = startNumbers(/** @type {any} */ (state), known(network).starts[0].weights);
  const first = network === "tile" ? tenSteps(state) : null;
  const steady_step = rate / (1 - momentum);
  return {
    losses: first?.losses ?? [],
    filters: byFilter(weights, size),
    gradient: byFilter(first?.gradient ?? [], size),
    next_velocity: byFilter(first?.velocity ?? [], size),
    next_filters: byFilter(first?.filters ?? [], size),
    steady_step,
    half_life: Math.log(2) / (decay * steady_step),
    size,
    said: first?.said ?? [],
  };
}

// ---- a run in the worker

/** A run, as far as the page knows it. */
class Course {
  /** @param {State} state */
  constructor(state) {
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

  /**
   * @param {Report} report
   * @param {number} count of held-out examples
   */
  take(report, count) {
    this.last = report;
    this.losses.push(...report.losses);
    if (report.right !== undefined) this.right.push({ step: report.steps, share: report.right / count });
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

/**
 * A number as short as it is exact: 0.0005.
 *
 * @param {number} v
 * @returns {string}
 */
const written = (v) => String(Number(v.toPrecision(4))).replace("-", "−");

/**
 * A number to six decimals.
 *
 * @param {number} v
 * @returns {string}
 */
const exact = (v) =>
  Math.abs(v) < 1e6 ? v.toFixed(6).replace("-", "−") : v.toExponential(3).replace("-", "−");

// ---- the parts of the page

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {{ run: () => void, step: () => void, reset: () => void }} press
 */
function layout(page, press) {
  const [lossText, lossTitle] = heading("Loss");
  const [rightText, rightTitle] = heading("Right");
  const [filtersText, filtersTitle] = heading("Filters of the first layer");
  const [answersText, answersTitle] = heading("What it says");
  const [mapText, mapTitle] = heading("Filter");
  const [slopeText, slopeTitle] = heading("Its gradient");
  const [ruleText, ruleTitle] = heading("The paper's rule");
  const note = h("p", { class: "note" });
  const at = (/** @type {number} */ y, /** @type {number} */ x) => {
    const side = known(page.state.network).table[0].kernel_size[0];
    const inside = (/** @type {number} */ v) => Math.max(0, Math.min(side - 1, Math.floor(v)));
    page.set({ entry: inside(y) * side + inside(x) });
  };
  const map = new CellMap("Weights of the filter", {
    walk: {
      point: (y, x, chosen) => chosen && at(y, x),
      leave() {},
      key(event) {
        const side = known(page.state.network).table[0].kernel_size[0];
        const by = { ArrowUp: -side, ArrowDown: side, ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        const entry = Math.min(page.state.entry, side * side - 1) + by;
        if (entry >= 0 && entry < side * side) page.set({ entry });
      },
    },
    signed: true,
    describedBy: page.sentence.id,
  });
  const parts = {
    lossText,
    rightText,
    filtersText,
    answersText,
    mapText,
    slopeText,
    ruleText,
    note,
    map,
    slope: new CellMap("Gradient of the filter", { signed: true }),
    loss: h("div", { class: "curves", role: "img" }),
    right: h("div", { class: "curves", role: "img" }),
    runs: h("p", { class: "note" }),
    filters: new Filters(page, traits.filter.high + 1),
    answers: new Answers(),
    rule: h("div", { class: "rule" }),
    run: button("Run", press.run),
    step: button("Step", press.step),
    reset: button("Start again", press.reset),
    seed: slider(page, "seed", "Draw"),
  };
  page.lay(
    [
      choice(page, "network", "Network"),
      choice(page, "start", "Start"),
      slider(page, "rate", "Rate", RATES, { text: written }),
      slider(page, "momentum", "Momentum", MOMENTA, { text: written }),
      slider(page, "decay", "Decay", DECAYS, { text: written }),
      slider(
        page,
        "dropout",
        "Dropout",
        range(0, 9).map((i) => i / 10),
        { text: written },
      ),
      parts.seed,
      h("div", { class: "buttons" }, parts.run, parts.step, parts.reset),
      note,
    ],
    [
      panel(lossTitle, parts.loss, parts.runs),
      panel(rightTitle, parts.right),
      panel(filtersTitle, parts.filters.el),
      panel(answersTitle, parts.answers.el),
      panel(mapTitle, h("div", { class: "filter-map" }, map.el)),
      panel(slopeTitle, h("div", { class: "filter-map" }, parts.slope.el)),
      panel(ruleTitle, parts.rule),
    ],
  );
  parts.rule.parentElement?.classList.add("wide");
  return parts;
}

/**
 * The paper's rule for one weight, line by line.
 *
 * @param {{ weight: number, gradient: number, velocity: number }} now
 * @param {State} state
 */
function ruleLines({ weight, gradient, velocity }, state) {
  const settings = /** @type {Settings} */ (state);
  const next = nextVelocity(weight, gradient, velocity, settings);
  const { momentum, rate, decay } = settings;
  const brackets = (/** @type {number} */ v) => (v < 0 ? `(${exact(v)})` : exact(v));
  return [
    line("weight w", exact(weight)),
    line("its gradient g, of the next batch", exact(gradient)),
    line("velocity v so far", exact(velocity)),
    line(
      `${written(momentum)} × ${brackets(velocity)} − ${written(rate)} × (${written(decay)} × ${brackets(weight)} + ${brackets(gradient)})`,
      `new v = ${exact(next)}`,
      "total",
    ),
    line(`${exact(weight)} + ${brackets(next)}`, `new w = ${exact(weight + next)}`),
  ];
}

// ---- the page

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  /** @type {ReturnType<typeof startWorker> | null} */
  let worker = null;
  /** @type {Course | null} */
  let course = null;
  /** @type {Course[]} */
  let before = [];
  /** @type {Uint8Array | null} */
  let pixels = null;
  let running = false;
  let busy = false;
  let wantedUntil = 0;
  let trouble = "";
  const parts = layout(page, { run: toggle, step: () => go(1), reset });

  /** Takes the present run away; its curve stays. */
  function reset() {
    running = false;
    if (course?.losses.length) before = [...before, course].slice(1 - RUNS);
    course = null;
    trouble = "";
    worker?.end();
    worker = null;
    page.schedule();
  }

  function toggle() {
    if (running) {
      running = false;
      return page.schedule();
    }
    running = true;
    wantedUntil = (course?.last?.steps ?? 0) + LESSONS[page.state.network].pause;
    go(0);
  }

  /**
   * Lets the worker take steps: so many, or on and on while the run goes.
   *
   * @param {number} most
   */
  async function go(most) {
    if (busy) return;
    busy = true;
    trouble = "";
    page.say("Starting …");
    try {
      const mine = course ?? (await begin());
      let left = most;
      while (course === mine && mine.last?.finite && (running || left > 0)) {
        left--;
        await learn(mine, running ? LESSONS[page.state.network].most : 1);
        if (mine.last.steps >= wantedUntil) running = false;
      }
    } catch (error) {
      trouble = /** @type {Error} */ (error).message;
    }
    running = false;
    busy = false;
    page.schedule();
  }

  /** Starts the worker, and a run in it; the pictures come first where there are none yet. */
  async function begin() {
    const { state } = page;
    const mine = new Course(state);
    if (state.network !== "tile" && !pixels) {
      page.say(`Loading the pictures, ${(sizeOf(FILE) / 1e6).toFixed(1)} MB …`);
      pixels = new Uint8Array(await loadFile(model, FILE));
    }
    course = mine;
    worker ??= startWorker(SOURCE);
    const input = { which: mine.which, settings: mine.settings };
    const clothes = state.network === "tile" ? {} : { pixels: pixels?.buffer };
    mine.take(await worker.ask("begin", { ...input, ...clothes }), heldOut());
    return mine;
  }

  /**
   * @param {Course} mine
   * @param {number} most
   */
  async function learn(mine, most) {
    const { pace, every } = LESSONS[page.state.network];
    const starts = performance.now();
    const input = { settings: mine.settings, most, milliseconds: pace, every };
    const take = (/** @type {Report} */ report) => {
      if (course !== mine) return;
      mine.take(report, heldOut());
      page.schedule();
    };
    take(await worker?.ask("learn", input, { progress: take }));
    const rest = pace - (performance.now() - starts);
    if (course === mine && running && rest > 0) await new Promise((done) => setTimeout(done, rest)); // a step is to be seen
  }

  const heldOut = () => (page.state.network === "tile" ? DATA.tiles.labels.length : 200);

  /** The curves of this run and of the last ones. */
  function curves(/** @type {Found} */ found, /** @type {State} */ state) {
    const tile = state.network === "tile";
    const same = before.filter(({ which }) => which.network === state.network);
    const losses = course?.losses ?? [];
    const first = losses[0] ?? same.at(-1)?.losses[0] ?? found.losses[0] ?? Math.log(10);
    const forecast = tile && !course ? found.losses : [];
    const most = Math.max(
      ...[losses, forecast, ...same.map((run) => run.losses)]
        .flatMap((values) => points(values, tile ? 1 : 10))
        .map(([, v]) => v),
      first,
    );
    const last = roundUp(
      Math.max(10, ...[losses, ...same.map((run) => run.losses)].map((all) => all.length - 1)),
    );
    const marks = course?.changes ?? [];
    drawCurves(parts.loss, {
      high: Math.min(1.1 * most, 4 * first),
      last,
      marks,
      unit: (v) => number(v, 1),
      label: `Loss over ${plural(Math.max(0, losses.length - 1), "step")}`,
      curves: [
        ...same.map((run) => ({ points: points(run.losses, tile ? 1 : 25), kind: "past" })),
        { points: points(forecast), kind: "forecast" },
        ...(tile ? [] : [{ points: points(losses), kind: "raw" }]),
        { points: points(losses, tile ? 1 : 25), kind: "present" },
      ],
    });
    drawCurves(parts.right, {
      high: 1,
      last,
      marks: [],
      unit: (v) => `${100 * v} %`,
      label: "Share of right answers",
      curves: [...same.map((run) => ({ run, kind: "past" })), { run: course, kind: "present" }].map(
        ({ run, kind }) => ({
          points: (run?.right ?? []).map(({ step, share }) => [step, share]),
          kind,
        }),
      ),
    });
    parts.lossText.textContent = tile ? "mean of the three tiles" : "of each batch, and the mean of 25";
    const share = course?.right.at(-1)?.share;
    const examples = tile ? "of the three tiles" : "of 200 held-out pictures";
    parts.rightText.textContent =
      share === undefined ? examples : `${Math.round(share * heldOut())} ${examples}`;
    parts.runs.textContent = same.length
      ? `Grey: ${same.map((run) => run.name).join("; ")}`
      : forecast.length
        ? "Dashed: the ten steps that these settings give"
        : "";
  }

  /** The examples and their answers. */
  function answers(/** @type {Found} */ found, /** @type {State} */ state) {
    const tile = state.network === "tile";
    parts.answersText.textContent = tile ? "of the three tiles" : "of ten held-out pictures";
    if (tile) {
      const { names, pixels: drawings } = DATA.tiles;
      const pictures = names.map((truth, n) => ({
        side: 7,
        grey: (/** @type {number} */ i) => 128 + 42 * drawings[n][Math.floor(i / 7)][i % 7],
        truth,
      }));
      parts.answers.lay("tile", pictures);
      parts.answers.show(course?.last?.said ?? found.said, names, (n) => DATA.tiles.labels[n]);
    } else if (pixels) {
      const seen = pixels;
      const pictures = DATA.classes.map((truth, n) => ({
        side: SIDE,
        grey: (/** @type {number} */ i) => seen[(1000 + n) * SIDE ** 2 + i],
        truth,
      }));
      parts.answers.lay("clothes", pictures);
      parts.answers.show(course?.last?.said ?? [], DATA.classes, (n) => n % DATA.classes.length);
    } else {
      parts.answers.shown = "";
      parts.answers.el.replaceChildren("The pictures come when you press Run or Step.");
    }
  }

  /** The numbers of the first layer, of the run or of its start. */
  function numbers(/** @type {Found} */ found) {
    const first = course?.last?.first;
    if (!first) {
      return {
        weights: found.filters,
        gradients: found.gradient,
        velocity: byFilter(
          found.filters.flat(2).map(() => 0),
          found.size,
        ),
      };
    }
    return {
      weights: byFilter(first.weights, found.size),
      gradients: byFilter(first.gradients, found.size),
      velocity: byFilter(first.velocity, found.size),
    };
  }

  /** One filter, its gradient, and the rule for one of its numbers. */
  function mark(/** @type {Found} */ found, /** @type {State} */ state) {
    const { weights, gradients, velocity } = numbers(found);
    const [side] = found.size;
    const f = Math.min(state.filter, weights[0][0].length - 1);
    const entry = Math.min(state.entry, side * side - 1);
    const [row, column] = [Math.floor(entry / side), entry % side];
    const most = parts.filters.show(weights, f);
    const plane = (/** @type {number[][][]} */ all) => all.map((cells) => cells.map((values) => values[f]));
    const paint = (
      /** @type {CellMap} */ map,
      /** @type {number[][]} */ values,
      /** @type {number} */ limit,
    ) => {
      map.paint({
        values,
        total: side,
        colour: (v) => page.colours.signed(Number.isFinite(v) ? v : 0, limit),
        text: (v) => (Math.abs(v) < 1000 ? number(v, 3) : v.toExponential(0).replace("-", "−")),
      });
      map.outline(row, column, 1);
    };
    parts.mapText.textContent = String(f);
    paint(parts.map, plane(weights), most);
    const looked = gradients.length > 0 && gradients[0][0].length > 0;
    parts.slope.el.hidden = !looked;
    parts.slopeText.textContent = looked ? "for the next batch" : "comes with the pictures";
    if (looked) {
      const slopes = plane(gradients);
      paint(parts.slope, slopes, Math.max(1e-9, ...slopes.flat().map(Math.abs).filter(Number.isFinite)));
      const now = {
        weight: weights[row][column][f],
        gradient: slopes[row][column],
        velocity: velocity[row][column][f],
      };
      parts.ruleText.textContent = `for filter ${f}, row ${row}, column ${column}`;
      parts.rule.replaceChildren(...ruleLines(now, state));
    } else parts.rule.replaceChildren("Press Run or Step: a gradient needs pictures.");
  }

  /**
   * @param {Found} found
   * @param {State} state
   */
  function update(found, state) {
    if (course && START.some((name) => course?.which[name] !== state[name])) return reset();
    course?.note(state);
    const tile = state.network === "tile";
    const drawn = !tile || state.start !== "chapter" || state.dropout;
    parts.seed.style.visibility = drawn ? "" : "hidden"; // the others keep their places
    curves(found, state);
    answers(found, state);
    parts.run.textContent = running ? "Pause" : "Run";
    const over = course?.last ? !course.last.finite : false;
    parts.run.disabled = parts.step.disabled = over;
    parts.reset.disabled = !course;
    const half = Number.isFinite(found.half_life)
      ? `decay alone would halve a weight in ${thousands(Math.round(found.half_life))} steps`
      : "nothing decays";
    parts.note.textContent = `A steady gradient of 1 moves a weight by ${written(found.steady_step)} a step in the end; ${half}.`;
    page.say(told(found, state), running);
  }

  /** What is going on, in a sentence or two. */
  function told(/** @type {Found} */ { losses }, /** @type {State} */ state) {
    if (trouble) return trouble;
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
      const right = `${Math.round((course.right.at(-1)?.share ?? 0) * heldOut())} of ${heldOut()}`;
      const of = state.network === "tile" ? "tiles" : "held-out pictures";
      return `After ${plural(last.steps, "step")} the loss is ${written(loss)}; ${right} ${of} are right.${grown}`;
    }
    if (state.network !== "tile") {
      const parameters = known(state.network).starts.reduce(
        (sum, { weights, biases }) => sum + weights + biases,
        0,
      );
      return `The ${state.network} network has ${thousands(parameters)} parameters and learns from 1,000 pictures of clothes, 16 a step. Press Run: the pictures, ${(sizeOf(FILE) / 1e6).toFixed(1)} MB, come first.`;
    }
    if (losses.length <= STEPS)
      return `After ${plural(losses.length, "step")} the loss would be no number. ${cure}`;
    const worst = Math.max(...losses);
    const bump = losses.findIndex((loss, i) => i && loss > losses[i - 1]);
    const way = bump > 0 ? `, and it rises on the way, at step ${bump}` : "";
    return `Ten steps like these take the mean loss from ${losses[0].toFixed(4)} to ${losses[STEPS].toFixed(4)}${worst > losses[0] ? `, by way of ${written(worst)}` : way}. Press Run.`;
  }

  /** What follows from the settings is found once, though a run is drawn many times. */
  let key = "";
  /** @type {Found} */
  let last;
  const remembered = (/** @type {State} */ state) => {
    const now = JSON.stringify(state);
    if (now !== key) last = compute(state);
    key = now;
    return last;
  };

  return page.start({
    compute: remembered,
    update,
    mark,
    moves: ["filter", "entry"],
    stop: () => worker?.end(),
  });
}

export default { traits, compute, render };
