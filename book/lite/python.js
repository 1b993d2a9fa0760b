// Python for the exercises of the pages, in a worker of its own; see tools/lite.py and exercise_python.js. What a
// reader's code may ask of a network, the policy of this folder says (book/_headers).

const HOME = new URL("./", self.location.href);
const PAUSE = 100; // milliseconds between two words about what has arrived

/** @typedef {{ pyodide: string, packages: string[], wheel: string }} Settings */

let arrived = 0,
  told = 0;
const plain = self.fetch;

/** Counts what arrives, of whatever Pyodide asks for. @type {typeof fetch} */
self.fetch = async (...asked) => {
  const answer = await plain(...asked);
  if (!answer.ok || !answer.body) return answer;
  const counter = new TransformStream({
    transform(part, through) {
      arrived += part.byteLength;
      if (Date.now() - told > PAUSE) {
        told = Date.now();
        postMessage({ arrived });
      }
      through.enqueue(part);
    },
    flush: () => postMessage({ arrived }),
  });
  return new Response(answer.body.pipeThrough(counter), answer);
};

/** @param {URL} address @returns {Promise<ArrayBuffer>} */
async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address.pathname}: error ${answer.status}`);
  return answer.arrayBuffer();
}

/** @param {string} text */
const show = (text) => postMessage({ printed: text });
/** @param {string} line */
const showLine = (line) => show(`${line}\n`);

/** @param {Settings} settings */
async function start({ pyodide, packages, wheel }) {
  const address = new URL(pyodide, HOME);
  const course = load(new URL(wheel, HOME));
  course.catch(() => {}); // it is awaited below
  const { loadPyodide } = await import(address.href);
  const indexURL = new URL(".", address).href;
  const python = await loadPyodide({ indexURL, packages, stdout: showLine, stderr: showLine });
  python.unpackArchive(await course, "wheel");
  return python.pyimport("alexnet_course.practice.page");
}

/** @param {unknown} error */
const failed = (error) =>
  postMessage({ failed: (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) });

/** @type {Promise<any> | undefined} */
let page;

self.onmessage = async ({ data }) => {
  if (data.settings) {
    page = start(data.settings);
    page.then(() => postMessage({ ready: true }), failed);
    return;
  }
  try {
    const answer = (await page).check(data.task, show);
    postMessage({ answer: JSON.parse(answer) });
  } catch (error) {
    failed(error);
  }
};
