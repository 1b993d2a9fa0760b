/** The parts of the forward-pass explorer's page. */
import { GREY, clothesButtons } from "./clothes.js";
import { button, choice, toolbar } from "./controls.js";
import { h, thousands } from "./elements.js";
import { Pad } from "./pad.js";
import { panel } from "./page.js";
import { photographButtons } from "./photographs.js";
import { MINIATURE, PHOTOGRAPHED, STAGES } from "./stages.js";
import { Tiles } from "./tiles.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./forward_pass_session.js").Session} Session */
/** @typedef {ReturnType<typeof make> & { sources: Record<string, HTMLElement> }} Parts */

/**
 * What the session writes to and listens to.
 *
 * @param {Page} page
 * @param {Session} session
 */
function make(page, session) {
  const frame = h("path", { class: "frame" });
  const halo = h("path", { class: "halo" });
  const veil = h("path", { class: "veil" });
  const unitFrame = h("i", { class: "here" });
  const mapCanvas = h("canvas");
  return {
    photographs: photographButtons((name) => session.show(name)),
    yours: button("Yours", () => session.showOwn(), { hidden: true }),
    clothes: clothesButtons((at) => session.wear(at)),
    pad: new Pad(GREY, (pixels) => session.drawOn(pixels)),
    ask: button("", () => session.press()),
    progress: h("progress", { max: 1, value: 0, "aria-label": "Work that is done" }),
    doing: h("p", { class: "note" }),
    trouble: h("p", { class: "trouble", role: "status" }),
    strip: toolbar("Stages", "strip"),
    tiles: new Tiles({ describedBy: page.sentence.id, choose: (map) => session.choose(map) }),
    detail: h("span"),
    note: h("span"),
    limits: h("p", { class: "note" }),
    unitDetail: h("span"),
    mapCanvas,
    unitFrame,
    map: h(
      "div",
      {
        class: "view one",
        tabindex: 0,
        role: "application",
        "aria-roledescription": "map",
        "aria-label": "One map. Arrow keys choose a unit.",
        "aria-describedby": page.sentence.id,
      },
      mapCanvas,
      unitFrame,
    ),
    facts: h("dl", { class: "sizes" }),
    picture: h("canvas", { role: "img", "aria-label": "The picture, with a frame where the unit looks" }),
    svg: h("svg", { "aria-hidden": "true" }, veil, halo, frame),
    veil,
    halo,
    frame,
    sumDetail: h("span"),
    cards: h("div"),
    sum: h("div"),
    bars: h("div", { class: "tracks" }),
    voteDetail: h("span"),
    votes: h("div"),
    ends: h("section", {}),
    voting: h("section", {}),
    arithmetic: h("section", { class: "wide" }),
  };
}

/**
 * Where pictures come from, for each network.
 *
 * @param {ReturnType<typeof make>} parts
 * @param {Session} session
 * @returns {Record<string, HTMLElement>}
 */
function sourcesOf(parts, session) {
  const padded = h(
    "div",
    { class: "drawing" },
    parts.pad.el,
    h("span", {}, "Draw on it: light cloth on black. Shift erases."),
    button("Empty it", () => session.drawOn(new Uint8Array(GREY * GREY))),
    h("small", {}, "A link does not carry what you draw."),
  );
  return {
    [PHOTOGRAPHED]: toolbar("Six photographs", "pictures", ...parts.photographs, parts.yours),
    [MINIATURE]: toolbar("Pictures of clothes", "pictures", ...parts.clothes, padded),
  };
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {Session} session
 * @returns {Parts}
 */
export function layout(page, session) {
  const parts = make(page, session);
  const sources = sourcesOf(parts, session);
  parts.ends.append(h("p", { class: "title" }, "What the network says"), parts.bars);
  parts.voting.append(h("p", { class: "title" }, "Which features voted ", parts.voteDetail), parts.votes);
  parts.arithmetic.append(
    h("p", { class: "title" }, "Its arithmetic ", parts.sumDetail),
    h("div", { class: "arithmetic" }, parts.cards, parts.sum),
  );
  page.lay(
    [
      choice(page, "network", "Network", Object.keys(STAGES), (network) => session.take(network)),
      h(
        "div",
        { class: "asking" },
        h("div", { class: "ask" }, parts.ask, parts.progress),
        parts.doing,
        parts.trouble,
      ),
      ...Object.values(sources),
    ],
    [
      parts.strip,
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, "All maps ", parts.detail, parts.note),
        parts.tiles.el,
        parts.limits,
      ),
      panel(["One map ", parts.unitDetail], parts.map),
      panel(["Where it looks"], h("div", { class: "view" }, parts.picture, parts.svg)),
      panel(["The stage"], parts.facts),
      parts.arithmetic,
      parts.ends,
      parts.voting,
    ],
  );
  return { ...parts, sources };
}

/**
 * What can be said of all numbers of a stage: terms and their texts.
 *
 * @param {{ shape: number[], count: number }} found
 * @param {{ deviation: number, zeros: number } | undefined} known
 * @returns {HTMLElement[]}
 */
export function facts({ shape, count }, known) {
  const has = shape.length === 4;
  const lines = [
    ["shape", `${shape.map(thousands).join(" × ")}, as N × ${has ? "H × W × C" : "features"}`],
    ["numbers", thousands(count)],
    ["deviation", known ? String(Number(known.deviation.toPrecision(3))) : "not known yet"],
    ["zeros", known ? `${Math.round(100 * known.zeros)} %` : "not known yet"],
    [
      "places",
      has ? `${shape[1]} × ${shape[2]}: still a picture` : "none: the grid is only a way to draw it",
    ],
  ];
  return lines.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]);
}
