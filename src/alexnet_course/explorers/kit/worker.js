/**
 * Work beside the page, so that the page stays free: both ends of a Worker.
 *
 * A module of its own holds the tasks and hands them to `serve`. A task is a generator, plain or async: what it yields
 * is progress, what it returns is the answer, and what it throws arrives as an error in words. It can be stopped
 * where it yields.
 *
 *     serve({ *count({ to }) { for (let i = 1; i < to; i++) yield i; return to; } });        // in kit/counting.js
 *
 * The page starts the worker from the text of that module, into which `inline` (base.py) puts all that it imports:
 *
 *     import SOURCE from "./kit/counting.js" with { type: "text" };
 *     const worker = startWorker(SOURCE);
 *     const answer = await worker.ask("count", { to: 9 }, { progress: (i) => page.say(`${i} …`), signal });
 *
 * A text works wherever an explorer does: the code of a notebook has no address, and a page that was opened from a
 * file (file://) may start no worker from an address.
 */

/** What a reader is told where no worker can be started. */
export const REFUSED =
  "This page can start no worker, which would do the computing: the browser has none, or something here forbids it.";

/** What is told to whoever waits for an answer when the worker ends: nobody is to wait for ever. */
export const ENDED = "The work was ended before it was done.";

/**
 * @typedef {object} Asked
 * @property {(answer: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {(step: any) => void} progress
 */

/**
 * Asks for a task, and gives its answer. `transfer` names the parts of the input that go over without a copy.
 *
 * @callback Ask
 * @param {string} task
 * @param {any} [input]
 * @param {{ progress?: (step: any) => void, signal?: AbortSignal, transfer?: Transferable[] }} [more]
 * @returns {Promise<any>}
 */

/** @typedef {{ ask: Ask, end: () => void }} Beside a worker; when it ends, what was still asked fails with `ENDED` */

/**
 * Starts a worker.
 *
 * @param {string} source the text of its module
 * @returns {Beside}
 */
export function startWorker(source) {
  const address = URL.createObjectURL(new Blob(['"use strict";\n', source], { type: "text/javascript" }));
  /** @type {Map<number, Asked>} */
  const asked = new Map();
  let count = 0;
  /** @type {Worker | undefined} */
  let worker;

  const fail = (/** @type {string} */ words) => {
    worker?.terminate();
    worker = undefined;
    for (const { reject } of asked.values()) reject(new Error(words));
    asked.clear();
  };
  try {
    worker = new Worker(address);
    worker.onmessage = ({ data }) => {
      const one = asked.get(data.id);
      if ("step" in data) return one?.progress(data.step);
      asked.delete(data.id);
      if ("error" in data) one?.reject(new Error(data.error));
      else one?.resolve(data.answer);
    };
    worker.onerror = (event) => fail(event.message || REFUSED); // a policy that forbids it gives no message
  } catch {
    // a browser without workers, or one that refuses at once: every question is answered by saying so
  }

  /** @type {Ask} */
  const ask = (task, input, { progress = () => {}, signal, transfer = [] } = {}) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (!worker) throw new Error(REFUSED);
      const id = count++;
      asked.set(id, { resolve, reject, progress });
      worker.postMessage({ id, task, input }, transfer);
      const stop = () => {
        if (!asked.delete(id)) return;
        worker?.postMessage({ id, stop: true });
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", stop, { once: true });
    });

  return {
    ask,
    end() {
      fail(ENDED);
      URL.revokeObjectURL(address);
    },
  };
}

/**
 * Answers what a page asks, in the worker.
 *
 * @param {Record<string, (input: any) => Generator<any, any> | AsyncGenerator<any, any>>} tasks
 */
export function serve(tasks) {
  /** @type {Map<number, Generator | AsyncGenerator>} */
  const running = new Map();
  // A message to itself lets those of the page come first; a timer would wait four milliseconds each time.
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const paused = [];
  port1.onmessage = () => paused.shift()?.();
  const pause = () =>
    new Promise((/** @type {(value?: any) => void} */ go) => {
      paused.push(go);
      port2.postMessage(null);
    });

  self.onmessage = async ({ data: { id, task, input, stop } }) => {
    if (stop) return running.delete(id);
    try {
      const steps = tasks[task](input);
      running.set(id, steps);
      for (;;) {
        const { value, done } = await steps.next();
        self.postMessage(done ? { id, answer: value } : { id, step: value });
        if (done) break;
        await pause();
        if (!running.has(id)) return steps.return(undefined);
      }
    } catch (error) {
      self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
    running.delete(id);
  };
}
