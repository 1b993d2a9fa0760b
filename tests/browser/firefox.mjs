/**
 * Opens pages of a served site in Firefox, over WebDriver BiDi, and writes a line of JSON for each: the page, and a list
 * of what is wrong with it. Usage: node firefox.mjs FIREFOX ADDRESS PAGE... (test_firefox.py runs it.)
 */
import puppeteer from "puppeteer-core";

const [program, site, ...pages] = process.argv.slice(2);
const PATIENCE = 120_000; // milliseconds, on a busy machine; nothing waits so long where all is well

/** What a page is asked; `look` runs in the page before its own scripts. */
function look() {
  const TOLERANCE = 0.2; // line heights: an index below a letter takes a little room

  const { error } = console;
  console.error = (...parts) => error(...parts.map(String)); // an Error would arrive without its words

  /** What an explorer draws and says, without its controls, which change by themselves. */
  window.drawn = (figure) => {
    const copy = figure.cloneNode(true);
    for (const control of copy.querySelectorAll("label, input, select, button")) control.remove();
    const canvases = [...figure.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
    return [copy.innerHTML, ...canvases].join();
  };

  /** How many lines an element of text fills, whatever their height; Firefox breaks lines within formulas, too. */
  const lines = (element, height) => {
    const range = document.createRange();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const middles = [];
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      for (const box of range.getClientRects()) if (box.width) middles.push((box.top + box.bottom) / 2);
    }
    middles.sort((a, b) => a - b);
    return middles.filter((middle, i) => i === 0 || middle - middles[i - 1] > height / 2).length;
  };

  /** The texts with formulas that are higher than their lines; a fraction or a table of numbers may be. */
  window.highTexts = () => {
    const high = [];
    for (const element of document.querySelectorAll("article :is(p, li, dd, td)")) {
      if (!element.querySelector("math") || element.querySelector("p, ul, ol, div, mfrac, mtable")) continue;
      const style = getComputedStyle(element);
      const height = parseFloat(style.lineHeight);
      const around = ["paddingTop", "paddingBottom", "borderTopWidth", "borderBottomWidth"];
      const inside = around.reduce((rest, name) => rest - parseFloat(style[name]), element.offsetHeight);
      const count = lines(element, height);
      if (inside / count > height * (1 + TOLERANCE))
        high.push(
          `${(inside / count).toFixed(1)} px a line, not ${height}: ${element.textContent.slice(0, 60)}`,
        );
    }
    return high;
  };
}

/** The first element that a reader sees. */
async function visible(figure, selector) {
  for (const element of await figure.$$(selector)) if (await element.isVisible()) return element;
  return null;
}

/** Moves the first slider of an explorer by a key, or presses its first button; says whether the drawing follows. */
async function answers(page, figure) {
  await figure.$$eval(".more", (folds) => folds.forEach((fold) => (fold.open = true)));
  const before = await figure.evaluate((element) => window.drawn(element));
  const slider = await visible(figure, "input[type=range]:enabled");
  if (slider) {
    await slider.press(
      (await slider.evaluate((input) => input.value === input.max)) ? "ArrowLeft" : "ArrowRight",
    );
  } else {
    const button = await visible(figure, "button:enabled:not([aria-pressed=true], [aria-disabled=true])");
    if (!button) return false;
    await button.click();
  }
  const changed = (element, old) => window.drawn(element) !== old;
  return page.waitForFunction(changed, {}, figure, before).then(
    () => true,
    () => false,
  );
}

/** Opens one page; returns what is wrong with it. */
async function visit(browser, name) {
  const problems = [];
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 1280, height: 900 });
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (line) => line.type() === "error" && problems.push(`console: ${line.text()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site) && !/^(data|blob):/.test(request.url()))
      problems.push(`asks another host: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  await page.evaluateOnNewDocument(look);
  await page.goto(site + name, { waitUntil: "load" });
  await page.evaluate(() => dispatchEvent(new Event("scroll")) && null); // whereupon all explorers come
  const figures = await page.$$("figure[data-explorer]");
  for (const figure of figures) {
    const which = await figure.evaluate((element) => element.dataset.explorer);
    const mounted = (element) => element.querySelector(".explorer") || element.classList.contains("still");
    await page.waitForFunction(mounted, {}, figure).catch(() => {});
    if (!(await figure.$(".explorer"))) problems.push(`the explorer ${which} does not mount`);
    else if (!(await answers(page, figure))) problems.push(`the explorer ${which} does not answer`);
  }
  await page.evaluate(() => document.fonts.ready.then(() => null));
  problems.push(...(await page.evaluate(() => window.highTexts())));
  await page.close();
  return problems;
}

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: program,
  headless: true,
  timeout: PATIENCE,
});
try {
  for (const name of pages) {
    const problems = await visit(browser, name).catch((error) => [`cannot be visited: ${error.message}`]);
    console.log(JSON.stringify({ page: name, problems }));
  }
} finally {
  await browser.close();
}
