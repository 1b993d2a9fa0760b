// One Python for all exercises of a page: started in a worker when a reader first asks, stopped with it. The worker
// stands below lite/, with the notebooks that run in the browser: it has their policy, their Pyodide and their copy
// of the course, as tools/lite.py wrote them down.

const SITE = new URL("../", import.meta.url);
const INSTEAD = "Write your answer in the notebook meanwhile.";

/** @typedef {{ pyodide: string, packages: string[], wheel: string, megabytes: number }} Settings */
/** @typedef {{ passed: boolean, text: string }} Answer */
/**
 * What is told while somebody waits.
 *
 * @typedef {object} Listener
 * @property {(megabytes: number, of: number) => void} arrives how much of Python is here, and of about how much
 * @property {() => void} starts all of it is here, and runs the code now
 * @property {(text: string) => void} prints what the code has printed
 */

/** Stopped by the reader. */
export class Stopped extends Error {}

/** @type {Worker | null} */
let worker = null;
let ready = false;
/** @type {{ number: string, listener: Listener, resolve: (answer: Answer) => void, reject: (error: Error) => void } | null} */
let asked = null;
let stops = 0;
/** @type {Promise<Settings> | null} */
let known = null;

/** @returns {Promise<Settings>} */
async function read() {
  const answer = await fetch(new URL("lite/lite-python.json", SITE)).catch(() => null);
  if (!answer) throw new Error(`The site cannot be reached. ${INSTEAD}`);
  if (!answer.ok)
    throw new Error("This copy of the site comes without Python: write your answer in the notebook.");
  return answer.json();
}

/**
 * Where Python comes from, and how large it is.
 * @returns {Promise<Settings & { host: string }>}
 */
export async function settings() {
  try {
    const found = await (known ??= read());
    return { ...found, host: new URL(found.pyodide, SITE).host };
  } catch (error) {
    known = null; // the next one asks again
    throw error;
  }
}

/** Ends the worker, and tells why whoever waits for it. @param {Error} error */
function end(error) {
  worker?.terminate();
  worker = null;
  ready = false;
  const waiting = asked;
  asked = null;
  waiting?.reject(error);
}

/** @param {Settings & { host: string }} from */
function begin(from) {
  const refused = () => end(new Error(`This page may start no Python in this browser. ${INSTEAD}`));
  try {
    worker = new Worker(new URL("lite/lite-python.js", SITE), { type: "module" });
  } catch {
    refused();
    return;
  }
  const started = worker;
  worker.onerror = refused;
  worker.onmessage = ({ data }) => {
    if (worker !== started) return; // it was ended, and had something on the way
    if (data.arrived) asked?.listener.arrives(data.arrived / 1e6, from.megabytes);
    if (data.printed) asked?.listener.prints(data.printed);
    if (data.ready) {
      ready = true;
      asked?.listener.starts();
    }
    if (data.answer) {
      const waiting = asked;
      asked = null;
      waiting?.resolve(data.answer);
    }
    if (data.failed) {
      const broken = `Python broke off (${data.failed}). The next check starts it anew.`;
      const away =
        `Python did not arrive from ${from.host} (${data.failed}): the network is away, or something keeps it ` +
        `from the browser. Your code is kept. ${INSTEAD}`;
      end(new Error(ready ? broken : away));
    }
  };
  worker.postMessage({ settings: from });
}

/**
 * Runs and checks the code of an exercise.
 *
 * @param {{ number: string, [part: string]: unknown }} task what practice/page.py takes
 * @param {Listener} listener
 * @returns {Promise<Answer>}
 */
export async function check(task, listener) {
  const before = stops;
  const from = await settings();
  if (stops !== before) throw new Stopped();
  if (asked) throw new Error(`Python is busy with ${asked.number}: wait for it, or stop it there.`);
  return new Promise((resolve, reject) => {
    asked = { number: task.number, listener, resolve, reject };
    if (ready) listener.starts();
    if (!worker) begin(from);
    worker?.postMessage({ task: JSON.stringify(task) });
  });
}

/** Stops the code that runs, or the start; the next check starts Python anew. */
export function stop() {
  stops++;
  end(new Stopped());
}
