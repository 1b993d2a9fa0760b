/**
 * Brings the explorers of a published page to life without a kernel. Each figure carries its state; a small model
 * plays the part that Python plays in a notebook. A page loads the modules of its own explorers and no others.
 */

/** What anywidget's model is to an explorer, and an address for every setting. */
export class Model {
  /** `traits` says for each setting what it may be, and how a link writes it (traits.js). */
  constructor(state, id, traits) {
    Object.assign(this, { first: state, state: { ...state }, id, traits, listeners: {} });
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    for (const listener of [...(this.listeners[`change:${name}`] ?? [])]) listener();
  }

  on(event, listener) {
    (this.listeners[event] ??= []).push(listener);
  }
  off(event, listener) {
    this.listeners[event] = (this.listeners[event] ?? []).filter((other) => other !== listener);
  }
  save_changes() {}

  /** Puts the present setting into the address bar, only what differs from the page: #explorer-x?stride=2. */
  link() {
    const changed = Object.keys(this.traits).filter(
      (name) => JSON.stringify(this.state[name]) !== JSON.stringify(this.first[name]),
    );
    const query = changed
      .map((name) => `${name}=${encodeURIComponent(this.traits[name].write(this.state[name]))}`)
      .join("&");
    history.replaceState(null, "", `#${this.id}${query && "?"}${query}`);
    return location.href;
  }

  /** Takes over the setting of a link, the rest as the page began; returns the names that it could not use. */
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

/** What stands after # in the address: the id of an explorer and its setting. Some programs encode all of it. */
function address() {
  const hash = location.hash.slice(1);
  const [id, ...query] = (hash.includes("?") ? hash : decoded(hash)).split("?");
  return { id, query: query.join("?") };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no encoding at all
  }
}

/** A quiet word above an explorer whose link could not be followed to the letter. */
function note(figure, refused) {
  figure.querySelector(".explorer-note")?.remove();
  if (!refused.length) return;
  const words = document.createElement("p");
  words.className = "explorer-note";
  words.setAttribute("role", "status");
  words.textContent = `Part of this link could not be used (${refused.map((name) => name.slice(0, 40)).join(", ")}); the rest is as it says.`;
  figure.prepend(words);
}

/** The still picture, for print.css: a page on paper shows what its text speaks of, and no controls. */
function onPaper(picture) {
  const still = document.createElement("div");
  still.className = "explorer-still";
  still.hidden = true;
  still.append(...picture);
  return still;
}

/** An explorer by its name: one that a script of the page has brought (tools/offline.py), or the module beside. */
async function find(name) {
  return globalThis.courseExplorers?.[name] ?? (await import(`./${name}.js`)).default;
}

async function mount(figure, load) {
  const picture = [...figure.childNodes]; // stays if anything goes wrong
  try {
    if (!/^[a-z_]+$/.test(figure.dataset.explorer))
      throw new Error(`no explorer is called ${figure.dataset.explorer}`);
    const explorer = await load(figure.dataset.explorer);
    const model = new Model(JSON.parse(figure.dataset.state), figure.id, explorer.traits);
    const follow = () => {
      const { id, query } = address();
      if (id !== figure.id) return;
      note(figure, model.follow(query));
      figure.scrollIntoView();
    };
    figure.replaceChildren();
    explorer.render({ model, el: figure });
    figure.append(onPaper(picture));
    follow();
    addEventListener("hashchange", follow);
  } catch (error) {
    figure.replaceChildren(...picture);
    figure.classList.add("still");
    console.error(error);
  }
}

/** Mounts every explorer of the page, each with an id that a link can name; `load` gives an explorer by its name. */
export function mountAll(load = find) {
  const seen = {};
  return Promise.all(
    [...document.querySelectorAll("figure[data-explorer]")].map((figure) => {
      const name = figure.dataset.explorer,
        count = (seen[name] = (seen[name] ?? 0) + 1);
      figure.id ||= `explorer-${name}${count > 1 ? `-${count}` : ""}`;
      return mount(figure, load);
    }),
  );
}

await mountAll();
