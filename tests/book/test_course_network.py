"""The network as the map of the course: drawn from the table, lit where a chapter is."""

import bs4
import course_network
import pytest

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet, Convolution


def strip(**options):
    """Return the map as a page has it."""
    return bs4.BeautifulSoup(course_network.strip("{}.html".format, **options), "html.parser")


def test_the_stages_are_those_of_the_network_with_its_shapes():
    network, shape = AlexNet(initial=0.0), INPUT_SHAPE
    wanted = {"image": shape}
    for name, layer in network.layers.items():
        shape = layer.output_shape(shape)
        if any(row.name == name for row in TABLE):
            wanted[name] = shape
    stages = course_network.stages()
    assert {stage.name: stage.shape for stage in stages} == {**wanted, "softmax": (1000,)}
    for stage, row in zip(stages[1:-1], TABLE, strict=True):
        parts = [
            layer for layer in network.layers if layer[-1] == row.name[-1] and not layer.startswith("pool")
        ]
        normalized = isinstance(row, Convolution) and f"lrn{row.name[-1]}" in parts
        assert ("normalization" in stage.kinds) == normalized
        assert ("dropout" in stage.kinds) == (row.name.startswith("fc") and f"dropout{row.name[-1]}" in parts)


@pytest.mark.parametrize(
    ("lit", "names"),
    [
        (("pooling",), ["pool1", "pool2", "pool5"]),
        (("normalization",), ["conv1", "conv2"]),
        (("dropout",), ["fc6", "fc7"]),
        (("image",), ["image"]),
    ],
)
def test_what_a_chapter_is_about_is_lit_and_the_rest_leads_away(lit, names):
    made = strip(lit=lit)
    assert [item.select_one(".name").get_text() for item in made.select(".stages > .lit")] == names
    for link in made.select(".kinds a"):
        here = link.get_text() in lit
        assert (link.get("aria-current") == "true") == here
        assert (link["href"] == "#in-alexnet") == here
        assert made.find(id=link["aria-describedby"]).get_text().startswith(f"{link.get_text()}: ")
    assert made.summary.get_text().startswith(f"This chapter: {lit[0]}, ")


def test_the_boxes_are_no_stops_and_the_links_are_folded_but_on_the_first_page():
    assert {link["tabindex"] for link in strip().select(".stages a")} == {"-1"}
    assert not strip().details.has_attr("open")
    large = strip(large=True)
    assert large.details.has_attr("open")
    shapes = [shape.get_text().replace("\xa0", " ") for shape in large.select(".stages .shape")]
    assert shapes[:2] == ["227 × 227 × 3", "55 × 55 × 96"]
    assert shapes[-1] == "1000"
