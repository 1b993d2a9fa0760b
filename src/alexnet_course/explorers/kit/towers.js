/** A network drawn from above to below: a box for each tower and row, and wires where one row reads another. */
import { h, range } from "./elements.js";

const HEIGHT = 36,
  BOX = 20,
  LEAST = 28;

/** Width of a box as a share of its tower's: larger maps are wider; features have no side. */
const share = ({ shape }, size) => 0.25 + 0.65 * (shape.length > 1 ? Math.sqrt(shape[0] / size) : 0.3);

/**
 * The parts of an SVG `width` wide, HEIGHT for each row. `rows` are the image and the layers, `towers` how many
 * parts the maps are split in, `count` how many rows there would be if none were broken, `chosen` the row under study.
 */
export function towers(rows, { width, size, towers: parts, count, chosen }) {
  const last = count - 1,
    of = (row) => (row === 0 || row === last ? 1 : parts);
  const middle = (row, tower) => ((tower + 0.5) / of(row)) * width;
  const wide = (row) =>
    Math.max(
      Math.min(LEAST, width / of(row) - 4),
      (of(row) > 1 ? width / parts : 0.72 * width) * share(rows[row], size),
    );
  const top = (row) => row * HEIGHT + (HEIGHT - BOX) / 2;
  const wires = rows.flatMap((row, at) => {
    if (!at) return [];
    const apart = row.kind === "pooling" || row.parts > 1;
    return range(0, of(at - 1) - 1)
      .flatMap((a) => range(0, of(at) - 1).map((b) => [a, b]))
      .filter(([a, b]) => !apart || of(at - 1) === 1 || a === b)
      .map(([a, b]) =>
        h("path", {
          class: of(at - 1) > 1 && of(at) > 1 && a !== b ? "across" : "",
          d: `M${middle(at - 1, a)} ${top(at - 1) + BOX}L${middle(at, b)} ${top(at)}`,
        }),
      );
  });
  const boxes = rows.flatMap((row, at) =>
    range(0, of(at) - 1).flatMap((tower) => {
      const x = middle(at, tower),
        w = wide(at),
        maps = row.shape[row.shape.length - 1] / of(at);
      return [
        h("rect", {
          x: x - w / 2,
          y: top(at),
          width: w,
          height: BOX,
          rx: 2,
          class: at === chosen ? "here" : "",
        }),
        ...(w < 24 ? [] : [h("text", { x, y: top(at) + BOX / 2 + 4 }, String(maps))]),
      ];
    }),
  );
  return [...wires, ...boxes];
}

export const ROW_HEIGHT = HEIGHT;
