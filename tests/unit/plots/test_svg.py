"""A figure as one file for both themes: its colours, its pictures, the numbers on its cells."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from alexnet_course import plots
from alexnet_course.palette import DARK, LIGHT, ink_on, rgb
from alexnet_course.plots import style, svg

SMALL = [[-4, 0, 4], [1, 2, np.nan]]


def cells(values=SMALL):
    """Return a figure of cells with their numbers."""
    figure, axes = style.panels(height=1)
    style.cells(axes[0, 0], np.array(values, float))
    return figure


def pictures(drawing):
    """Return the pictures in a drawing: the opening of each element, and its pixels."""
    found = re.findall(r'(<image [^>]*)data:image/webp;base64,([^"]*)"', drawing)
    return [(tag, np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))) for tag, data in found]


def test_a_drawing_is_the_same_in_every_run_and_leaves_the_figure_as_it_was():
    first, second = svg.themed_svg(cells()), svg.themed_svg(cells())
    assert first == second
    figure = cells()
    before = [text.get_color() for text in figure.axes[0].texts]
    svg.themed_svg(figure)
    assert [text.get_color() for text in figure.axes[0].texts] == before
    (image,) = figure.axes[0].get_images()
    assert (image.get_interpolation(), image.get_cmap().name, image.get_gid()) == ("nearest", "signed", None)


def test_an_array_is_stored_in_grey_with_one_pixel_a_value_and_a_filter_colours_it():
    drawing = svg.themed_svg(cells())
    ((tag, pixels),) = pictures(drawing)
    assert 'class="signed pixels"' in tag
    assert pixels.shape == (2, 3, 4)
    assert pixels[0, :, 0].tolist() == [0, 128, 255]
    assert pixels[1, 2, 3] == 0  # NaN is paper
    for theme, colours in enumerate((LIGHT, DARK)):
        table = re.search(rf'id="signed-{theme}".*?feFuncR type="table" tableValues="([^"]*)"', drawing)[1]
        assert np.allclose(
            np.array(table.split(), float) * 255,
            [rgb(colour)[0] for colour in (colours.minus, colours.zero, colours.plus)],
            atol=0.1,
        )


def test_the_maps_of_the_files_are_those_of_the_figures():
    for name, colour_map in (("signed", style.SIGNED), ("magnitude", style.MAGNITUDE)):
        light = svg.MAPS[name][0]
        for share in np.linspace(0, 1, 7):
            drawn = np.array(colour_map(share)[:3]) * 255
            assert np.abs(drawn - svg._between(light, share)).max() < 3  # a map has 256 steps


def test_numbers_on_cells_can_be_read_in_both_themes():
    drawing = svg.themed_svg(cells([[-4, 0, 4]]))
    # the blue cell: white, then black on a paler blue; 0: black, then white; the orange cell: black on both
    inks = re.findall(r"fill: (var\(--on-\w+\)|#000000)", drawing + "fill: #000000")
    assert inks[:2] == ["var(--on-deep)", "var(--on-pale)"]
    assert [ink_on(rgb(ground)) for ground in (DARK.minus, DARK.zero, DARK.plus)] == ["#000", "#fff", "#000"]
    assert drawing.count("var(--on-deep)") == drawing.count("var(--on-pale)") == 1


def test_a_scale_beside_panels_follows_the_theme():
    figure = plots.shift_changes([("a", np.ones((2, 2, 1)))], ("one",))
    drawing = svg.themed_svg(figure)
    assert [tag.count('class="signed') for tag, _ in pictures(drawing)] == [1, 1]
    assert len(figure.axes[-1].get_images()) == 0  # as it was


def test_a_scale_of_an_image_keeps_its_colours_and_its_numbers():
    photograph = np.random.default_rng(0).integers(0, 256, (8, 8, 3))
    figure = plots.preparation(photograph, 6, [120, 120, 120])
    labels = [text.get_text() for text in figure.axes[-1].get_yticklabels()]
    drawing = svg.themed_svg(figure)
    assert sum('class="signed' in tag for tag, _ in pictures(drawing)) == 4
    assert [text.get_text() for text in figure.axes[-1].get_yticklabels()] == labels
    assert figure.axes[-1]._colorbar.cmap.name == "signed"


def test_white_numbers_on_grey_cells_stay_white():
    figure = plots.centring([[0, 9], [9, 0]], [[0, 0], [9, 9]])
    assert svg.themed_svg(figure).count("fill: #fefefe") == 4


def test_a_photograph_keeps_its_colours_and_a_large_one_is_compressed():
    noise = np.random.default_rng(0).integers(0, 256, (200, 400, 3))
    ((tag, pixels),) = pictures(svg.themed_svg(plots.gallery([noise], columns=1)))
    assert "class" not in tag
    assert pixels.shape == noise.shape
    few = np.zeros((3, 3, 3), int)
    few[1] = 200
    ((tag, pixels),) = pictures(svg.themed_svg(plots.gallery([few], columns=1)))
    assert 'class="pixels"' in tag
    assert np.array_equal(pixels, few)


@pytest.mark.parametrize(("value", "shown"), [(None, False), ("yes", True)])
def test_a_figure_gives_svg_only_where_the_book_is_built(monkeypatch, value, shown):
    monkeypatch.delenv("ALEXNET_COURSE_BOOK", raising=False)
    if value:
        monkeypatch.setenv("ALEXNET_COURSE_BOOK", value)
    drawing = cells()._repr_svg_()
    assert (drawing or "").startswith("<svg ") == shown


def test_ink_can_be_read_on_every_ground_of_both_themes():
    def luminance(colour):
        parts = [part / 255 for part in rgb(colour)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one, other):
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    for theme in (LIGHT, DARK):
        assert [ground for ground in svg.GROUNDS if contrast(theme.ink, vars(theme)[ground]) < 4.5] == []
