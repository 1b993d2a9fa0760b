// Sets the light or dark theme before anything is painted; the theme's own script takes over later. Paper is light.
{
  // A browser that refuses storage throws wherever it is used, and the theme and the search use it: theirs forgets.
  for (const name of /** @type {const} */ (["localStorage", "sessionStorage"])) {
    try {
      window[name].getItem("mode");
    } catch {
      const kept = new Map();
      const storage = {
        /** @param {string} key */
        getItem: (key) => kept.get(String(key)) ?? null,
        /** @param {string} key @param {string} value */
        setItem: (key, value) => {
          kept.set(String(key), String(value));
        },
        /** @param {string} key */
        removeItem: (key) => {
          kept.delete(String(key));
        },
        clear: () => {
          kept.clear();
        },
      };
      Object.defineProperty(window, name, { value: storage, configurable: true });
    }
  }

  const root = document.documentElement;
  const mode = localStorage.getItem("mode");
  root.dataset.mode = mode === "light" || mode === "dark" ? mode : "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = root.dataset.mode === "auto" ? (dark ? "dark" : "light") : root.dataset.mode;

  /** @type {string | undefined} */
  let onScreen;
  addEventListener("beforeprint", () => {
    onScreen = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = onScreen ?? root.dataset.theme;
    onScreen = undefined;
  });
}
