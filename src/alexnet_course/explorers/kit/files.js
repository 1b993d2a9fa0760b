/**
 * Loads the files of files.py, each when its reader asks for it and once for a page, and checks that it is the one
 * that was meant.
 */
import { bytesOf } from "./bytes.js";
import FILES from "../made/files.json" with { type: "json" };

/** @typedef {import("./page.js").Model} Model */
/** @typedef {{ bytes: number, sha256: string }} Known */
/** @typedef {(share: number) => void} Progress told what share has come, from 0 to 1 */

/** What the page has loaded or is loading, for all its explorers; and what the scripts of the zip bring. */
const loaded = /** @type {{ courseFiles?: Record<string, Promise<ArrayBuffer>> }} */ (globalThis);
const texts = /** @type {{ courseTexts?: Record<string, string> }} */ (globalThis);

/**
 * How many bytes a file has.
 *
 * @param {string} name
 * @returns {number}
 */
export const sizeOf = (name) => known(name).bytes;

/**
 * Loads a file.
 *
 * @param {Model} model
 * @param {string} name
 * @param {Progress} [progress]
 * @returns {Promise<ArrayBuffer>} belongs to the page: who changes it takes a copy
 */
export function loadFile(model, name, progress = () => {}) {
  const files = (loaded.courseFiles ??= {});
  return (files[name] ??= load(model, name, progress).catch((error) => {
    delete files[name]; // it may come when it is asked for again
    throw error;
  }));
}

/**
 * @param {Model} model
 * @param {string} name
 * @param {Progress} progress
 */
async function load(model, name, progress) {
  const file = known(name);
  const address = model.address?.(`files/${name}`);
  if (!address) return checked(await fromPython(model, name), name, file);
  if (address.startsWith("file:")) return checked(await fromScript(`${address}.js`, name), name, file);
  return checked(await fromSite(address, name, file.bytes, progress), name, file);
}

/**
 * @param {string} name
 * @returns {Known}
 */
function known(name) {
  return /** @type {Record<string, Known>} */ (FILES)[name];
}

/**
 * Over the network, piece by piece.
 *
 * @param {string} address
 * @param {string} name
 * @param {number} size
 * @param {Progress} progress
 */
async function fromSite(address, name, size, progress) {
  const answer = await fetch(address).catch(() => {
    throw new Error(`${name} did not come: there is no connection to this site.`);
  });
  if (!answer.ok || !answer.body) throw new Error(`${name} did not come: the site answers ${answer.status}.`);
  const bytes = new Uint8Array(size);
  const reader = answer.body.getReader();
  let count = 0;
  for (;;) {
    const { value, done } = await reader.read().catch(() => {
      throw new Error(`${name} did not come to its end: the connection broke.`);
    });
    if (done) break;
    if (count + value.length > size) throw new Error(strange(name));
    bytes.set(value, count);
    count += value.length;
    progress(count / size);
  }
  if (count < size) throw new Error(strange(name));
  return bytes.buffer;
}

/**
 * From a script beside a page that was opened from a file: such a page may fetch nothing else.
 *
 * @param {string} address
 * @param {string} name
 */
async function fromScript(address, name) {
  const script = document.createElement("script");
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${name} is not beside this page.`));
    script.src = address;
    document.head.append(script);
  });
  script.remove();
  const { buffer } = bytesOf(texts.courseTexts?.[name] ?? "");
  delete texts.courseTexts?.[name];
  return buffer;
}

/**
 * From the Python of a notebook (base.py).
 *
 * @param {Model} model
 * @param {string} name
 * @returns {Promise<ArrayBuffer>}
 */
function fromPython(model, name) {
  return new Promise((resolve, reject) => {
    if (!model.send)
      return reject(new Error(`${name} cannot come: no Python and no site is behind this page.`));
    /** @type {(content: any, buffers: DataView[]) => void} */
    const take = (content, [view]) => {
      if (content.file !== name) return;
      model.off("msg:custom", take);
      resolve(new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer);
    };
    model.on("msg:custom", take);
    model.send({ file: name });
  });
}

/**
 * A file that is the one that was meant; browsers compute a SHA-256 on https, on this machine and from files only,
 * and elsewhere its length has to do.
 *
 * @param {ArrayBuffer} bytes
 * @param {string} name
 * @param {Known} file
 */
async function checked(bytes, name, file) {
  let right = bytes.byteLength === file.bytes;
  if (right && globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    right = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
  }
  if (!right) throw new Error(strange(name));
  return bytes;
}

/** @param {string} name */
const strange = (name) =>
  `${name} is not the file that was meant: it is truncated, altered, or of another version of the course.`;
