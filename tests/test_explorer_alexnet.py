"""The alexnet explorer in Python and in a browser, against the course's own layers."""

import numpy as np
import pytest
from explorer_harness import page as page_of
from explorer_harness import serve

from alexnet_course.alexnet import TABLE, AlexNet, Convolution, FullyConnected
from alexnet_course.explorers import AlexNetExplorer
from alexnet_course.geometry import receptive_field
from alexnet_course.layers import Conv2D, Dense, MaxPooling2D

LAYERS = {row.name: at for at, row in enumerate(TABLE)}


@pytest.mark.parametrize("groups", [1, 2])
def test_it_is_the_network_of_the_course(groups):
    explorer, network = AlexNetExplorer(groups=groups), AlexNet(groups, rng=np.random.default_rng(0))
    layers, shape, stages = network.layers, network.input_shape, []
    for name, layer in layers.items():
        before, shape = shape, layer.output_shape(shape)
        if name in LAYERS:
            row = explorer.rows[LAYERS[name]]
            assert row.shape == shape
            assert row.parameters == sum(array.size for array in layer.params.values())
            assert row.multiply_accumulates == layer.multiply_accumulates(before)
            if len(shape) == 3:
                stages.append((explorer.kernel_sizes[LAYERS[name]], explorer.strides[LAYERS[name]]))
                assert (row.field, row.jump) == receptive_field(stages)
    assert explorer.multiply_accumulates == network.multiply_accumulates(network.input_shape)
    assert explorer.parameters == {1: 62_378_344, 2: 60_965_224}[groups]


def random_settings(rng):
    """Return settings of which about half make a network."""
    start = AlexNetExplorer()
    settings = {"size": int(rng.integers(16, 257)), "groups": int(rng.integers(1, 5))}
    for name, most in [
        ("kernel_sizes", 15),
        ("strides", 8),
        ("paddings", 7),
        ("filters", 24),
        ("features", 40),
    ]:
        numbers = list(getattr(start, name))
        if name in ("filters", "features"):
            numbers = (4 * rng.integers(1, most // 4 + 1, len(numbers)) - (rng.random() < 0.1)).tolist()
        for place in rng.integers(0, len(numbers), rng.integers(0, 3)):
            if name not in ("filters", "features"):
                numbers[place] = int(rng.integers(0 if name == "paddings" else 1, most + 1))
        settings[name] = numbers
    return settings


def by_layers(explorer):
    """Return the rows by real layers, as far as they can be made."""
    shape, rows, windows, convolutions, dense = (explorer.size, explorer.size, 3), [], 0, 0, 0
    for row in TABLE:
        try:
            if isinstance(row, FullyConnected):
                shape = (int(np.prod(shape)),)
                layer = Dense(*shape, explorer.features[dense])
                dense += 1
            elif isinstance(row, Convolution):
                layer = Conv2D(
                    shape[-1], explorer.filters[convolutions], explorer.kernel_sizes[windows],
                    explorer.strides[windows], explorer.paddings[convolutions],
                    groups=explorer.groups if row.groups > 1 else 1,
                )  # fmt: skip
                convolutions += 1
                windows += 1
            else:
                layer = MaxPooling2D(explorer.kernel_sizes[windows], explorer.strides[windows])
                windows += 1
            before, shape = shape, layer.output_shape(shape)
        except ValueError:
            break
        parameters = sum(array.size for array in layer.params.values())
        rows.append((row.name, shape, parameters, layer.multiply_accumulates(before)))
    return rows


def test_rows_are_what_the_layers_give():
    rng, lengths = np.random.default_rng(1), set()
    for _ in range(60):
        explorer = AlexNetExplorer(**random_settings(rng))
        expected = by_layers(explorer)
        assert [row[:4] for row in explorer.rows] == expected
        assert (explorer.broken is None) == (len(expected) == len(TABLE))
        lengths.add(len(expected))
    assert len(lengths) > 3
    assert len(TABLE) in lengths


def test_what_breaks_is_said():
    assert AlexNetExplorer(groups=3).broken == ("conv2", "3 groups do not divide its 256 filters")
    explorer = AlexNetExplorer(filters=[97, 256, 384, 384, 256], groups=2)
    assert explorer.broken == ("conv2", "2 groups do not divide its 97 input channels")
    assert explorer.parameters == explorer.multiply_accumulates == 0
    assert explorer._sentence() == (
        "The network ends before conv2: 2 groups do not divide its 97 input channels."
    )
    assert AlexNetExplorer(size=16, kernel_sizes=[15, *[3] * 7]).broken.name == "pool1"
    assert AlexNetExplorer(size=224).rows[0].unused == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters", [96]),
        ("filters", [0] * 5),
        ("paddings", [0.5] * 5),
        ("strides", [9] * 8),
        ("features", "4096"),
        ("kernel_sizes", [float("nan")] * 8),
    ],
)
def test_lists_that_are_none(name, value):
    with pytest.raises(ValueError, match=name):
        AlexNetExplorer(**{name: value})


# ---- the page


@pytest.fixture(scope="module")
def address():
    with serve({"start.html": page_of(AlexNetExplorer())}) as place:
        yield place


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(address + "start.html")
    opened.locator(".explorer .sentence:not(:empty)").wait_for()
    yield opened
    context.close()
    assert errors == []


def slide(page, name, value):
    """Move the visible slider of that name to the value that it shows as `value`."""
    slider = page.locator(f"[data-name={name}]:visible")
    slider.press("Home")
    for _ in range(300):
        if slider.get_attribute("aria-valuetext") == value:
            return
        slider.press("ArrowRight")
    raise AssertionError(f"{name} has no value {value}")


def settle(page):
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def reached(page):
    settle(page)
    return [text.strip("✓\n") for text in page.locator(".goals .reached").all_inner_texts()]


@pytest.mark.browser
def test_two_groups_reach_the_goal_and_part_the_towers(page):
    assert reached(page) == []
    assert page.locator(".network .sum .parameters").inner_text() == "62,378,344"
    assert page.locator(".towers .across").count() == 0
    slide(page, "groups", "2")
    assert reached(page) == ["One change: from 62.4 million parameters to 61.0 million – reached"]
    assert page.locator(".network .sum").inner_text().split() == ["sum", "60,965,224", "724,406,816"]
    assert page.locator(".towers .across").count() == 3 * 2  # conv3, fc6, fc7
    slide(page, "size", "227")
    page.locator("button:has-text('Back to the start')").click()
    assert reached(page) == []


@pytest.mark.browser
def test_the_other_goals_can_be_reached(page):
    slide(page, "size", "224")
    page.locator(".rows button", has_text="fc6").click()
    settle(page)
    assert "weights made for 9,216 inputs" in page.locator(".sizes").inner_text()  # 5 × 5 come, not 6 × 6
    page.locator(".rows button").first.click()
    settle(page)
    assert "54 × 54 × 96" in page.locator(".rows button").first.inner_text()
    assert "1 row and column are not read" in page.locator(".sizes").inner_text()
    slide(page, "paddings", "2")
    assert reached(page) == ["A picture of 224 × 224, and still 55 × 55 after conv1 – reached"]
    page.locator("button:has-text('Back to the start')").click()
    page.locator(".rows button", has_text="fc6").click()
    slide(page, "features", "1,024")
    assert reached(page) == ["One change: fewer than 30 million parameters – reached"]
    page.locator("button:has-text('Back to the start')").click()
    slide(page, "kernel_sizes", "15")
    slide(page, "size", "193")
    assert reached(page) == ["One unit of pool5 sees the whole picture – reached"]


@pytest.mark.browser
def test_keys_choose_a_layer_and_its_field_is_drawn(page):
    page.locator(".rows button").first.press("End")
    settle(page)
    assert page.evaluate("document.activeElement.textContent").startswith("fc8")
    assert page.locator("[data-name=features]").is_visible()
    assert not page.locator("[data-name=kernel_sizes]").is_visible()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    settle(page)
    sentence = page.locator(".sentence").inner_text()
    assert sentence == (
        "pool5 gives 6 × 6 × 256, with no parameters. "
        "One unit in its middle sees 195 × 195 of 227 × 227 pixels."
    )
    assert page.locator(".view .frame").get_attribute("d") == "M0 0h195v195h-195z"


@pytest.mark.browser
def test_a_field_is_no_larger_than_the_picture(page):
    page.locator(".rows button", has_text="conv2").click()
    slide(page, "size", "48")
    settle(page)
    assert page.locator(".sentence").inner_text().split(". ")[1] == (
        "One unit in its middle sees 43 × 43 of 48 × 48 pixels; its field of 51 × 51 reaches into the padding"
    )
    assert page.get_by_text("What one unit sees 43 pixels a side").count() == 1


@pytest.mark.browser
def test_a_network_that_breaks_says_where(page):
    slide(page, "groups", "3")
    settle(page)
    words = page.locator(".sentence").inner_text()
    assert words.endswith(
        "conv2 breaks: 3 groups do not divide its 256 filters, so the network ends before it."
    )
    assert page.locator(".rows button.gone").count() == 9
    assert page.locator(".network .sum .parameters").inner_text() == "–"
    page.locator(".rows button", has_text="conv2").click()
    settle(page)
    assert page.get_by_text("What one unit sees nothing").count() == 1
    assert page.locator(".view .frame").count() == 0
    assert page.locator(".view .veil").get_attribute("d") == "M0 0h227v227h-227z"
    page.locator(".rows button", has_text="fc8").click()
    settle(page)
    assert "conv2 breaks" in page.locator(".sizes").inner_text()
