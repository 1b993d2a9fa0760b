// Says what happened when Python does not arrive in the browser, and what to do; see tools/lite.py.
{
  const pyodide = new URL(document.currentScript.dataset.pyodide, location.href);

  /** @param {string} name @param {object} properties @param {...(string|Node)} children */
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const say = () => {
    const chapter = /^[\w-]+(?=\.ipynb$)/.exec(new URLSearchParams(location.search).get("path") ?? "");
    const page = new URL(chapter ? `../../notebooks/${chapter[0]}.html` : "../../index.html", location.href);
    const retry = make("button", { type: "button" }, "Try again");
    retry.addEventListener("click", () => location.reload());
    const close = make("button", { type: "button" }, "Close");
    const notice = make("div", { id: "lite-notice" },
      make("p", {},
        `Python did not arrive from ${pyodide.host}, so no cell can run here. `,
        "Either the network is away, or something (a filter, a blocker, a policy of your school) keeps this address from the browser. "),
      make("p", {},
        "Once the address is reachable, try again. Meanwhile the ",
        make("a", { href: page.href, style: "text-decoration: underline" }, "page of the course"),
        " works without it, explorers included, and a copy on your own machine runs the same code."),
      retry, " ", close);
    notice.setAttribute("role", "alert");
    Object.assign(notice.style, {
      position: "fixed", inset: "auto 1rem 1rem auto", zIndex: 10000, maxWidth: "30rem", padding: "0.5rem 1rem 1rem",
      background: "#fff", color: "#1b1b1b", border: "2px solid #a3195b", borderRadius: "6px", font: "16px/1.5 sans-serif",
    });
    close.addEventListener("click", () => notice.remove());
    document.body.append(notice);
  };

  fetch(pyodide, { mode: "no-cors" }).then((answer) => {
    if (answer.type !== "opaque" && !answer.ok) throw new Error(`${answer.status}`);
  }).catch(say);
}
