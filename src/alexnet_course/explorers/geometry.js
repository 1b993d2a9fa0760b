/** The geometry explorer: one row of pixels, the windows that fit on it, and what is left over. */
import { choice, slider } from "./kit/controls.js";
import { h, plural, range } from "./kit/elements.js";
import { sizeFormula } from "./kit/formula.js";
import { chain, outputSize, reached, receptiveField } from "./kit/maths.js";
import { heading, Page, panel } from "./kit/page.js";
import { Ruler } from "./kit/ruler.js";
import { whole, word } from "./kit/traits.js";

/** Every setting and what it may be, as in geometry.py. */
export const traits = {
  size: whole(1, 256),
  kernel_size: whole(1, 15),
  stride: whole(1, 8),
  padding: whole(0, 7),
  rounding: word("floor", "ceil"),
  layers: whole(1, 5),
  window: whole(0, 269),
};

/** `pixels 3 to 5`, `pixel 3`. */
const stretch = (first, last) => (first === last ? `pixel ${first}` : `pixels ${first} to ${last}`);

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const last = () => outputSize(page.state) - 1;
  const at = () => Math.max(0, Math.min(last(), page.state.window));
  const choose = ({ pixel, by }) => {
    const { kernel_size: k, stride, padding } = page.state;
    const wanted = by === undefined ? Math.round((pixel + padding - k / 2) / stride) : at() + by;
    page.set({ window: Math.max(0, Math.min(last(), wanted)) });
  };
  const whole = new Ruler("All pixels. Arrow keys choose a window.", {
    choose,
    describedBy: page.sentence.id,
  });
  const end = new Ruler("The last pixels, larger.");
  const [count, wholeTitle] = heading("Pixels and windows"),
    [near, endTitle] = heading("The end of the row");
  const formula = h("div", { class: "formula" }),
    sizes = h("dl", { class: "sizes" }),
    note = h("p", { class: "note" });

  page.lay(
    [
      slider(page, "size", "Input size"),
      slider(page, "kernel_size", "Kernel size"),
      slider(page, "stride", "Stride"),
      slider(page, "padding", "Padding"),
      choice(page, "rounding", "Rounding"),
      slider(page, "layers", "Layers like this"),
    ],
    [
      h("section", { class: "wide" }, h("p", { class: "title" }, ...wholeTitle), whole.el, note),
      h("section", { class: "wide" }, h("p", { class: "title" }, ...endTitle), end.el),
      panel(["Output size"], formula),
      panel(["Layer by layer"], sizes),
    ],
  );

  function update(state) {
    const { size, kernel_size: k, stride, padding } = state,
      n = outputSize(state),
      window = at(),
      read = reached(state);
    const past = n ? Math.max(0, (n - 1) * stride + k - padding - size) : 0,
      to = size + Math.max(padding, past);
    const outputs = chain(state),
      depth = outputs.length,
      middle = depth ? outputs[depth - 1] >> 1 : 0;
    const seen = receptiveField(state, depth, middle),
      lost = read.filter((yes) => !yes).length;
    const field = depth && {
      ...seen,
      name: `Orange: what unit ${middle} of layer ${depth} sees, ${plural(seen.field, "pixel")}`,
    };
    const drawn = { read, count: n, window };
    whole.draw({ ...state, from: -padding, to }, { ...drawn, field });
    const from = Math.max(-padding, Math.min(to - 16, to - k - stride - 4));
    end.draw({ ...state, from, to }, drawn);
    count.textContent = `${plural(size, "pixel")}, ${plural(n, "window")}`;
    near.textContent = stretch(Math.max(0, from), size - 1);
    note.textContent = !n
      ? ""
      : lost
        ? `Hatched: ${plural(lost, "pixel")} that no window reads`
        : "Every pixel is read";
    formula.replaceChildren(...sizeFormula({ ...state, output: n }));
    const rows = range(1, depth).map((layer) => {
      const { field: sees, jump } = receptiveField(state, layer, 0);
      return [
        `layer ${layer}`,
        `${plural(outputs[layer - 1], "unit")}; one sees ${plural(sees, "pixel")}, jump\u00a0${jump}`,
      ];
    });
    if (depth < state.layers) rows.push([`layer ${depth + 1}`, "no window fits"]);
    sizes.replaceChildren(...rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
    say(state, { n, window, lost });
  }

  /** Where the window is, what it reads, and what that does to the whole row. */
  function say({ size, kernel_size: k, stride, padding }, { n, window, lost }) {
    if (!n) {
      page.say(
        `No window fits. The kernel is ${plural(k, "pixel")} wide, the padded input ${size + 2 * padding}. Make the input or the padding larger.`,
      );
      return;
    }
    const first = window * stride - padding,
      stop = first + k,
      outside = Math.min(k, Math.max(0, -first) + Math.max(0, stop - size));
    const reads =
      outside === k
        ? "reads nothing but zeros"
        : `reads ${stretch(Math.max(0, first), Math.min(size, stop) - 1)}`;
    const zeros = outside && outside < k ? ` and ${plural(outside, "zero")} outside the picture` : "";
    page.say(
      `Window ${window}${n > 1 ? ` of 0 to ${n - 1}` : ", the only one,"} ${reads}${zeros}. Output size ${n}; ${lost ? `no window reads ${plural(lost, "pixel")}` : "every pixel is read"}.`,
    );
  }

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
