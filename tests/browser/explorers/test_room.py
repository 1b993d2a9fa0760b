"""Sizes without a layout: what a drawing asks of the page, and what the kit knows of an element's room."""

import pytest
from explorer_harness import run, settle
from playwright.sync_api import expect

from alexnet_course.explorers.kit.base import inline

pytestmark = pytest.mark.browser

#: Notes every question for a size or a place; an observer of sizes asks when the page has just been laid out.
ASKED = """
window.asked = [];
for (const [Kind, names] of [
  [Element, ["clientWidth", "clientHeight", "scrollTop", "scrollLeft"]],
  [HTMLElement, ["offsetWidth", "offsetHeight", "offsetLeft", "offsetTop"]],
]) {
  for (const name of names) {
    const known = Object.getOwnPropertyDescriptor(Kind.prototype, name);
    const get = function () {
      window.asked.push(name);
      return known.get.call(this);
    };
    Object.defineProperty(Kind.prototype, name, { ...known, get });
  }
}
window.ResizeObserver = class extends ResizeObserver {
  constructor(tell) {
    super((...told) => {
      const before = window.asked.length;
      tell(...told);
      window.asked.length = before;
    });
  }
};
"""


def test_the_room_of_an_element_is_measured_once_and_told_when_it_changes(open_page):
    found = run(
        open_page("empty.html", before=ASKED),
        """const { roomOf } = new Function(input + "; return { roomOf }")();
        const frames = async () => {
          for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
          asked.length = 0;
        };
        const el = document.createElement("div");
        el.style.cssText = "width: 120px; height: 40px; display: none";
        document.body.append(el);
        const hidden = roomOf(el).width;
        el.style.display = "";
        const shown = roomOf(el);
        await frames();
        const again = [roomOf(el).width, roomOf(el).width];
        const reads = asked.length;
        el.style.width = "90px";
        await frames();
        return { hidden, shown, again, reads, later: roomOf(el).width, still: asked.length };""",
        inline("kit/room.js"),
    )
    assert found == {
        "hidden": 0,
        "shown": {"width": 120, "height": 40},
        "again": [120, 120],
        "reads": 0,
        "later": 90,
        "still": 0,
    }


@pytest.mark.parametrize("name", ["Training", "Convolution", "Geometry", "Normalization", "Dropout"])
def test_a_drawing_asks_for_no_size(open_page, name):
    page = open_page(f"{name}Explorer.html", before=ASKED)
    settle(page)
    page.evaluate("window.asked.length = 0")
    said = page.locator(".explorer .sentence").inner_text()
    page.locator(".explorer input[type=range]:visible").first.evaluate(
        """(slider) => {
          slider.value === slider.max ? slider.stepDown() : slider.stepUp();
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    expect(page.locator(".explorer .sentence")).not_to_have_text(said)
    settle(page)
    assert page.evaluate("window.asked") == []


def test_a_stage_is_drawn_without_a_question_for_a_place(open_page):
    """What is scrolled into sight is asked for with the next frame, before anything is written in it."""
    page = open_page("ForwardPassExplorer.html", before=ASKED)
    settle(page)
    found = page.evaluate(
        """async () => {
          document.querySelectorAll(".strip button")[12].click();
          window.asked.length = 0;
          await new Promise(requestAnimationFrame); // in which the stage is drawn
          const drawing = [...window.asked];
          await new Promise(requestAnimationFrame);
          return { drawing, next: window.asked.includes("offsetTop") };
        }"""
    )
    assert found == {"drawing": [], "next": True}
