// Remembers in this browser where the reader was and what he has done, and shows it in the side bar and on the
// first page. Nothing leaves the browser. It imports nothing and runs from a file, too. `kept` and `keep` serve the
// other scripts of a page as `courseMemory`.
//
// Keys: alexnet-course:place:06_pooling  {"id", "title", "read"}: the section read last; whether its end was seen
//       alexnet-course:score:06_pooling  {"right", "of"}: the quiz, as quiz.js keeps it
//       alexnet-course:exercises:06_pooling  the same of its exercises, as exercises.js keeps it
//       alexnet-course:answer:06.1, alexnet-course:code:06.3  {"text", "passed"}: what was written in an exercise
//       alexnet-course:last              the chapter that was open last
{
  const PREFIX = "alexnet-course:";
  const WAIT = 400; // milliseconds without scrolling: so long a section stands still before it counts as read

  /** @typedef {{ id: string, title: string, read: boolean }} Place */
  /** @typedef {{ right: number, of: number }} Score */

  /**
   * What is kept under a key, or null where nothing is or it was written by somebody else.
   * @param {string} key
   */
  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {string} key @param {unknown} value */
  function keep(key, value) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // a full or blocked storage: the page works as before
    }
  }

  /** @type {any} */ (globalThis).courseMemory = { kept, keep };

  /** @returns {string[]} the keys of all that the course keeps */
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  /** @param {string} address @returns {string | undefined} the chapter at an address, such as 06_pooling */
  const chapterAt = (address) => /\/notebooks\/(\d\d_\w+)\.html/.exec(address)?.[1];

  /** @param {string} chapter @returns {Place | null} */
  function placeIn(chapter) {
    const place = kept(`place:${chapter}`);
    return place && typeof place.id === "string" && typeof place.title === "string" ? place : null;
  }

  /** @param {string} chapter @param {string} what @returns {Score | null} */
  function scoreOf(chapter, what = "score") {
    const score = kept(`${what}:${chapter}`);
    return score && Number.isInteger(score.right) && score.of > 0 ? score : null;
  }

  /** The links of the side bar to chapters. @returns {{ link: HTMLAnchorElement, chapter: string }[]} */
  function links() {
    const found = document.querySelectorAll(".bd-links a");
    return [...found].flatMap((link) => {
      const chapter = link instanceof HTMLAnchorElement && chapterAt(link.href);
      return chapter ? [{ link, chapter }] : [];
    });
  }

  /**
   * Builds an element.
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {object} properties
   * @param {(Node | string)[]} children
   * @returns {HTMLElementTagNameMap[Name]}
   */
  function make(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /** Puts beside each chapter of the side bar what was done in it. */
  function showProgress() {
    for (const { link, chapter } of links()) {
      link.querySelector(".done")?.remove();
      const read = placeIn(chapter)?.read,
        quiz = scoreOf(chapter),
        exercises = scoreOf(chapter, "exercises");
      if (!quiz && !exercises && !read) continue;
      const words = [
        read && "read",
        exercises && `exercises ${exercises.right} of ${exercises.of}`,
        quiz && `quiz ${quiz.right} of ${quiz.of}`,
      ];
      const said = words.filter(Boolean).join(", ");
      const signs = [exercises, quiz].map((score) => score && `${score.right}/${score.of}`);
      const seen = make("span", {}, [...signs, read && "✓"].filter(Boolean).join(" "));
      seen.setAttribute("aria-hidden", "true");
      const done = make("span", { className: "done", title: said }, seen);
      done.append(make("span", { className: "visually-hidden" }, ` (${said})`));
      link.append(done);
    }
  }

  /**
   * Keeps the section that the reader is at, and whether he came to the summary.
   * @param {string} chapter
   */
  function follow(chapter) {
    const sections = [...document.querySelectorAll("main section[id] > h2")];
    /** @type {number | undefined} */
    let timer;
    const look = () => {
      const here = sections.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).at(-1);
      const section = here?.closest("section");
      if (!here || !section) return;
      const title = (here.firstChild?.textContent ?? "").trim();
      const read = placeIn(chapter)?.read || sections.indexOf(here) >= sections.length - 2; // summary, references
      keep(`place:${chapter}`, { id: section.id, title, read });
      keep("last", chapter);
      showProgress();
    };
    addEventListener(
      "scroll",
      () => {
        clearTimeout(timer);
        timer = setTimeout(look, WAIT);
      },
      { passive: true },
    );
  }

  /** Hands everything that is kept to the reader, as a file. */
  function save() {
    const all = Object.fromEntries(keys().map((key) => [key, localStorage.getItem(key)]));
    const file = new Blob([JSON.stringify(all, null, 1)], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: "alexnet-course-progress.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /**
   * Shows where the reader was and what he has done, where there is anything.
   * @param {Element} box
   */
  function show(box) {
    const known = links();
    const last = known.find(({ chapter }) => chapter === kept("last"));
    const place = last && placeIn(last.chapter);
    if (!last || !place) return;
    const start = [...box.childNodes];
    const next = known[known.indexOf(last) + 1];
    const over = next && place.read && ["summary", "references"].includes(place.id); // then the next chapter follows
    const { link } = over ? next : last;
    const name = (link.firstChild?.textContent ?? "").trim();
    const go = make("a", { className: "continue" });
    go.href = link.href.split("#")[0] + (over ? "" : `#${place.id}`);
    go.append(`Continue: chapter ${name}${over ? "" : `, ${place.title}`}`);
    const read = known.filter(({ chapter }) => placeIn(chapter)?.read).length;
    const sum = (/** @type {string} */ what, /** @type {string} */ name) => {
      const scores = known.flatMap(({ chapter }) => scoreOf(chapter, what) ?? []);
      const right = scores.reduce((before, score) => before + score.right, 0),
        of = scores.reduce((before, score) => before + score.of, 0);
      return of ? `, ${right} of ${of} ${name}` : "";
    };
    const done = sum("exercises", "exercises passed") + sum("score", "quiz questions right");
    const said = make("summary", {}, `Read to the end: ${read} of ${known.length} chapters${done}.`);
    const forget = make("button", { type: "button" }, "Forget all");
    const buttons = make("p", { className: "buttons" });
    buttons.append(make("button", { type: "button", onclick: save }, "Save as a file"), " ", forget);
    buttons.append(" All of it stays in this browser.");
    forget.onclick = () => {
      if (forget.dataset.sure === undefined) {
        forget.dataset.sure = "";
        forget.textContent = "Forget places and answers: sure?";
        return;
      }
      keys().forEach((key) => localStorage.removeItem(key));
      box.replaceChildren(...start);
      showProgress();
    };
    forget.onblur = () => {
      delete forget.dataset.sure;
      forget.textContent = "Forget all";
    };
    box.replaceChildren(make("p", {}, go), make("details", { className: "said" }, said, buttons));
  }

  showProgress();
  const chapter = chapterAt(location.href);
  if (chapter) follow(chapter);
  document.querySelectorAll(".memory").forEach(show);
  // Another tab, or the quiz of this page, has kept something.
  addEventListener("storage", showProgress);
  addEventListener("alexnet-course:score", showProgress);
}
