/** The training explorer: networks learn on the page by the paper's rule, and every number can be seen. */
import { Course, START, heldOut } from "./kit/course.js";
import { drawCurves, points, roundUp } from "./kit/curves.js";
import { number, plural, range, thousands } from "./kit/elements.js";
import { loadFile, sizeOf } from "./kit/files.js";
import { CLOTHES, Run, STEPS, known, startNumbers, tiles } from "./kit/learning.js";
import { Page } from "./kit/page.js";
import { FILTERS, layout } from "./kit/training_parts.js";
import { ruleLines, told, written } from "./kit/training_words.js";
import { real, whole, word } from "./kit/traits.js";
import { startWorker } from "./kit/worker.js";
import DATA from "./made/training.json" with { type: "json" };
// @ts-expect-error: it knows no texts yet
import SOURCE from "./kit/learning_worker.js" with { type: "text" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/learning_worker.js").Report} Report */
/** @typedef {import("./kit/learning.js").Settings} Settings */

const SIDE = 28;
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

/** Every setting and what it may be, as in training.py. */
export const traits = {
  network: word("tile", "small", "miniature"),
  rate: real(0.0001, 10, 0.01),
  momentum: real(0, 0.99, 0.01),
  decay: real(0, 0.1, 0.001),
  dropout: real(0, 0.9, 0.1),
  start: word("chapter", "he", "paper"),
  seed: whole(1, 100),
  filter: whole(0, FILTERS - 1),
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
      page.say(`Loading the pictures, ${(sizeOf(CLOTHES) / 1e6).toFixed(1)} MB …`);
      pixels = new Uint8Array(await loadFile(model, CLOTHES));
    }
    course = mine;
    worker ??= startWorker(SOURCE);
    const input = { which: mine.which, settings: mine.settings };
    const clothes = state.network === "tile" ? {} : { pixels: pixels?.buffer };
    mine.take(await worker.ask("begin", { ...input, ...clothes }));
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
      mine.take(report);
      page.schedule();
    };
    take(await worker?.ask("learn", input, { progress: take }));
    const rest = pace - (performance.now() - starts);
    if (course === mine && running && rest > 0) await new Promise((done) => setTimeout(done, rest)); // a step is to be seen
  }

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
    const examples = tile ? "of the three tiles" : `of ${heldOut(state)} held-out pictures`;
    parts.rightText.textContent = course?.right.length ? `${course.rightOnes} ${examples}` : examples;
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
      /** @type {import("./kit/cellmap.js").CellMap} */ map,
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
    page.say(trouble || told(found.losses, state, course), running);
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
