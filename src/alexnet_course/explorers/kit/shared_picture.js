/** The reader's own picture, which one explorer of a page hands to the others; it stays in the browser. */

/** @typedef {import("./picture.js").Picture & { id: string }} Own */

const EVENT = "course-picture";
// in a notebook each explorer brings a copy of this module: what they share belongs to the page
const page = /** @type {{ coursePicture?: Own }} */ (globalThis);

/** @param {Own} picture */
export function sharePicture(picture) {
  page.coursePicture = picture;
  document.dispatchEvent(new Event(EVENT));
}

/** @returns {Own | undefined} */
export const sharedPicture = () => page.coursePicture;

/**
 * Calls back when a picture is shared.
 *
 * @param {() => void} listener
 * @returns {() => void} ends it
 */
export function onSharedPicture(listener) {
  document.addEventListener(EVENT, listener);
  return () => document.removeEventListener(EVENT, listener);
}
