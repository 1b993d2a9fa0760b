/** What a pointer and the arrow keys mean on a map, a ruler or a plot. */

/**
 * Calls `choose` where the pointer presses and while it drags, also beyond the element, and `preview` where a
 * mouse merely passes.
 *
 * @param {HTMLElement} el
 * @param {(event: PointerEvent) => void} choose
 * @param {(event: PointerEvent) => void} [preview]
 */
export function follow(el, choose, preview = () => {}) {
  el.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    el.setPointerCapture(event.pointerId); // a drag may leave the element
    choose(event);
  });
  el.addEventListener("pointermove", (event) => {
    if (event.buttons) choose(event);
    else if (event.pointerType === "mouse") preview(event);
  });
}

/**
 * Whether a key belongs to the browser or the system: then no explorer takes it.
 *
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
export const modified = (event) => event.ctrlKey || event.metaKey || event.altKey;

/**
 * Where a key leads from a place of a grid: arrows by one, Home and End along the row, Page Up and Page Down along
 * the column. Takes the key, so that the page does not scroll; undefined for any other key.
 *
 * @param {KeyboardEvent} event
 * @param {{ row: number, column: number }} place
 * @param {{ row: number, column: number }} last the largest row and column
 * @returns {{ row: number, column: number } | undefined}
 */
export function moved(event, { row, column }, last) {
  const to = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row, column: 0 },
    End: { row, column: last.column },
    PageUp: { row: 0, column },
    PageDown: { row: last.row, column },
  }[event.key];
  if (!to || modified(event)) return undefined;
  event.preventDefault();
  return to;
}
