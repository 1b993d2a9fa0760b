/** Sizes and frames: what is drawn many times a second does not have the whole page laid out anew. */

/** @typedef {{ width: number, height: number }} Room */

/** @param {Element} el */
const inside = (el) => ({ width: el.clientWidth, height: el.clientHeight });

/** @type {WeakMap<Element, Room>} */
const known = new WeakMap();
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) known.set(target, inside(target)); // the page has just been laid out
});

/**
 * How much room an element has inside: measured when it is first asked for or was not shown, and told by the browser
 * from then on.
 *
 * @param {Element} el
 * @returns {Room}
 */
export function roomOf(el) {
  const room = known.get(el);
  if (room?.width) return room;
  if (!room) watch.observe(el);
  const now = inside(el);
  known.set(el, now);
  return now;
}

/**
 * Waits for the next frame: what an answer changes is written with all else that the frame changes. Between two frames
 * it would have the whole page laid out twice, for a mouse that rests on it is looked for before the frame is drawn.
 *
 * @returns {Promise<number>}
 */
export const nextFrame = () => new Promise(requestAnimationFrame);
