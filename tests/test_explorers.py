"""The explorers in Python: settings, what they compute, and what a notebook stores of them."""

import base64
import html
import json
import pathlib
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from alexnet_course import explorers, reference
from alexnet_course.data import tile
from alexnet_course.explorers import ConvolutionExplorer
from alexnet_course.explorers.convolution import BIASES, PRESETS, preset, resample
from alexnet_course.explorers.kit import base, drawing, traits
from alexnet_course.explorers.made import made

ROOT = pathlib.Path(__file__).parents[1]
EVERY = [getattr(explorers, name) for name in explorers.__all__]


def figure(explorer):
    """Return the explorer's HTML figure: state, alternative text, SVG and caption."""
    found = re.fullmatch(
        r'<figure class="explorer-figure" data-explorer="([a-z_]+)" data-state="([^"]*)">'
        r'<img class="static" width="\d+" height="\d+" alt="([^"]+)" '
        r'src="data:image/svg\+xml;base64,([^"]+)">'
        r"<figcaption>([^<]+)</figcaption></figure>",
        explorer._repr_mimebundle_()[0]["text/html"],
    )
    module, state, alt, svg, caption = found.groups()
    return (
        module,
        json.loads(html.unescape(state)),
        alt,
        base64.b64decode(svg).decode(),
        html.unescape(caption),
    )


# ---- every explorer


@pytest.mark.parametrize("cls", EVERY)
def test_bundle_holds_a_widget_its_repr_and_a_picture(cls):
    explorer = cls()
    data, _ = explorer._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == repr(explorer)
    assert re.fullmatch(rf"{cls.__name__}\(.{{0,80}}\)", repr(explorer))


@pytest.mark.parametrize("cls", EVERY)
def test_figure_has_the_state_and_a_well_formed_picture(cls):
    module, state, alt, svg, caption = figure(cls())
    assert (base.FOLDER / f"{module}.js").is_file()
    assert state == json.loads(json.dumps(cls()._state()))
    assert set(state) == set(cls().trait_names(state=True))
    ElementTree.fromstring(svg)
    assert len(alt) > 40
    assert caption.endswith(".")
    assert "nan" not in re.sub(r"base64,[^\"]+", "", svg).lower()


@pytest.mark.parametrize("cls", EVERY)
def test_figure_is_the_same_every_time(cls):
    assert cls()._figure() == cls()._figure()


@pytest.mark.parametrize("cls", EVERY)
def test_figure_is_the_same_in_another_process(cls):
    code = f"import sys; from alexnet_course.explorers import {cls.__name__} as E; "
    code += "sys.stdout.write(E()._figure())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert other.stdout == cls()._figure()


@pytest.mark.parametrize("cls", EVERY)
def test_whole_traits_refuse_what_is_out_of_range(cls):
    explorer = cls()
    for name, trait in cls().traits(state=True).items():
        if not isinstance(trait, (traits.Whole, traits.Number)):
            continue
        for wrong in (trait.low - 1, trait.high + 1, "3", None, True, float("nan"), [1]):
            with pytest.raises(ValueError, match=rf"{name} is .*from {trait.low} to {trait.high}"):
                setattr(explorer, name, wrong)
            with pytest.raises(ValueError, match=name):
                cls(**{name: wrong})
        setattr(explorer, name, np.array(trait.high)[()])  # a NumPy number
        assert getattr(explorer, name) == trait.high


@pytest.mark.parametrize("cls", EVERY)
def test_words_refuse_other_words(cls):
    explorer = cls()
    for name, trait in cls().traits(state=True).items():
        if isinstance(trait, (traits.Choice, traits.NamedMatrix)):
            with pytest.raises(ValueError, match=rf"{name} is 'cow'.*{trait.words[0]}"):
                setattr(explorer, name, "cow")
        elif isinstance(trait, traits.Flag):
            with pytest.raises(ValueError, match=rf"{name} is 1; it must be True or False"):
                setattr(explorer, name, 1)


@pytest.mark.parametrize("cls", EVERY)
def test_code_for_a_notebook_needs_no_file(cls):
    assert not re.search(r"^import\b|^export (?!default)", str(cls._esm), flags=re.M)
    assert str(cls._esm).count("export default") == 1


def test_importing_the_folder_imports_no_widget():
    code = "import sys, alexnet_course.explorers; sys.exit('anywidget' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_an_unknown_explorer_is_an_attribute_error():
    with pytest.raises(AttributeError, match="CowExplorer"):
        explorers.CowExplorer  # noqa: B018


# ---- inline()


@pytest.fixture
def modules(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "FOLDER", tmp_path)

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")

    return write


def test_inline_puts_each_module_in_front_once(modules):
    modules(
        a='import { twice as double, ONE } from "./b.js";\nimport * as c from "./c.js";\n'
        "export default double(ONE) + c.twice;\n",
        b='import { twice as t } from "./c.js";\nexport const ONE = 1;\n'
        "export function twice(x) { return t * x; }\n",
        c="const hidden = 2;\nexport const twice = hidden;\nexport class Thing {}\n",
    )
    text = base.inline("a.js")
    assert text.count("const hidden") == 1
    assert "import" not in text
    assert text.index("const hidden") < text.index("const ONE") < text.index("export default")
    assert "return { twice, Thing };" in text
    assert "const { twice: double, ONE } = module_b;" in text
    assert "const c = module_c;" in text


def test_inline_finds_a_module_from_the_folder_of_the_one_that_imports_it(modules, tmp_path):
    for folder in ("kit", "made"):
        (tmp_path / folder).mkdir()
    modules(
        **{
            "a": 'import { two } from "./kit/b.js";\nexport default two;\n',
            "kit/b": 'import { ONE } from "./c.js";\nimport { TWO } from "../made/c.js";\n'
            "export const two = ONE * TWO;\n",
            "kit/c": "export const ONE = 1;\n",
            "made/c": "export const TWO = 2;\n",
        }
    )
    text = base.inline("a.js")
    assert "const { ONE } = module_kit_c;" in text
    assert "const { TWO } = module_made_c;" in text
    assert text.index("const ONE = 1;") < text.index("const two = ") < text.index("export default")


def test_inline_refuses_what_it_would_get_wrong(modules):
    modules(a='import thing from "./b.js";\n', b="export default 1;\n")
    with pytest.raises(ValueError, match=r'a.js has an import that cannot be put inline: "import thing'):
        base.inline("a.js")
    modules(a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\nexport const b = a;\n')
    with pytest.raises(ValueError, match=r"circle: a.js -> b.js -> a.js"):
        base.inline("a.js")


# ---- pictures


def test_the_tile_is_the_tile():
    assert ConvolutionExplorer().image.tolist() == tile.X[0, :, :, 0].tolist()
    assert made("pictures")["tile"]["rows"] == tile.X[0, :, :, 0].tolist()


@pytest.mark.parametrize("size", [3, 7, 8, 20, 88, 227])
def test_a_photograph_has_whole_levels_from_0_to_9(size):
    image = resample(made("pictures")["photograph"], size)
    assert image.shape == (size, size)
    assert (image.min(), image.max()) == (0, 9)
    assert image.dtype.kind == "i"


def test_resampling_by_a_whole_factor_is_the_mean_of_blocks():
    rows = np.random.default_rng(0).normal(size=(6, 6))
    expected = rows.reshape(3, 2, 3, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(resample({"kind": "own", "rows": rows.tolist()}, 3), expected)


# ---- convolution


@pytest.mark.parametrize("at", range(3))
def test_the_three_filters_give_the_maps_of_the_tile(at):
    explorer = ConvolutionExplorer(kernel=tile.FILTERS[at])
    assert explorer.bias == tile.BIASES[at] == BIASES[tile.FILTERS[at]]
    np.testing.assert_array_equal(explorer.weight, tile.KERNELS[:, :, 0, at])
    np.testing.assert_array_equal(explorer.output, tile.MAPS[0, :, :, at])


def test_it_starts_at_the_window_of_the_chapter():
    explorer = ConvolutionExplorer()
    assert (explorer.picture, explorer.kernel, explorer.stride, explorer.bias) == ("tile", "top edge", 1, -1)
    assert (explorer.row, explorer.column) == (2, 2)
    assert explorer.window.tolist() == [[0, 1, 0], [1, 0, 1], [2, 1, 2]]
    assert "Window (2, 2) gives 3." in figure(explorer)[4]


def test_output_equals_the_loop():
    rng = np.random.default_rng(1)
    for _ in range(40):
        k, s, p = int(rng.integers(1, 6)), int(rng.integers(1, 4)), int(rng.integers(0, 3))
        explorer = ConvolutionExplorer(
            picture="photograph", size=9, kernel=rng.normal(size=(k, k)), stride=s, padding=p, bias=0.5
        )
        expected = reference.convolution(
            explorer.image[np.newaxis, :, :, np.newaxis].astype(float),
            explorer.weight[:, :, np.newaxis, np.newaxis], np.array([0.5]), stride=s, padding=p,
        )  # fmt: skip
        np.testing.assert_allclose(explorer.output, expected[0, :, :, 0], atol=1e-9)
        n = explorer.output_size
        product = (explorer.window * explorer.weight).sum() + 0.5
        assert product == pytest.approx(explorer.output[min(2, n - 1), min(2, n - 1)])


def test_alexnet_first_layer_and_what_it_leaves_over():
    first = ConvolutionExplorer(picture="photograph", size=227, kernel="Gabor", kernel_size=11, stride=4)
    assert first.output.shape == (55, 55)
    assert first.unused == 0
    first.size = 224
    assert first.output.shape == (54, 54)
    assert first.unused == 224**2 - 223**2
    ElementTree.fromstring(figure(first)[3])


def test_no_window_fits():
    explorer = ConvolutionExplorer(size=3, kernel_size=7)
    assert explorer.output.shape == (0, 0)
    assert explorer.window.shape == (0, 0)
    assert explorer.unused == 9
    assert figure(explorer)[4].endswith("no window fits.")
    explorer.padding = 2
    assert explorer.output.shape == (1, 1)


def test_a_learners_own_kernel_and_picture():
    explorer = ConvolutionExplorer(picture=np.arange(16).reshape(4, 4), kernel=[[1, 0], [0, -1]])
    assert (explorer.size, explorer.kernel_size, explorer.bias) == (4, 2, 0)
    assert explorer.output.tolist() == [[-5] * 3] * 3
    explorer.kernel = np.eye(3)
    assert explorer.kernel_size == 3
    assert explorer.kernel == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    explorer.kernel_size = 1  # the middle of it
    assert explorer.weight.tolist() == [[1]]
    assert "your own" in figure(explorer)[4]


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        ([[1, 2]], r"kernel has shape \(1, 2\); it must be square"),
        ([[1, 2], [3]], "kernel is .* it must hold nothing but numbers"),
        ([[float("nan")]], "kernel must hold numbers from -99 to 99"),
        ([[100]], "kernel must hold numbers from -99 to 99"),
        (np.zeros((12, 12)), "with 1 to 11 rows"),
        (np.zeros((0, 0)), "with 1 to 11 rows"),
        ([["a"]], "nothing but numbers"),
    ],
)
def test_kernels_that_are_none(kernel, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionExplorer(kernel=kernel)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_of_every_size(name):
    for k in range(1, 12):
        kernel = preset(name, k)
        assert kernel.shape == (k, k)
        if name in ("identity", "blur", "sharpen"):
            assert kernel.sum() == pytest.approx(1)
        elif name.endswith("edge"):
            assert kernel.sum() == 0


# ---- drawing


def test_numbers_are_readable_on_every_colour():
    def luminance(colour):
        part = np.array(colour) / 255
        linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    for colour in [drawing.grey(v) for v in range(10)] + [drawing.signed(9)(v) for v in range(-9, 10)]:
        dark = drawing.ink_on(colour) == "#000"
        contrast = (luminance(colour) + 0.05) / 0.05 if dark else 1.05 / (luminance(colour) + 0.05)
        assert contrast >= 4.5


def test_text_in_a_drawing_is_escaped():
    picture = drawing.Drawing(10, 10)
    picture.text(0, 0, "<script>&")
    picture.title(0, 0, "<b>", "a & b")
    assert "&lt;script&gt;&amp;" in picture.parts[0]
    assert "<b>" not in picture.parts[1]
    assert 'alt="&quot;&gt;"' in picture.image(alt='">')


def test_an_embedded_map_is_a_png_of_its_values():
    import io

    from PIL import Image

    values = np.arange(30.0).reshape(5, 6)
    data = base64.b64decode(drawing.png(values, drawing.grey).split(",")[1])
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape == (5, 6, 3)
    assert tuple(pixels[0, 0]) == drawing.grey(0)
    assert tuple(pixels[4, 5]) == drawing.grey(29)


# ---- geometry


def test_geometry_starts_with_the_pixel_that_224_loses():
    explorer = explorers.GeometryExplorer()
    assert (explorer.output_size, explorer.unused) == (54, 1)
    assert not explorer.reached[223]
    explorer.rounding = "ceil"
    assert explorer.output[-1].tolist() == [216, 226]


def test_geometry_stacks_layers_while_a_window_fits():
    explorer = explorers.GeometryExplorer(size=13, kernel_size=3, stride=1, layers=3)
    assert explorer.output_sizes == [11, 9, 7]
    assert explorer.receptive_field == (7, 1)
    assert explorers.GeometryExplorer(size=30, layers=3).output_sizes == [5]


def test_geometry_without_a_window():
    explorer = explorers.GeometryExplorer(size=5, kernel_size=7)
    assert explorer.output.shape == (0, 0)
    assert explorer.unused == 5
    assert "no window fits" in explorer._figure()


def test_geometry_counts_the_pixels_that_a_long_stride_skips():
    assert explorers.GeometryExplorer(size=10, kernel_size=2, stride=4).unused == 4


# ---- dropout


def test_dropout_starts_with_the_tile_and_the_mask_of_the_chapter():
    explorer = explorers.DropoutExplorer()
    assert explorer.values == np.maximum(tile.HIDDEN, 0)[0].tolist() == [4, 0, 2, 1]
    assert explorer.mask.tolist() == [1, 1, 0, 1]
    assert explorer.output.tolist() == [8, 0, 0, 2]
    assert explorer.test_output.tolist() == [4, 0, 2, 1]
    explorer.convention = "2012"
    assert explorer.output.tolist() == [4, 0, 0, 1]
    assert explorer.test_output.tolist() == [2, 0, 1, 0.5]
    assert "unit 2 is dropped" in figure(explorer)[4]


@pytest.mark.parametrize("convention", ["inverted", "2012"])
@pytest.mark.parametrize("rate", [0, 0.2, 0.5, 0.8])
def test_dropout_means_approach_what_the_units_say_at_test(rate, convention):
    explorer = explorers.DropoutExplorer(values=[1] * 8, rate=rate, convention=convention, seed=1000)
    assert explorer.means.shape == (1000, 8)
    np.testing.assert_allclose(explorer.means[-1], explorer.test_output, atol=0.2)
    last = explorer.means[-1] * 1000 - explorer.means[-2] * 999
    np.testing.assert_allclose(last, explorer.output, atol=1e-9)


def test_dropout_coins_are_even_and_differ_between_draws_and_units():
    coins = np.array([explorers.DropoutExplorer(values=[0] * 8, seed=seed).coins for seed in range(1, 1001)])
    assert len(np.unique(coins)) == coins.size
    counts, _ = np.histogram(coins, bins=10, range=(0, 1))
    assert np.abs(counts - 800).max() < 5 * np.sqrt(800 * 0.9)
    assert np.abs(np.corrcoef(coins.T) - np.eye(8)).max() < 0.15


def test_dropout_keeps_more_units_as_the_rate_falls():
    explorer = explorers.DropoutExplorer(values=[1] * 8, seed=3)
    kept = []
    for rate in (0.95, 0.6, 0.3, 0):
        explorer.rate = rate
        kept.append(explorer.mask)
    assert np.all(np.diff(kept, axis=0) >= 0)
    assert kept[-1].sum() == 8
    assert "no unit is dropped" in figure(explorer)[4]


@pytest.mark.parametrize(
    ("values", "message"),
    [([], "1 to 8 numbers"), (range(9), "1 to 8 numbers"), ([100], "from -99 to 99"), (["a"], "nothing but")],
)
def test_dropout_refuses_values_that_are_none(values, message):
    with pytest.raises(ValueError, match=f"values .*{message}"):
        explorers.DropoutExplorer(values=values)
