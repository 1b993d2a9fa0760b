/** The training explorer: networks learn on the page by the paper's rule, and every number can be seen. */
import { heldOut } from "./kit/course.js";
import { points, roundUp } from "./kit/curves.js";
import { number, plural, range, thousands, write } from "./kit/elements.js";
import { Run, STEPS, known, startNumbers, tiles } from "./kit/learning.js";
import { Page } from "./kit/page.js";
import { roomOf } from "./kit/room.js";
import { FILTERS } from "./kit/training_parts.js";
import { Session } from "./kit/training_session.js";
import { ruleLines, short, told, written } from "./kit/training_words.js";
import { real, whole, word } from "./kit/traits.js";
import DATA from "./made/training.json" with { type: "json" };

/** @typedef {import("./kit/page.js").State} State */
/** @typedef {ReturnType<typeof compute>} Found */
/** @typedef {import("./kit/learning.js").Settings} Settings */

const SIDE = 28;
const LEGIBLE = 44; // pixels that a cell of a map has where its number is written

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
 * @returns {{ losses: number[], filters: number[][][], gradient: number[][][], next_velocity: number[][][],
 *   next_filters: number[][][], steady_step: number, half_life: number, size: number[], said: { best:
 *   number, shares: number[] }[] }}
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

// ---- what is drawn

class Drawing extends Session {
  /**
   * The curves of this run and of the last ones.
   *
   * @param {Found} found
   * @param {State} state
   */
  curves(found, state) {
    const { parts, course } = this;
    const tile = state.network === "tile";
    const same = this.before.filter(({ which }) => which.network === state.network);
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
    parts.loss.draw({
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
    parts.right.draw({
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
    write(parts.lossText, tile ? "mean of the three tiles" : "of each batch, mean of 25");
    const examples = tile ? "of the three tiles" : `of ${heldOut(state)} held-out pictures`;
    write(parts.rightText, course?.right.length ? `${course.rightOnes} ${examples}` : examples);
    write(
      parts.runs,
      same.length
        ? `Grey: ${same.map((run) => run.name).join("; ")}`
        : forecast.length
          ? "Dashed: the ten steps that these settings give"
          : "Thin: each batch. Thick: the mean of 25.",
    );
  }

  /**
   * The examples and their answers.
   *
   * @param {Found} found
   * @param {State} state
   */
  answers(found, state) {
    const { parts, course, pixels: seen } = this;
    const tile = state.network === "tile";
    const which = seen ? "of ten held-out pictures" : "of pictures to come";
    write(parts.answersText, tile ? "of the three tiles" : which);
    if (tile) {
      const { names, pixels: drawings } = DATA.tiles;
      const pictures = names.map((truth, n) => ({
        side: 7,
        grey: (/** @type {number} */ i) => 128 + 42 * drawings[n][Math.floor(i / 7)][i % 7],
        truth,
      }));
      parts.answers.lay("tile", pictures);
      parts.answers.show(course?.last?.said ?? found.said, names, (n) => DATA.tiles.labels[n]);
    } else {
      const pictures = DATA.classes.map((truth, n) => ({
        side: SIDE,
        grey: seen && ((/** @type {number} */ i) => seen[(1000 + n) * SIDE ** 2 + i]),
        truth,
      }));
      parts.answers.lay(seen ? "clothes" : "clothes to come", pictures);
      parts.answers.show(course?.last?.said ?? [], DATA.classes, (n) => n % DATA.classes.length);
    }
  }

  /**
   * The numbers of the first layer, of the run or of its start.
   *
   * @param {Found} found
   */
  numbers(found) {
    const first = this.course?.last?.first;
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

  /**
   * One filter, its gradient, and the rule for one of its numbers.
   *
   * @param {Found} found
   * @param {State} state
   */
  mark(found, state) {
    const { parts, page } = this;
    const { weights, gradients, velocity } = this.numbers(found);
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
      blank = () => false,
    ) => {
      const roomy = (roomOf(map.el).width || LEGIBLE * side) >= LEGIBLE * side;
      map.paint({
        values,
        total: side,
        colour: (v) => page.colours.signed(Number.isFinite(v) ? v : 0, limit),
        text: (v) => (roomy ? short(v) : ""),
        blank,
      });
      map.outline(row, column, 1);
    };
    write(parts.mapText, String(f));
    paint(parts.map, plane(weights), most);
    const looked = gradients.length > 0 && gradients[0][0].length > 0;
    parts.slope.el.classList.toggle("awaited", !looked);
    write(parts.slopeText, looked ? "" : "not yet");
    const slopes = plane(looked ? gradients : weights);
    const steepest = Math.max(1e-9, ...slopes.flat().map(Math.abs).filter(Number.isFinite));
    paint(parts.slope, slopes, steepest, () => !looked); // an empty grid keeps the place
    const now = {
      weight: weights[row][column][f],
      gradient: looked ? slopes[row][column] : undefined,
      velocity: velocity[row][column][f],
    };
    write(parts.ruleText, `for filter ${f}, row ${row}, column ${column}`);
    parts.rule.replaceChildren(...ruleLines(now, state));
  }

  /**
   * @param {Found} found
   * @param {State} state
   */
  update(found, state) {
    if (this.isOver(state)) return this.reset();
    const { parts, page, course, running, trouble } = this;
    course?.note(state);
    const tile = state.network === "tile";
    page.root.classList.toggle("few", tile); // three filters and three examples, which get more room each
    const drawn = !tile || state.start !== "chapter" || state.dropout;
    parts.seed.style.visibility = drawn ? "" : "hidden"; // the others keep their places
    this.curves(found, state);
    this.answers(found, state);
    write(parts.run, running ? "Pause" : "Run");
    const over = course?.last ? !course.last.finite : false;
    parts.run.disabled = parts.step.disabled = over;
    parts.reset.disabled = !course;
    const half = Number.isFinite(found.half_life)
      ? `decay alone would halve a weight in ${thousands(Math.round(found.half_life))} steps`
      : "nothing decays";
    write(
      parts.note,
      `A steady gradient of 1 moves a weight by ${written(found.steady_step)} a step in the end; ${half}.`,
    );
    page.say(trouble || told(found.losses, state, course), running);
  }
}

/**
 * @param {{ model: import("./kit/page.js").Model, el: HTMLElement }} place
 * @returns {() => void}
 */
function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const drawing = new Drawing(model, page);

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
    update: (found, state) => drawing.update(found, state),
    mark: (found, state) => drawing.mark(found, state),
    moves: ["filter", "entry"],
    stop: () => drawing.end(),
  });
}

export default { traits, compute, render };
