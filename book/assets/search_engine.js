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
    [/(.{2})our(s|ed|ing|less|ful)?$/, "$1or$2"],
    [/^centr(e|es|ed|ing)$/, "center"],
    [/^grey/, "gray"],
    [/iz(e|ed|es|er|ers|ing|ation|ations)$/, "iz"],
    [/(.{4}at)(e|es|ed|ing|ion|ions)$/, "$1"],
    [/(.{3})ies$/, "$1y"],
    [/(.{2}[^su])s$/, "$1"],
    [/(.{3})(ing|ed)$/, "$1"],
    [/(.{2})([bdgmnprt])\2$/, "$1$2"],
    [/(.{3})e$/, "$1"],
  ]);
  const WORD = /\d+(?:,\d{3})+|[\p{L}\p{N}]+/gu;
  /** What a question is made of, and no section is about. */
  const SAID =
    "a an and are by can do does for from has have how i in is it its many much not of on one or so that the there this to was we what when where which who why with you";
  const UNSAID = new Set(SAID.split(" "));
  const BOOST = { defines: 9, page: 4, heading: 5, terms: 2, text: 1 };
  /** The reader's own words count less where the course has others for it. */
  const LESS = Object.fromEntries(Object.entries(BOOST).map(([field, boost]) => [field, boost / 4]));
  const AT_MOST = 3; // sections of one page

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
    if (/^[a-z]+$/.test(folded))
      for (const [ending, short] of SPELLINGS) folded = folded.replace(ending, short);
    FOLDED.set(word, folded);
    return folded;
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
   * A search through the sections.
   *
   * @param {SearchData} data
   * @returns {Promise<Find>}
   */
  async function build({ sections, synonyms }) {
    const { MiniSearch } = /** @type {any} */ (globalThis);
    const index = new MiniSearch({
      fields: Object.keys(BOOST),
      idField: "address",
      tokenize: wordsOf,
      processTerm: (/** @type {string} */ word) => (UNSAID.has(word.toLowerCase()) ? null : fold(word)),
    });
    await index.addAllAsync(sections, { chunkSize: 20 }); // the page answers in between
    const byAddress = new Map(sections.map((section) => [section.address, section]));
    const phrase = (/** @type {string} */ text) => ` ${wordsOf(text).map(fold).join(" ")} `;
    const leads = synonyms.map(([from, to]) => ({ from: phrase(from), to }));
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
      const asked = phrase(query);
      const meant = leads.filter(({ from }) => asked.includes(from)).map(({ to }) => to);
      const last = wordsOf(query).at(-1);
      const terms = [asked, ...meant.map(phrase)];
      /** @param {string} address */
      const weight = (address) => {
        const here = terms.some((term) => defined.get(address)?.has(term)); // where just this is defined
        return (byAddress.get(address)?.weight ?? 1) * (here ? 3 : 1);
      };
      const options = {
        boost: BOOST,
        prefix: (/** @type {string} */ word) => word === last || word.length > 4,
        boostDocument: weight,
      };
      const own = meant.length ? { queries: [query], boost: LESS } : query;
      const asking = { queries: [own, ...meant], ...options };
      /** @type {{ id: string, score: number, terms: string[] }[]} */
      let found = index.search(asking);
      if (!found.length) found = index.search({ ...asking, fuzzy: 0.25 }); // a slip of the fingers
      const rank = (/** @type {{ id: string }} */ { id }) => (byAddress.get(id)?.reference ? 1 : 0);
      const perPage = /** @type {Map<string, number>} */ (new Map());
      return found
        .sort((one, other) => rank(one) - rank(other) || other.score - one.score)
        .map(({ id, terms }) => ({
          section: /** @type {Section} */ (byAddress.get(id)),
          words: new Set(terms),
        }))
        .filter(({ section }) => {
          const count = (perPage.get(section.page) ?? 0) + 1;
          perPage.set(section.page, count);
          return count <= AT_MOST;
        })
        .slice(0, most);
    };
  }

  return { build, fold, placesOf, wordsOf };
})();
