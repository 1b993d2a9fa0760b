/** The forward-pass explorer: what a photograph becomes, stage by stage, from pixels to probabilities. */
import { button, slider } from "./kit/controls.js";
import { h, thousands } from "./kit/elements.js";
import { STAGES } from "./forward_pass_maps.js";
import { Page, panel } from "./kit/page.js";
import { whole } from "./kit/traits.js";

const LAST = STAGES.length - 1;

/** Every setting and what it may be, as in forward_pass.py. */
export const traits = { stage: whole(0, LAST), map: whole(0, 5) };

const sizes = ({ shape }) => [1, ...shape].map(thousands).join(" × ");
const count = ({ shape }) => shape.reduce((all, n) => all * n, 1);

/** Draws rows of levels, 0 to z, on a canvas with a pixel each. */
function paint(canvas, rows) {
  const data = new ImageData(rows[0].length, rows.length);
  rows.forEach((row, r) =>
    [...row].forEach((digit, c) => {
      const grey = Math.round(24 + (231 * parseInt(digit, 36)) / 35);
      data.data.set([grey, grey, grey, 255], 4 * (r * row.length + c));
    }),
  );
  Object.assign(canvas, { width: data.width, height: data.height });
  canvas.getContext("2d").putImageData(data, 0, 0);
}

function render({ model, el }) {
  const page = new Page({ model, el, traits });
  const view = h("canvas", { role: "img" }),
    name = new Text(),
    size = h("span"),
    facts = h("dl", { class: "sizes" });
  const small = STAGES[1].maps.map((_, at) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    return {
      canvas,
      el: h(
        "button",
        { type: "button", "aria-label": `Map ${at}`, onclick: () => page.set({ map: at }) },
        canvas,
      ),
    };
  });
  const strip = h("div", { class: "strip" }, ...small.map((one) => one.el));
  const go = (by) => () => page.set({ stage: Math.max(0, Math.min(LAST, page.state.stage + by)) });
  const back = button("Back", go(-1)),
    next = button("Next", go(1));
  page.lay(
    [
      slider(page, "stage", "Stage", traits.stage.values, { text: (at) => STAGES[at].name }),
      h("div", { class: "reset" }, back, " ", next),
    ],
    [
      panel([name, " ", size], h("div", { class: "view sharp" }, view)),
      h("section", {}, h("p", { class: "title" }, "The first maps"), strip, facts),
    ],
  );

  function update({ stage, map }) {
    const record = STAGES[stage],
      chosen = Math.min(map, record.maps.length - 1),
      picture = record.shape.length > 1;
    name.data = record.name;
    size.textContent = sizes(record);
    paint(view, record.maps[chosen]);
    view.setAttribute(
      "aria-label",
      picture ? `Map ${chosen} of ${record.name}` : `The numbers of ${record.name}, row by row`,
    );
    small.forEach(({ canvas, el }, at) => {
      el.hidden = at >= record.maps.length;
      el.setAttribute("aria-pressed", at === chosen);
      if (!el.hidden) paint(canvas, record.maps[at]);
    });
    back.disabled = stage === 0;
    next.disabled = stage === LAST;
    const lines = [
      ["shape", `${sizes(record)}${picture ? ", as N × H × W × C" : ", as N × features"}`],
      ["numbers", thousands(count(record))],
      ["deviation", String(record.deviation)],
      ["zeros", `${Math.round(100 * record.zeros)} %`],
      [
        "places",
        picture
          ? `${record.shape[0]} × ${record.shape[1]}: still a picture`
          : "none: the grid is only a way to draw it",
      ],
    ];
    facts.replaceChildren(...lines.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]));
    const before = STAGES[stage - 1];
    page.say(
      `${record.name} hands on ${thousands(count(record))} numbers${before ? `, ${thousands(count(before))} came in` : ""}. ` +
        (picture
          ? "Every number still has a place."
          : "A number's index says which unit it is, and no longer where."),
    );
  }

  return page.start({ compute: (state) => state, update });
}

export default { render, traits };
