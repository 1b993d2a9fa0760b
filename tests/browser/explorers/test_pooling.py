"""The pooling explorer in a real browser."""

import pytest
from explorer_harness import sentence, slide

pytestmark = pytest.mark.browser


def test_pooling_asks_which_pixel_speaks_for_two_windows(open_page):
    page = open_page("PoolingExplorer.html")
    assert sentence(page).startswith(
        "Window (1, 0): the largest of 9 values is 4, at (3, 0), the first of 2 that"
    )
    page.locator(".map").first.press("PageUp")
    assert "is 3, at (2, 2). It wins in 2 windows, so 2 gradients are added there." in sentence(page)
    page.locator("button:has-text('side by side')").click()
    assert sentence(page).endswith("Output 2 by 2.")
    assert "no window reads" in page.locator(".note").first.inner_text()
    slide(page, "padding", 2)
    assert sentence(page).startswith("No window fits. Padding 2 is not smaller than the pool, 2")
