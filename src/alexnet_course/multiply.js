/**
 * Products of matrices, on which a network spends nearly all of its time. Single precision is multiplied by the
 * WebAssembly of multiply.wat; double precision, and every number where a browser has or allows no WebAssembly with
 * vectors, by plain JavaScript.
 */
import { BYTES } from "./multiply_bytes.js";

/**
 * @typedef {Float32Array | Float64Array} Floats
 *
 * A matrix that lies in an array: the place of its first number, and how far it is from one row, and from one column,
 * to the next.
 *
 * @typedef {{ values: Floats, first: number, row: number, column: number }} Matrix
 *
 * A matrix as a product wants it on its right: in strips of eight columns, each in one piece.
 *
 * @typedef {{ values: Floats, depth: number, columns: number }} Packed
 */

const ROWS = 4; // of a tile of the product
const STRIP = 8; // and its columns, as in multiply.wat
const HALF = STRIP / 2; // plain JavaScript has variables enough for half a tile
const PAGE = 65536; // bytes by which a memory grows

/**
 * Zeros of the same precision.
 *
 * @template {Floats} Kind
 * @param {Kind} values
 * @param {number} length
 * @returns {Kind}
 */
export const zerosLike = (values, length) => new /** @type {any} */ (values.constructor)(length);

/**
 * The same matrix with rows and columns exchanged: no number moves.
 *
 * @param {Matrix} matrix
 * @returns {Matrix}
 */
export const turned = ({ values, first, row, column }) => ({ values, first, row: column, column: row });

/**
 * Packs a matrix.
 *
 * @param {Matrix} matrix
 * @param {number} depth  Its rows.
 * @param {number} columns
 * @returns {Packed}
 */
export function pack({ values, first, row, column }, depth, columns) {
  const packed = zerosLike(values, Math.ceil(columns / STRIP) * depth * STRIP);
  for (let j = 0, place = 0; j < columns; j += STRIP) {
    const wide = Math.min(STRIP, columns - j);
    for (let k = 0, from = first + j * column; k < depth; k++, from += row, place += STRIP) {
      for (let c = 0; c < wide; c++) packed[place + c] = values[from + c * column];
    }
  }
  return { values: packed, depth, columns };
}

/**
 * Adds to a matrix the product of two others.
 *
 * @param {Matrix} left
 * @param {number} rows
 * @param {Packed} right
 * @param {Matrix} out
 */
export function addProduct(left, rows, right, out) {
  if (rows === 0 || right.depth === 0) return;
  const found = left.values instanceof Float32Array ? machine() : null;
  if (found) addByMachine(found, left, rows, right, out);
  else addPlainly(left, rows, right, out);
}

// ---- WebAssembly

/** @typedef {{ memory: WebAssembly.Memory, multiply: (...numbers: number[]) => void }} Machine */

/** @type {Machine | null | undefined} */
let started;

/** @returns {Machine | null} what multiply.wat became; null where a browser cannot run it or may not */
function machine() {
  if (started === undefined) {
    try {
      const bytes = Uint8Array.from(atob(BYTES), (letter) => letter.charCodeAt(0));
      started = /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports);
    } catch {
      started = null;
    }
  }
  return /** @type {Machine | null} */ (started);
}

/**
 * Takes the matrices into the memory of the WebAssembly, and brings back what it made of them. The copies take little
 * time: each number of a matrix is multiplied many times.
 *
 * @param {Machine} machine
 * @param {Matrix} left
 * @param {number} rows
 * @param {Packed} right
 * @param {Matrix} out
 */
function addByMachine({ memory, multiply }, left, rows, right, out) {
  const { depth, columns } = right,
    { values, first, row, column } = out,
    tiles = Math.ceil(rows / ROWS),
    strips = Math.ceil(columns / STRIP),
    step = strips * STRIP,
    seen = (rows - 1) * left.row + (depth - 1) * left.column + 1, // numbers from the first to the last
    rightPlace = seen + (tiles * ROWS - rows) * left.row, // the last tile may read further: nobody takes its rows
    outPlace = rightPlace + right.values.length,
    bytes = 4 * (outPlace + tiles * ROWS * step);
  if (bytes > memory.buffer.byteLength) {
    memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
  }
  const numbers = new Float32Array(memory.buffer);
  const inOnePiece = column === 1 && row === step && columns === step;
  numbers.set(left.values.subarray(left.first, left.first + seen));
  numbers.set(right.values, rightPlace);
  if (inOnePiece) numbers.set(values.subarray(first, first + rows * step), outPlace);
  else numbers.fill(0, outPlace, outPlace + rows * step);
  multiply(0, 4 * left.row, 4 * left.column, tiles, depth, 4 * rightPlace, strips, 4 * outPlace);
  if (inOnePiece) return values.set(numbers.subarray(outPlace, outPlace + rows * step), first);
  for (let i = 0; i < rows; i++) {
    const start = outPlace + i * step;
    let to = first + i * row;
    for (let from = start; from < start + columns; from++, to += column) values[to] += numbers[from];
  }
}

// ---- plain JavaScript

/**
 * @param {Matrix} left
 * @param {number} rows
 * @param {Packed} right
 * @param {Matrix} out
 */
function addPlainly(left, rows, right, out) {
  const sums = new Float64Array(ROWS * HALF);
  for (let j = 0; j < right.columns; j += HALF) {
    const wide = Math.min(HALF, right.columns - j),
      strip = Math.floor(j / STRIP) * STRIP * right.depth + (j % STRIP);
    for (let i = 0; i < rows; i += ROWS) {
      const tall = Math.min(ROWS, rows - i);
      sixteen(left, i, tall, right, strip, sums);
      for (let r = 0; r < tall; r++) {
        const to = out.first + (i + r) * out.row + j * out.column;
        for (let c = 0; c < wide; c++) out.values[to + c * out.column] += sums[r * HALF + c];
      }
    }
  }
}

/**
 * The products of four rows with four columns, summed in variables of their own: no other way of writing it in plain
 * JavaScript was as fast.
 *
 * @param {Matrix} left
 * @param {number} i  The first of the four rows.
 * @param {number} tall  How many of them there are; the last one stands for those that are missing.
 * @param {Packed} right
 * @param {number} strip  Where the four columns begin.
 * @param {Float64Array} sums  Takes the sixteen.
 */
// prettier-ignore
function sixteen({ values, first, row, column }, i, tall, right, strip, sums) {
  const { values: packed, depth } = right;
  const last = first + (i + tall - 1) * row;
  let p = first + i * row;
  let q = Math.min(p + row, last), r = Math.min(p + 2 * row, last), s = Math.min(p + 3 * row, last);
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
  let s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
  for (let k = 0, place = strip; k < depth; k++, place += STRIP) {
    const a = values[p], b = values[q], c = values[r], d = values[s];
    const w = packed[place], x = packed[place + 1], y = packed[place + 2], z = packed[place + 3];
    s0 += a * w; s1 += a * x; s2 += a * y; s3 += a * z;
    s4 += b * w; s5 += b * x; s6 += b * y; s7 += b * z;
    s8 += c * w; s9 += c * x; s10 += c * y; s11 += c * z;
    s12 += d * w; s13 += d * x; s14 += d * y; s15 += d * z;
    p += column; q += column; r += column; s += column;
  }
  sums[0] = s0; sums[1] = s1; sums[2] = s2; sums[3] = s3;
  sums[4] = s4; sums[5] = s5; sums[6] = s6; sums[7] = s7;
  sums[8] = s8; sums[9] = s9; sums[10] = s10; sums[11] = s11;
  sums[12] = s12; sums[13] = s13; sums[14] = s14; sums[15] = s15;
}
