/** The parts of the own-picture explorer's page. */
import { Camera } from "./camera.js";
import { button, slider, tick, toolbar } from "./controls.js";
import { h } from "./elements.js";
import { panel, scale } from "./page.js";
import { CHANNELS, MOST, photographButtons } from "./photographs.js";

/** @typedef {import("./page.js").Page} Page */
/**
 * @typedef {{ choose: (name: string) => void, take: (source: Blob | ImageBitmap) => void, camera: () => void,
 *   name: () => void }} Acts
 */
/** @typedef {ReturnType<typeof make>} Parts */

/**
 * A button that takes a picture from a file.
 *
 * @param {Acts} acts
 * @returns {HTMLElement}
 */
function fileButton(acts) {
  const file = h("input", {
    type: "file",
    accept: "image/*",
    "aria-label": "Choose a picture",
    onchange: () => {
      const [chosen] = file.files ?? [];
      file.value = ""; // the same file may be chosen again
      if (chosen) acts.take(chosen);
    },
  });
  return h("label", { class: "file" }, file, "Choose a picture");
}

/**
 * What the session writes to and listens to.
 *
 * @param {Page} page
 * @param {Acts} acts
 */
function make(page, acts) {
  const picture = h("canvas");
  const veil = h("path", { class: "veil" });
  const frames = h("g");
  const camera = new Camera({ press: () => acts.camera(), take: (picture) => acts.take(picture) });
  const view = h(
    "div",
    {
      class: "view whole",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "picture",
      "aria-label": "The picture. Arrow keys move the crop.",
      "aria-describedby": page.sentence.id,
    },
    picture,
    h("svg", { "aria-hidden": "true", preserveAspectRatio: "none" }, veil, frames),
    camera.video,
  );
  return {
    photographs: photographButtons((name) => acts.choose(name)),
    picture,
    veil,
    frames,
    view,
    svg: /** @type {SVGElement} */ (frames.parentNode),
    size: h("span"),
    camera,
    name: button("Name it", () => acts.name()),
    trouble: h("p", { class: "trouble", role: "status" }),
    progress: h("progress", { max: 1, value: 0, "aria-label": "Work that is done" }),
    doing: h("p", { class: "note" }),
    crop: h("canvas", { role: "img", "aria-label": "The crop, as a picture" }),
    channels: CHANNELS.map((channel) =>
      h("canvas", { role: "img", "aria-label": `The ${channel} channel, less the mean colour` }),
    ),
    seen: h("span"),
    bars: h("div", { class: "tracks" }),
  };
}

/**
 * The parts of the page, in their places.
 *
 * @param {Page} page
 * @param {Acts} acts
 * @returns {Parts}
 */
export function layout(page, acts) {
  const parts = make(page, acts);
  page.lay(
    [
      h(
        "div",
        { class: "sources" },
        toolbar("Six photographs", "photographs", ...parts.photographs),
        fileButton(acts),
        parts.camera.toggle,
        h("span", {}, "or drop one here, or paste it"),
      ),
      slider(page, "down", "Crop, down", page.traits.down.values, { text: (v) => `${v} %` }),
      slider(page, "across", "Crop, across", page.traits.across.values, { text: (v) => `${v} %` }),
      tick(page, "ten", "Average ten views"),
    ],
    [
      panel(
        ["Picture ", parts.size],
        parts.view,
        parts.camera.shutter,
        parts.trouble,
        h(
          "p",
          { class: "note" },
          "Your picture stays in this browser; a link does not carry it, and only a notebook hands it on, to its own Python.",
        ),
      ),
      h(
        "section",
        {},
        h("p", { class: "title" }, "What the trained network says"),
        h("div", { class: "ask" }, parts.name, parts.progress),
        parts.doing,
        parts.bars,
      ),
      h(
        "section",
        { class: "wide" },
        h("p", { class: "title" }, "What it sees ", parts.seen),
        h(
          "div",
          { class: "seen" },
          ...[parts.crop, ...parts.channels].map((canvas, at) =>
            h("figure", {}, canvas, h("figcaption", {}, at ? CHANNELS[at - 1] : "the crop")),
          ),
        ),
        h("p", { class: "note" }, ...scale(`−${MOST}`, String(MOST), "0: the mean colour of ImageNet")),
      ),
    ],
  );
  return parts;
}
