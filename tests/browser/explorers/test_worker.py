"""A worker of the kit: progress, answers, errors in words and a stop, wherever a page comes from."""

import re

import pytest
from helpers import ROOT

from alexnet_course.explorers.kit.base import source

KIT = re.sub(r"^export ", "", source("kit/worker.js"), flags=re.MULTILINE)
TASKS = """
serve({
  *count({ to }) { for (let i = 1; i < to; i++) yield i; return to; },
  *nothing() { yield undefined; },
  *refuse() { yield 1; throw new Error("three is no answer"); },
  *forever() { for (;;) yield "still here"; },
  *first({ numbers }) { return numbers[0]; },
});
"""
#: Runs on a page, with the kit's text in front, and gets the text of the worker.
RUN = f"""async (source) => {{
  {KIT}
  const worker = startWorker(source);
  const words = (asked) => asked.then((value) => ["answer", value], ({{ message }}) => ["error", message]);
  %s
}}"""
WHOLE = """
  const steps = [];
  const counted = await worker.ask("count", { to: 3 }, { progress: (step) => steps.push(step) });
  const silent = await words(worker.ask("nothing"));
  const refused = await words(worker.ask("refuse"));
  const unknown = await words(worker.ask("cow"));
  const control = new AbortController();
  let alive = 0;
  const stopped = await words(worker.ask("forever", null, {
    signal: control.signal,
    progress: () => ++alive === 3 && control.abort(new Error("enough")),
  }));
  const late = await words(worker.ask("count", { to: 1 }, { signal: control.signal }));
  const after = await Promise.all([worker.ask("count", { to: 4 }), worker.ask("count", { to: 5 })]);
  const seen = alive;
  const numbers = new Float32Array([7, 8]);
  const moved = await worker.ask("first", { numbers }, { transfer: [numbers.buffer] });
  const quiet = alive === seen;
  worker.end();
  const left = numbers.length;
  return { steps, counted, silent, refused, unknown, stopped, late, after, moved, left, quiet };
"""
REFUSED = (
    "This page can start no worker, which would do the computing: "
    "the browser has none, or something here forbids it."
)
ENDED = "The work was ended before it was done."


@pytest.fixture
def folder(tmp_path):
    """A page under the policy of the site."""
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href='data:,'><title>Worker</title>")
    (tmp_path / "_headers").write_text((ROOT / "book" / "_headers").read_text(encoding="utf-8"))
    return tmp_path


@pytest.mark.parametrize("place", ["http", "file"])
def test_a_worker_answers_tells_its_steps_and_stops(in_browser, serve, folder, place):
    address = serve(folder) if place == "http" else (folder / "index.html").as_uri()
    found = in_browser(address, RUN % WHOLE, KIT + TASKS)
    unknown = found.pop("unknown")
    assert unknown[0] == "error"
    assert "not a function" in unknown[1]
    assert found == {
        "steps": [1, 2],
        "counted": 3,
        "silent": ["answer", None],
        "refused": ["error", "three is no answer"],
        "stopped": ["error", "enough"],
        "late": ["error", "enough"],
        "after": [4, 5],
        "moved": 7,
        "left": 0,
        "quiet": True,
    }


def test_what_is_asked_is_answered_when_the_worker_ends(in_browser, serve, folder):
    code = """
      const asked = [words(worker.ask("forever")), words(worker.ask("count", { to: 1 }))];
      worker.end();
      worker.end();
      return Promise.race([Promise.all(asked), new Promise((done) => setTimeout(done, 0, "no answer"))]);
    """
    assert in_browser(serve(folder), RUN % code, KIT + TASKS) == [["error", ENDED]] * 2


def test_where_the_policy_forbids_workers_it_says_so(in_browser, serve, folder):
    policies = (folder / "_headers").read_text()
    forbidding = policies.replace("worker-src 'self' blob:", "worker-src 'none'")
    assert forbidding != policies
    (folder / "_headers").write_text(forbidding)
    found = in_browser(serve(folder), RUN % 'return words(worker.ask("count", { to: 3 }));', KIT + TASKS)
    assert found == ["error", REFUSED]


def test_a_browser_without_workers_says_so(in_browser, serve, folder):
    code = (RUN % 'return words(worker.ask("count", { to: 3 }));').replace("{", "{ delete window.Worker;", 1)
    assert in_browser(serve(folder), code, KIT + TASKS) == ["error", REFUSED]


def test_a_worker_that_cannot_run_says_why(in_browser, serve, folder):
    code = RUN % 'return [await words(worker.ask("count", {})), await words(worker.ask("count", {}))];'
    first, second = in_browser(serve(folder), code, "throw new Error('no tasks today');")
    assert "no tasks today" in first[1]
    assert second == ["error", REFUSED]
