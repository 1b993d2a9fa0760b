"""Pages with one explorer, or two, served without the book."""

import explorer_harness
import pytest
from helpers import Visit

from alexnet_course import explorers
from alexnet_course.explorers import ConvolutionExplorer, ForwardPassExplorer, OwnPictureExplorer


@pytest.fixture(scope="session")
def harness(serve, tmp_path_factory):
    """Give the address of a page for each explorer, and of some with something special."""
    pages = {f"{name}.html": explorer_harness.page(getattr(explorers, name)()) for name in explorers.__all__}
    convolution = explorer_harness.page(ConvolutionExplorer())
    alexnet = ConvolutionExplorer(picture="photograph", size=227, kernel="Gabor", kernel_size=11, stride=4)
    pages |= {
        "empty.html": explorer_harness.page(),
        "two.html": explorer_harness.page(ConvolutionExplorer(), ConvolutionExplorer(stride=2)),
        "far.html": convolution.replace("<h1>", '<h1 style="margin-bottom: 200vh">'),
        "brief.html": explorer_harness.page(ConvolutionExplorer(brief=True)),
        "broken.html": convolution.replace('data-explorer="convolution"', 'data-explorer="nothing"'),
        "throws.html": convolution.replace("&quot;top edge&quot;", "&quot;cow&quot;"),
        "large.html": explorer_harness.page(alexnet),
        "pictures.html": explorer_harness.page(ForwardPassExplorer(), OwnPictureExplorer()),
    }
    return serve(explorer_harness.write(tmp_path_factory.mktemp("explorers"), pages))


@pytest.fixture
def open_page(browser, harness):
    """Open a page; at the end, nothing may have gone wrong on it unless the test expected it."""
    visits = []

    def open_(name="ConvolutionExplorer.html", width=1000, **options):
        options = {"viewport": {"width": width, "height": 900}} | options
        visits.append(Visit(browser, harness + name, **options))
        return visits[-1].page

    open_.visits = visits
    yield open_
    for visit in visits:
        visit.context.close()
    assert [visit.errors + visit.outside for visit in visits] == [[]] * len(visits)
