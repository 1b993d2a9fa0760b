/** What a network comes to, row by row; beside maths.js, and compared with Python by the same tests. */
import { outputSize } from "./maths.js";

const product = (numbers) => numbers.reduce((all, n) => all * n, 1);

/**
 * Every row of a network's table, computed from `size` pixels on: `shape` [rows, columns, maps] or [features], what
 * it reads (`from`), `parameters`, `products` (multiply-accumulates of one image), the `field` of pixels that one
 * unit sees from pixel `first` + `jump` times its index on, and the `unused` pixels that no window reads. Where a
 * row cannot be, the rows end, and `broken` says its name and why.
 */
export function network(table, { size, groups, kernel_sizes, strides, paddings, filters, features }) {
  const rows = [],
    next = { window: 0, convolution: 0, dense: 0 };
  let shape = [size, size, 3],
    sees = { field: 1, jump: 1, first: 0 };
  for (const { name, kind, grouped } of table) {
    const from = shape;
    if (kind === "dense") {
      const inputs = product(from),
        outputs = features[next.dense++];
      shape = [outputs];
      rows.push({
        name,
        kind,
        from,
        shape,
        parameters: inputs * outputs + outputs,
        products: inputs * outputs,
        field: size,
        jump: 0,
        first: 0,
        unused: 0,
      });
      continue;
    }
    const convolves = kind === "convolution",
      [side, , maps] = from,
      kernel_size = kernel_sizes[next.window],
      stride = strides[next.window++];
    const padding = convolves ? paddings[next.convolution] : 0,
      outputs = convolves ? filters[next.convolution++] : maps;
    const parts = grouped ? groups : 1,
      window = { size: side, kernel_size, stride, padding },
      out = outputSize(window);
    const broken = (why) => ({ rows, broken: { name, why } });
    if (!out) return broken(`a window of ${kernel_size} does not fit on ${side + 2 * padding} pixels`);
    if (maps % parts) return broken(`${parts} groups do not divide its ${maps} input channels`);
    if (outputs % parts) return broken(`${parts} groups do not divide its ${outputs} filters`);
    shape = [out, out, outputs];
    sees = {
      field: sees.field + (kernel_size - 1) * sees.jump,
      first: sees.first - padding * sees.jump,
      jump: sees.jump * stride,
    };
    const read = convolves ? kernel_size ** 2 * (maps / parts) * outputs : 0; // weights
    rows.push({
      name,
      kind,
      from,
      shape,
      parts,
      ...window,
      parameters: read && read + outputs,
      products: out * out * read,
      ...sees,
      unused: (side + 2 * padding - kernel_size) % stride,
    });
  }
  return { rows };
}

/** A column of the rows, added up. */
export const total = (rows, what) => rows.reduce((sum, row) => sum + row[what], 0);
