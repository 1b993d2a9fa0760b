/**
 * Firefox, held open for a test: reads lines of JSON, each an address and the code of a function to run on that page
 * with an argument, and answers each with a line: what the function gave, or the error's words.
 * Usage: node firefox_page.mjs FIREFOX (the fixture `in_firefox` of conftest.py runs it.)
 */
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [program] = process.argv.slice(2);
const PATIENCE = 120_000; // milliseconds, on a busy machine

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: program,
  headless: true,
  timeout: PATIENCE,
  protocolTimeout: PATIENCE,
});
try {
  for await (const line of createInterface({ input: process.stdin })) {
    const { address, code, argument } = JSON.parse(line);
    const page = await browser.newPage();
    try {
      await page.goto(address, { waitUntil: "load" });
      const asked = `(${code})(${JSON.stringify(argument)})`;
      const value = await page.evaluate(
        `Promise.resolve(${asked}).then((found) => JSON.stringify(found ?? null))`,
      );
      console.log(JSON.stringify({ value: JSON.parse(value) }));
    } catch (error) {
      console.log(JSON.stringify({ error: error.message }));
    }
    await page.close();
  }
} finally {
  await browser.close();
}
