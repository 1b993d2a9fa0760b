/** Numbers that look drawn and are the same in Python and in the page: every run can be had again. */

/** 32 bits that look random: the integer hash lowbias32 of C. Wellons' hash-prospector, as in dropout.py. */
function scrambled(/** @type {number} */ x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * The coin that `unit` tosses in draw `seed`, from 0 to below 1: the same as in Python.
 *
 * @param {number} seed
 * @param {number} unit
 * @returns {number}
 */
export const coin = (seed, unit) => scrambled((scrambled(seed) + unit) | 0) / 2 ** 32;

/**
 * The coins of a seed, one after the other.
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function coins(seed) {
  let tossed = 0;
  return () => coin(seed, tossed++);
}

/**
 * Numbers of mean 0 and deviation 1, one after the other, two coins each (Box and Muller 1958).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function normals(seed) {
  const toss = coins(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - toss()));
    return radius * Math.cos(2 * Math.PI * toss());
  };
}
