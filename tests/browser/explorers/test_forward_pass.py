"""The forward-pass explorer in a real browser."""

import json

import pytest

from alexnet_course.explorers import ForwardPassExplorer

pytestmark = pytest.mark.browser


def test_next_goes_from_stage_to_stage(open_page):
    page = open_page("pool5.html")
    assert "Every number still has a place" in page.locator(".sentence").inner_text()
    assert page.locator(".strip button:visible").count() == 6
    page.locator("button:has-text('Next')").click()
    page.locator(".sentence:has-text('flatten hands on 9,216 numbers, 9,216 came in')").wait_for()
    assert page.locator(".strip button:visible").count() == 1
    shown = page.evaluate("(({ width, height }) => [height, width])(document.querySelector('.view canvas'))")
    assert shown == json.loads(json.dumps(ForwardPassExplorer(stage=9).output.shape))
    for _ in range(4):
        page.locator("button:has-text('Next')").click()
    page.locator(".sentence:has-text('softmax')").wait_for()
    assert page.locator("button:has-text('Next')").is_disabled()
