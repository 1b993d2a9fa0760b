/**
 * Brings the explorers of a published page to life without a kernel. Each figure carries its state; a small model
 * plays the part that Python plays in a notebook. A page loads the modules of its own explorers and no others.
 */

/** @typedef {Record<string, any>} State every setting by its name */

/**
 * What a module of an explorer gives.
 *
 * @typedef {object} Explorer
 * @property {Record<string, Kind>} traits for each setting what it may be, and how a link writes it (traits.js)
 * @property {(place: { model: Model, el: HTMLElement }) => unknown} render
 */

/** @typedef {{ read: (text: string) => any, write: (value: any) => string }} Kind */
/** @typedef {(name: string) => Promise<Explorer>} Load gives an explorer by its name */

/** What anywidget's model is to an explorer, and an address for every setting. */
export class Model {
  /**
   * @param {State} state
   * @param {string} id of the figure
   * @param {Record<string, Kind>} traits
   */
  constructor(state, id, traits) {
    this.first = state;
    this.state = { ...state };
    this.id = id;
    this.traits = traits;
    /** @type {Record<string, (() => void)[]>} */
    this.listeners = {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  get(name) {
    return this.state[name];
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    for (const listener of [...(this.listeners[`change:${name}`] ?? [])]) listener();
  }

  /**
   * @param {string} event
   * @param {() => void} listener
   */
  on(event, listener) {
    (this.listeners[event] ??= []).push(listener);
  }

  /**
   * @param {string} event
   * @param {() => void} listener
   */
  off(event, listener) {
    this.listeners[event] = (this.listeners[event] ?? []).filter((other) => other !== listener);
  }

  /** Keeps the setting over a reload, once the hand rests: browsers refuse to be told of every step of a drag. */
  save_changes() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(), 250);
  }

  /** Does so now, if anything has been set. */
  keep() {
    clearTimeout(this.waiting);
    if (this.waiting === undefined) return;
    const explorers = { ...kept(), [this.id]: this.query() };
    try {
      history.replaceState({ ...history.state, explorers }, "");
    } catch {
      // a frame that may not: then a reload begins anew
    }
  }

  /**
   * The address of a file that the site carries for its explorers.
   *
   * @param {string} file by its path from the folder of this script
   * @returns {string}
   */
  address(file) {
    const script = /** @type {HTMLScriptElement} */ (document.querySelector("script[src*='mount.js']"));
    return new URL(file, script.src).href;
  }

  /**
   * Puts the present setting into the address bar, only what differs from the page: #explorer-x?stride=2.
   *
   * @returns {string} the whole address
   */
  link() {
    const query = this.query();
    history.replaceState(history.state, "", `#${this.id}${query && "?"}${query}`);
    return location.href;
  }

  /**
   * What differs from the page, as a link writes it.
   *
   * @returns {string}
   */
  query() {
    const changed = Object.keys(this.traits).filter(
      (name) => JSON.stringify(this.state[name]) !== JSON.stringify(this.first[name]),
    );
    return changed
      .map((name) => `${name}=${encodeURIComponent(this.traits[name].write(this.state[name]))}`)
      .join("&");
  }

  /**
   * Takes over the setting of a link, the rest as the page began.
   *
   * @param {string} query
   * @returns {string[]} the names that it could not use
   */
  follow(query) {
    const wanted = { ...this.first },
      refused = [];
    for (const [name, text] of new URLSearchParams(query)) {
      const value = Object.hasOwn(this.traits, name) ? this.traits[name].read(text) : undefined;
      if (value === undefined) refused.push(name);
      else wanted[name] = value;
    }
    for (const [name, value] of Object.entries(wanted)) this.set(name, value);
    return refused;
  }
}

/**
 * What the reader set on this page, explorer by explorer: it stands in the browser's history, beside the address,
 * where a reload and the way back find it, and a link to the page does not.
 *
 * @returns {Record<string, string>}
 */
const kept = () => history.state?.explorers ?? {};

/** What stands after # in the address: the id of an explorer and its setting. Some programs encode all of it. */
function address() {
  const hash = location.hash.slice(1);
  const [id, ...query] = (hash.includes("?") ? hash : decoded(hash)).split("?");
  return { id, query: query.join("?") };
}

/**
 * @param {string} text
 * @returns {string}
 */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no encoding at all
  }
}

/**
 * A quiet word above an explorer whose link could not be followed to the letter.
 *
 * @param {HTMLElement} figure
 * @param {string[]} refused
 */
function note(figure, refused) {
  figure.querySelector(".explorer-note")?.remove();
  if (!refused.length) return;
  const names = refused.map((name) => name.slice(0, 40)).join(", ");
  tell(figure, `Part of this link could not be used (${names}); the rest is as it says.`);
}

/**
 * @param {HTMLElement} figure
 * @param {string} text
 */
function tell(figure, text) {
  const words = document.createElement("p");
  words.className = "explorer-note";
  words.setAttribute("role", "status");
  words.textContent = text;
  figure.prepend(words);
}

/**
 * The still picture, for print.css: a page on paper shows what its text speaks of, and no controls.
 *
 * @param {Node[]} picture
 * @returns {HTMLElement}
 */
function onPaper(picture) {
  const still = document.createElement("div");
  still.className = "explorer-still";
  still.hidden = true;
  still.append(...picture);
  return still;
}

/**
 * An explorer by its name: one that a script of the page has brought (tools/offline.py), or the module beside.
 *
 * @type {Load}
 */
async function find(name) {
  const { courseExplorers = {} } = /** @type {{ courseExplorers?: Record<string, Explorer> }} */ (globalThis);
  return courseExplorers[name] ?? (await import(`./${name}.js`)).default;
}

/**
 * @param {HTMLElement} figure
 * @param {Load} load
 */
async function mount(figure, load) {
  const picture = [...figure.childNodes]; // stays if anything goes wrong
  const { explorer: name = "", state = "{}", try: task } = figure.dataset;
  try {
    if (!/^[a-z_]+$/.test(name)) throw new Error(`no explorer is called ${name}`);
    const explorer = await load(name);
    const brief = figure.dataset.brief !== undefined;
    const about = { module: name, title: figure.getAttribute("aria-label"), try: task, brief };
    const model = new Model({ ...JSON.parse(state), about }, figure.id, explorer.traits);
    const follow = () => {
      const { id, query } = address();
      if (id !== figure.id) return;
      note(figure, model.follow(query));
      figure.scrollIntoView();
    };
    figure.replaceChildren();
    explorer.render({ model, el: figure });
    figure.append(onPaper(picture));
    const before = kept()[figure.id];
    if (typeof before === "string") {
      model.follow(before);
      model.save_changes();
    } else follow();
    addEventListener("hashchange", () => {
      follow();
      model.keep(); // another entry of the history
    });
    addEventListener("pagehide", () => model.keep());
  } catch (error) {
    figure.replaceChildren(...picture);
    figure.classList.add("still");
    // what the browser lacks, its reader may change
    if (error instanceof Error && error.cause === "browser") tell(figure, error.message);
    else console.error(error);
  }
}

/** The first thing that the reader does. A browser tells of a resting pointer too, once a page lies under it. */
const begun = new Promise((resolve) => {
  /** @param {Event} event */
  const begin = (event) => {
    if (event.type === "pointermove") {
      const { movementX, movementY } = /** @type {PointerEvent} */ (event);
      if (!movementX && !movementY) return;
    }
    resolve(null);
  };
  for (const type of ["scroll", "pointermove", "pointerdown", "keydown"])
    addEventListener(type, begin, { passive: true });
});

/**
 * Whether a figure stands on the first screen. The browser says so once it has drawn one, so that the page is not
 * laid out for the answer alone.
 *
 * @param {HTMLElement} figure
 * @returns {Promise<boolean>}
 */
const onFirstScreen = (figure) =>
  new Promise((resolve) => {
    new IntersectionObserver(([entry], observer) => {
      observer.disconnect();
      resolve(entry.boundingClientRect.top <= innerHeight);
    }).observe(figure);
  });

/**
 * Puts on the sheet of the explorers, where the site has one (course_styles.py). Nothing has waited for it; asked
 * for before it is here, it would keep the page from being drawn.
 */
async function dress() {
  const sheet = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[data-later]"));
  if (!sheet) return;
  if (!sheet.sheet)
    await new Promise((resolve) => {
      sheet.addEventListener("load", resolve);
      sheet.addEventListener("error", resolve);
    });
  sheet.media = "all";
}

/**
 * Mounts every explorer of the page, each with an id that a link can name. Those on the first screen, and those of
 * a link, come at once; the others, whose modules may be large, when the reader begins to do something.
 *
 * @param {Load} [load]
 * @returns {Promise<void[]>} kept when all are there
 */
export function mountAll(load = find) {
  /** @type {Record<string, number>} */
  const seen = {};
  /** @type {NodeListOf<HTMLElement>} */
  const figures = document.querySelectorAll("figure[data-explorer]");
  const dressed = dress();
  return Promise.all(
    [...figures].map(async (figure) => {
      const name = figure.dataset.explorer ?? "",
        count = (seen[name] = (seen[name] ?? 0) + 1);
      figure.id ||= `explorer-${name}${count > 1 ? `-${count}` : ""}`;
      if (!location.hash) await Promise.race([begun, onFirstScreen(figure).then((first) => first || begun)]);
      await dressed;
      await mount(figure, load);
    }),
  );
}

void mountAll();
