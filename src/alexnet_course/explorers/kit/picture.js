/**
 * A reader's picture in the form of the course's photographs, as `open_picture` (data/pictures.py) makes it: turned
 * upright, on white where it is transparent, the first frame of an animation, the shorter side 256 pixels. Runs in a
 * worker. What cannot be right is refused in words.
 */

const SHORTER_SIDE = 256;
const SMALLEST = 32; // smaller pictures hold too little to name anything
const MOST_PIXELS = 64_000_000; // larger ones fill the memory
const LONGEST_STRIP = 10; // only a square is looked at: of a longer strip it shows next to nothing
const LARGEST_FILE = 200_000_000; // bytes
const PORTION = 1 << 20; // pixels that are read at a time

/** @typedef {{ height: number, width: number, pixels: Uint8Array }} Picture red, green and blue of each pixel */
/** @typedef {{ whole: boolean, width?: number, height?: number }} Header what the bytes of a file say of it */

/**
 * Reads a picture; yields the share that is done.
 *
 * @param {Blob | ImageBitmap} source
 * @returns {AsyncGenerator<number, Picture>}
 */
export async function* readPicture(source) {
  const bitmap = source instanceof Blob ? await decoded(source) : source;
  try {
    refuse(bitmap);
    return yield* scaled(bitmap);
  } finally {
    bitmap.close();
  }
}

/** @param {Blob} file */
async function decoded(file) {
  if (file.size > LARGEST_FILE) throw new Error("The file is too large to be a picture.");
  const { whole, width, height } = header(new DataView(await file.arrayBuffer()));
  if (width && height) refuse({ width, height }); // before it fills the memory
  if (!whole) throw new Error("The picture is truncated: its file ends too early.");
  return createImageBitmap(file).catch(() => {
    throw new Error(
      "This is no picture in a format that this browser reads, or it is damaged. Try a PNG or JPEG file.",
    );
  });
}

/**
 * Throws if a picture is too small, too large or too long.
 *
 * @param {{ width: number, height: number }} size
 */
function refuse({ width, height }) {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  const start = `The picture has ${width} × ${height} pixels; `;
  if (short < SMALLEST) throw new Error(`${start}its shorter side must have at least ${SMALLEST}.`);
  if (width * height > MOST_PIXELS)
    throw new Error(`${start}at most ${MOST_PIXELS.toLocaleString("en-US")} can be read.`);
  if (long > LONGEST_STRIP * short)
    throw new Error(`${start}the longer side must be at most ${LONGEST_STRIP} times the shorter.`);
}

// ---- headers: browsers show a file that ends too early as far as it goes, and say nothing

/**
 * What the bytes of a file say of its size and of its end; more may follow after that. Of a format that is not known
 * here it is the browser that judges.
 *
 * @param {DataView} file
 * @returns {Header}
 */
export function header(file) {
  const starts = (/** @type {string} */ text) =>
    file.byteLength > text.length + 24 &&
    [...text].every((sign, at) => file.getUint8(at) === sign.charCodeAt(0));
  if (starts("\x89PNG")) return png(file);
  if (starts("\xff\xd8")) return jpeg(file);
  if (starts("RIFF")) return { whole: file.getUint32(4, true) + 8 <= file.byteLength };
  if (starts("BM")) return { whole: file.getUint32(2, true) <= file.byteLength };
  if (starts("GIF8")) return gif(file);
  return { whole: true };
}

/**
 * A PNG file is a row of chunks: length, name, content, checksum.
 *
 * @param {DataView} file
 * @returns {Header}
 */
function png(file) {
  let at = 8;
  while (at + 12 <= file.byteLength && file.getUint32(at + 4) !== 0x49454e44) at += 12 + file.getUint32(at); // IEND
  return { whole: at + 12 <= file.byteLength, width: file.getUint32(16), height: file.getUint32(20) };
}

/**
 * A GIF file is a row of blocks, each followed by portions: length, content; one of length 0 is the last. A block of
 * another kind than an image or an extension is the file's end; what stands after it is not looked at.
 *
 * @param {DataView} file
 * @returns {Header}
 */
function gif(file) {
  const bytes = new Uint8Array(file.buffer);
  const colours = (/** @type {number} */ flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0); // bytes of the table
  let at = 13 + colours(bytes[10]);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind !== 0x2c && kind !== 0x21) return { whole: true };
    at += kind === 0x2c ? 11 + colours(bytes[at + 9]) : 2;
    while (bytes[at]) at += 1 + bytes[at];
    at++;
  }
  return { whole: false };
}

/**
 * A JPEG file is a row of segments: 0xff, kind, length, content; any number of 0xff may stand before the kind. After
 * the last begin the pixels, in which 0xff 0xd9, the end, cannot occur.
 *
 * @param {DataView} file
 * @returns {Header}
 */
function jpeg(file) {
  const bytes = new Uint8Array(file.buffer);
  /** @type {Header} */
  const found = { whole: false };
  for (let at = 2; at + 9 < bytes.length;) {
    const kind = bytes[at + 1];
    if (kind === 0xff) {
      at++;
      continue;
    }
    const sizes = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind); // of the frame
    if (sizes) Object.assign(found, { height: file.getUint16(at + 5), width: file.getUint16(at + 7) });
    at += 2 + file.getUint16(at + 2);
    if (kind !== 0xda) continue;
    while (at >= 0 && bytes[at + 1] !== 0xd9) at = bytes.indexOf(0xff, at + 1);
    return { ...found, whole: at >= 0 };
  }
  return found;
}

// ---- scaling: the triangle filter of Pillow, columns first, then rows

/**
 * The whole number nearest to x; of two the even one, as in Python.
 *
 * @param {number} x
 */
const nearest = (x) => (Math.round(x) - x === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

/**
 * Which of `from` pixels each of `to` pixels is made of, and with what weights.
 *
 * @param {number} from
 * @param {number} to
 */
function weights(from, to) {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const middle = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - reach + 0.5));
    const last = Math.min(from, Math.trunc(middle + reach + 0.5));
    const raw = Array.from({ length: last - first }, (_, j) =>
      Math.max(0, 1 - Math.abs((first + j + 0.5 - middle) / reach)),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, shares: Float64Array.from(raw, (weight) => weight / sum) };
  });
}

/**
 * @param {ImageBitmap} bitmap
 * @returns {Generator<number, Picture>}
 */
function* scaled(bitmap) {
  const { width: from, height: lines } = bitmap;
  const scale = SHORTER_SIDE / Math.min(from, lines);
  const [width, height] = [from, lines].map((side) => Math.max(SHORTER_SIDE, nearest(side * scale)));
  const columns = weights(from, width);
  const narrow = new Uint8ClampedArray(lines * width * 3); // rounds as it is written
  const tall = Math.min(lines, Math.max(1, Math.floor(PORTION / from)));
  const canvas = new OffscreenCanvas(from, tall);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives a worker nothing to draw on.");
  for (let top = 0; top < lines; top += tall) {
    yield top / lines;
    const count = Math.min(tall, lines - top);
    context.fillStyle = "white";
    context.fillRect(0, 0, from, count);
    context.drawImage(bitmap, 0, top, from, count, 0, 0, from, count);
    const { data } = context.getImageData(0, 0, from, count);
    for (let line = 0, to = top * width * 3; line < count; line++) {
      for (const { first, shares } of columns) {
        let red = 0,
          green = 0,
          blue = 0;
        for (let j = 0, at = 4 * (line * from + first); j < shares.length; j++, at += 4) {
          red += shares[j] * data[at];
          green += shares[j] * data[at + 1];
          blue += shares[j] * data[at + 2];
        }
        narrow[to++] = red;
        narrow[to++] = green;
        narrow[to++] = blue;
      }
    }
  }
  const pixels = new Uint8ClampedArray(height * width * 3);
  const sums = new Float64Array(width * 3);
  weights(lines, height).forEach(({ first, shares }, row) => {
    sums.fill(0);
    shares.forEach((share, j) => {
      const start = (first + j) * sums.length;
      for (let i = 0; i < sums.length; i++) sums[i] += share * narrow[start + i];
    });
    pixels.set(sums, row * sums.length);
  });
  return { height, width, pixels: new Uint8Array(pixels.buffer) };
}
