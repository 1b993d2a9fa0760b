"""Pages with one explorer, or two, served without the book."""

import explorer_harness
import pytest

from alexnet_course import explorers
from alexnet_course.explorers import ConvolutionExplorer, ForwardPassExplorer


@pytest.fixture(scope="session")
def harness(serve, tmp_path_factory):
    """Give the address of a page for each explorer, light and dark, and of some with something special."""
    pages = {
        f"{name}-{theme}.html": explorer_harness.page(getattr(explorers, name)(), theme=theme)
        for name in explorers.__all__
        for theme in ("light", "dark")
    }
    convolution = explorer_harness.page(ConvolutionExplorer())
    alexnet = ConvolutionExplorer(picture="photograph", size=227, kernel="Gabor", kernel_size=11, stride=4)
    pages |= {
        "empty.html": explorer_harness.page(),
        "two.html": explorer_harness.page(ConvolutionExplorer(), ConvolutionExplorer(stride=2)),
        "broken.html": convolution.replace('data-explorer="convolution"', 'data-explorer="nothing"'),
        "throws.html": convolution.replace("&quot;top edge&quot;", "&quot;cow&quot;"),
        "large.html": explorer_harness.page(alexnet),
        "pool5.html": explorer_harness.page(ForwardPassExplorer(stage=8)),
    }
    return serve(explorer_harness.write(tmp_path_factory.mktemp("explorers"), pages))


@pytest.fixture
def open_page(browser, harness):
    """Open a page; at the end, nothing may have gone wrong on it unless the test expected it."""
    errors, contexts = [], []

    def open_(name="ConvolutionExplorer-light.html", mounted=True, width=1000, **context):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on(
            "request",
            lambda request: request.url.startswith((harness, "data:", "blob:")) or errors.append(request.url),
        )
        page.goto(harness + name)
        if mounted:
            page.locator(".explorer .sentence:not(:empty)").first.wait_for(state="attached")
        return page

    open_.errors = errors
    yield open_
    for context in contexts:
        context.close()
    assert errors == []
