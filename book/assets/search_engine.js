// Which sections answer a query. Loaded with MiniSearch and the data of course_search.py when somebody searches.

/**
 * @typedef {{ address: string, page: string, heading: string, text: string, terms: string, defines: string,
 *   reference: boolean, weight: number }} Section
 * @typedef {{ sections: Section[], synonyms: [string, string][] }} SearchData
 * @typedef {{ section: Section, words: Set<string> }} Found
 * @typedef {(query: string, most?: number) => Found[]} Find
 */

// A classic script: it loads from a file's address too, and search.js sees the variable.
var courseSearch = (() => {
  /** British spelling as American, and words without their endings: what is folded alike is the same word. */
  const SPELLINGS = /** @type {[RegExp, string][]} */ ([
    [/(.{3})is(e|ed|es|er|ers|ing|ation|ations)$/, "$1iz$2"],
    [/(.{3})yz(e|ed|es|er|ers|ing)$/, "$1ys$2"],
    [/(.{2})our(s|ed|ing|less|ful|hood|hoods)?$/, "$1or$2"],
    [/(.{2}[bt])r(e|es|ed)$/, "$1er"],
    [/^centring$/, "center"],
    [/^grey/, "gray"],
    [/(.{3}al|.{3}on)ogue(s)?$/, "$1og$2"],
    [/^programme(s?)$/, "program$1"],
    [/^artefact/, "artifact"],
    [/^(licen|defen|offen)ce/, "$1se"],
    [/(.{3}[eo])ll(ed|ing)$/, "$1l"],
    [/iz(e|ed|es|er|ers|ing|ation|ations)$/, "iz"],
    [/(.{4}at)(e|es|ed|ing|ion|ions)$/, "$1"],
    [/(.{3})ies$/, "$1y"],
    [/(.{2}[^su])s$/, "$1"],
    [/(.{3})(ing|ed)$/, "$1"],
    [/(.{2})([bdgmnprt])\2$/, "$1$2"],
    [/(.{3})e$/, "$1"],
  ]);
  const NUMBER = String.raw`\d+(?:,\d{3})*(?:\.\d+)?`;
  const BY = String.raw`(?:\s?[x×*]\s?|\sby\s)`; // a size, such as 11 × 11 × 3, is a word of its own
  const WORD = new RegExp(`${NUMBER}(?:(?:${BY}${NUMBER})+|\\s?%)?(?![\\p{L}\\p{N}])|[\\p{L}\\p{N}]+`, "gu");
  const SIGN = new RegExp(`(?<=\\d)${BY}(?=\\d)`, "g");
  const TIMES = "×";
  /** What a question is made of, and no section is about. */
  const SAID =
    "a about am an and any are at be but by can could do does doing for from has have how i if in into is it its many me much my not of on one or should so than that the their them then there these they this to use used using vs want was we what what's when where which while who why will with would you your";
  const UNSAID = new Set(SAID.split(" "));
  const BOOST = { defines: 6, page: 4, heading: 5, terms: 2, text: 1 };
  /** @param {Record<string, number>} boost @param {number} factor */
  function times(boost, factor) {
    return Object.fromEntries(Object.entries(boost).map(([field, by]) => [field, by * factor]));
  }
  /** The reader's own words count less where the course has others for it. */
  const LESS = times(BOOST, 1 / 4);
  const AT_MOST = 3; // sections of one page
  const LETTERS = /^\p{L}{4,}$/u; // shorter words, and numbers, are meant as they stand

  /** @type {Map<string, string>} */
  const FOLDED = new Map();

  /**
   * A word as the index knows it.
   *
   * @param {string} word
   * @returns {string}
   */
  function fold(word) {
    const known = FOLDED.get(word);
    if (known !== undefined) return known;
    let folded = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll(",", "");
    if (/^\d/.test(folded)) folded = folded.replace(SIGN, TIMES).replace(/\s/g, "");
    if (/^[a-z]+$/.test(folded))
      for (const [ending, short] of SPELLINGS) folded = folded.replace(ending, short);
    FOLDED.set(word, folded);
    return folded;
  }

  /**
   * What a word is found by: a size by itself, by two sides that stand beside each other, and by each number; a
   * percentage with its sign and without.
   *
   * @param {string} word
   * @returns {string[]}
   */
  function termsOf(word) {
    const whole = fold(word),
      sides = whole.split(TIMES);
    if (whole.endsWith("%")) return [whole, whole.slice(0, -1)];
    if (sides.length === 1) return [whole];
    const pairs = sides.slice(1).map((side, index) => sides[index] + TIMES + side);
    return [...new Set([whole, ...pairs, ...sides])];
  }

  /**
   * The words of a text, in order.
   *
   * @param {string} text
   * @returns {string[]}
   */
  const wordsOf = (text) => text.match(WORD) ?? [];

  /**
   * The words of a text, and where they begin.
   *
   * @param {string} text
   */
  const placesOf = (text) => [...text.matchAll(WORD)].map(({ 0: word, index: start }) => ({ word, start }));

  /**
   * How many slips lie between two words: a letter too many, too few, wrong, or changed with the next.
   *
   * @param {string} one
   * @param {string} other
   * @returns {number}
   */
  function slips(one, other) {
    let before = /** @type {number[]} */ ([]),
      row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const wrong = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
        next[j] = Math.min(wrong, row[j] + 1, next[j - 1] + 1);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
          next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return row[other.length];
  }

  /**
   * What readers' words stand for in a course that has others.
   *
   * @param {Section[]} sections
   * @param {Map<string, number>} spelt the words of the course as they are spelt, and how often
   */
  function mending(sections, spelt) {
    const known = new Set([...spelt.keys()].flatMap(termsOf));
    const together = (/** @type {string} */ words) =>
      sections.some(({ text, heading }) => `${heading} ${text}`.toLowerCase().includes(words));

    /**
     * A word that the course has not: in two, if both are known, or as the known word that it is a slip of.
     *
     * @param {string} word
     * @returns {string[]} as the index knows them
     */
    function mended(word) {
      const [folded, ...parts] = termsOf(word);
      if (known.has(folded) || UNSAID.has(word)) return [folded];
      if (parts.length) return parts.filter((part) => known.has(part));
      const pieces = word.split(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/u);
      if (pieces.length > 1) return pieces.map(fold);
      if (!LETTERS.test(word)) return [folded];
      for (let at = 3; at <= word.length - 3; at += 1) {
        const two = [fold(word.slice(0, at)), fold(word.slice(at))];
        if (two.every((part) => known.has(part))) return two;
      }
      if ([...spelt.keys()].some((other) => other.startsWith(word))) return [folded]; // the reader is still typing
      if (word.length < 5) return [folded]; // too short to be sure
      const most = word.length < 8 ? 1 : 2;
      let best = { word, far: most + 1, often: 0 };
      for (const [other, often] of spelt) {
        if (other[0] !== word[0] || !/^\p{L}{3,}$/u.test(other)) continue; // few slips are at the first letter
        if (Math.abs(other.length - word.length) > most) continue;
        const far = slips(word, other);
        if (far < best.far || (far === best.far && often > best.often)) best = { word: other, far, often };
      }
      return [fold(best.word)];
    }

    /**
     * The words of a query as the index knows them.
     *
     * @param {string} query
     * @returns {string[]}
     */
    return function understood(query) {
      /** @type {string[]} */
      const words = [];
      for (const word of wordsOf(query.toLowerCase())) {
        const before = words.at(-1);
        const one = before && LETTERS.test(before + word) && known.has(fold(before + word));
        if (one && !together(`${before} ${word}`)) words.splice(-1, 1, before + word);
        else words.push(word);
      }
      return words.flatMap(mended);
    };
  }

  const phrase = (/** @type {string} */ text) => ` ${wordsOf(text).map(fold).join(" ")} `;

  /**
   * What was found, best first: the library after all else, and of one page a few sections.
   *
   * @param {{ id: string, score: number, terms: string[] }[]} found
   * @param {Map<string, Section>} sections by address
   * @returns {Found[]}
   */
  function ordered(found, sections) {
    const rank = (/** @type {{ id: string }} */ { id }) => (sections.get(id)?.reference ? 1 : 0);
    const perPage = /** @type {Map<string, number>} */ (new Map());
    return found
      .sort((one, other) => rank(one) - rank(other) || other.score - one.score)
      .map(({ id, terms }) => ({
        section: /** @type {Section} */ (sections.get(id)),
        words: new Set(terms),
      }))
      .filter(({ section }) => {
        const count = (perPage.get(section.page) ?? 0) + 1;
        perPage.set(section.page, count);
        return count <= AT_MOST;
      });
  }

  /**
   * A search through the sections.
   *
   * @param {SearchData} data
   * @returns {Promise<Find>}
   */
  async function build({ sections, synonyms }) {
    const { MiniSearch } = /** @type {any} */ (globalThis);
    const spelt = /** @type {Map<string, number>} */ (new Map());
    const count = (/** @type {string} */ word) => spelt.set(word, (spelt.get(word) ?? 0) + 1);
    const index = new MiniSearch({
      fields: Object.keys(BOOST),
      idField: "address",
      tokenize: wordsOf,
      processTerm: (/** @type {string} */ word) => {
        if (UNSAID.has(word.toLowerCase())) return null;
        count(word.toLowerCase());
        return termsOf(word);
      },
    });
    await index.addAllAsync(sections, { chunkSize: 20 }); // the page answers in between
    const byAddress = new Map(sections.map((section) => [section.address, section]));
    const leads = synonyms.map(([from, to]) => ({ from: phrase(from), to: phrase(to) }));
    for (const [from] of synonyms) wordsOf(from.toLowerCase()).forEach(count);
    const understood = mending(sections, spelt);
    const defined = new Map(
      sections.map(({ address, defines }) => [address, new Set(defines.split(" | ").map(phrase))]),
    );

    /**
     * The sections that answer a query, best first.
     *
     * @param {string} query
     * @param {number} [most]
     * @returns {Found[]}
     */
    return function find(query, most = 12) {
      const words = understood(query);
      const asked = ` ${words.join(" ")} `;
      const said = leads.filter(({ from }) => asked.includes(from));
      const within = (/** @type {string} */ part) =>
        said.some(({ from }) => from !== part && from.includes(part)); // of "activation map", "activation" says less
      const meant = said.filter(({ from }) => !within(from));
      const last = words.at(-1);
      const terms = [asked, ...meant.map(({ to }) => to)];
      /** @param {string} address */
      const weight = (address) => {
        const here = terms.some((term) => defined.get(address)?.has(term)); // where just this is defined
        return (byAddress.get(address)?.weight ?? 1) * (here ? 3 : 1);
      };
      const options = {
        tokenize: (/** @type {string} */ text) => text.trim().split(" "),
        processTerm: (/** @type {string} */ word) => (UNSAID.has(word) ? null : word),
        boost: BOOST,
        prefix: (/** @type {string} */ word) => LETTERS.test(word) && (word === last || word.length > 4),
        boostDocument: weight,
      };
      const led = new Set(meant.flatMap(({ from }) => from.trim().split(" ")));
      const own = [
        words.filter((word) => !led.has(word)).join(" "),
        { queries: [words.filter((word) => led.has(word)).join(" ")], boost: LESS },
      ];
      const leading = meant.map(({ from, to }) => {
        const more = from.trim().split(" ").length; // the more words lead there, the surer it is
        return { queries: [to], boost: times(BOOST, more) };
      });
      const asking = { queries: [...own, ...leading], ...options };
      /** @type {{ id: string, score: number, terms: string[] }[]} */
      let found = index.search(asking);
      if (!found.length) found = index.search({ ...asking, prefix: true }); // the reader is still typing
      return ordered(found, byAddress).slice(0, most);
    };
  }

  return { build, placesOf, termsOf, wordsOf };
})();
