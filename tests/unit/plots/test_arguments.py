"""Every figure with every kind of array: right, or refused in words that name the argument."""

import inspect
import re
import warnings

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from alexnet_course import plots
from alexnet_course.plots import style, svg

PHOTOGRAPH = np.arange(48).reshape(4, 4, 3) * 2
MAPS = np.arange(18).reshape(3, 3, 2)
BANK = np.arange(24).reshape(2, 2, 3, 2)
NAMES = ("one", "two")

# Whole numbers from 0 to 100, which every dtype holds; each value is what the function takes under that name.
CALLS = {
    "ablation": {"changes": {"long": ("as it is", "less")}, "values": {"long": [[90, 1], [80, 0]]}},
    "activations": {"at": 3},
    "active_share": {"shares": [1, 0, 1]},
    "bank_responses": {"photograph": PHOTOGRAPH, "weight": BANK, "maps": MAPS, "chosen": (1, 0)},
    "centring": {"image": [[0, 9], [5, 7]], "mean": [[1, 9], [50, 0]], "row": 1},
    "covered_shares": {"x": MAPS[..., 0], "shares": [[0, 1], [1, 0]], "marked": (1, 0)},
    "dense_table": {"features": [1, 90], "weight": [[1, 0, 2], [100, 3, 0]], "bias": [3, 4, 5]},
    "deviations": {"names": NAMES, "lines": {"paper": [1, 2], "he": [3, 4]}},
    "factor_curves": {"activity": [1, 10, 100], "curves": {"a": [3, 2, 1], "b": [1, 1, 0]}},
    "feature_maps": {"outputs": [MAPS, MAPS[:2]], "names": NAMES, "columns": 2},
    "filter_bank": {"weight": BANK, "columns": 2, "marked": (1,)},
    "filter_banks": {"banks": {"one": BANK, "two": BANK}, "columns": 2},
    "flatten_orders": {"maps": MAPS},
    "gallery": {"images": [PHOTOGRAPH, PHOTOGRAPH[..., 0]], "names": NAMES},
    "gap_of_step": {"steps": [1, 10, 100], "gaps": {"float32": [3, 2, 4], "float64": [0, 1, 4]}},
    "gradient_of_pixels": {"image": PHOTOGRAPH, "strength": PHOTOGRAPH[..., 0]},
    "gradient_wires": {
        "titles": NAMES,
        "names": (("f0", "f1"), NAMES),
        "values": [*np.array([[5, 0], [1, 100]])],
        "gradients": [*np.array([[1, 2], [0, 3]])],
        "weights": [np.array([[1, 0], [2, 3]])],
    },
    "grouped_and_ungrouped": {"names": NAMES, "grouped": [[1, 2], [30, 40]], "ungrouped": [[2, 2], [90, 40]]},
    "inputs_and_bugs": {"shown": [[1, 0], [0, 0]], "inputs": NAMES, "bugs": NAMES},
    "loss_beside_slope": {"moves": [0, 1, 2], "losses": {"w": [3, 2, 2], "b": [3, 4, 5]}, "slopes": [1, 2]},
    "loss_of_share": {"marks": {"chance": 1}},
    "losses": {"lines": {"fast": [3, 1], "slow": [3, 2]}},
    "mask_votes": {
        "hidden": [7, 100],
        "masks": np.eye(4)[:, :2],
        "logits": np.eye(4)[:, :2] * 9,
        "classes": NAMES,
    },
    "normalized_bars": {
        "before": [1, 2],
        "after": [1, 1],
        "loudness": [0, 50, 90],
        "curves": [[1, 2], [3, 4], [5, 6]],
    },
    "normalized_maps": {
        "photograph": PHOTOGRAPH,
        "before": MAPS[..., 0],
        "factor": MAPS[..., 1],
        "after": MAPS[..., 0],
    },
    "parameters_and_work": {"names": NAMES, "parameters": [100, 100], "products": [90, 100]},
    "parting": {"names": NAMES, "changes": ("order", "all"), "shares": {"loud": [[0, 1], [2, 100]]}},
    "photograph_responses": {"photograph": PHOTOGRAPH, "maps": MAPS, "names": NAMES},
    "pooled_maps": {"photograph": PHOTOGRAPH, "before": MAPS, "after": MAPS[:2], "names": NAMES},
    "pooling_windows": {"values": MAPS[..., 0], "settings": [(2, 1)], "marked": (2, 2)},
    "preparation": {"photograph": PHOTOGRAPH, "size": 2, "mean": [1, 100, 3]},
    "receptive_fields": {"photograph": PHOTOGRAPH, "names": NAMES, "spans": [(1, 1), (0, 2)]},
    "response_maps": {"maps": MAPS, "names": NAMES, "marked": (0, 2)},
    "roofline": {"names": NAMES, "roofs": {"core": [10, 90]}, "layers": {"one": [[1, 5], [20, 80]]}},
    "ruler": {"size": 5, "kernel_size": 3, "stride": 2},
    "running_means": {"means": [[1, 2], [3, 4]], "wanted": [2, 3]},
    "rungs": {"names": NAMES, "seconds": {"conv1": [100, 2], "fc6": [50, 1]}},
    "runs_compared": {"names": NAMES, "points": [[1, 2], [3, 100]], "printed": (True, False)},
    "shares_in_order": {"shares": [1, 0, 0]},
    "shares_of_scores": {"scores": [1, 2], "shares": [0, 1], "truth": 1, "names": NAMES},
    "shift_changes": {"stages": [("z", MAPS), ("pool", MAPS[:1])], "names": NAMES},
    "training_run": {"learned": [[0, 1], [1, 1]], "held_out": [[0, 1], [0, 0]], "cuts": (1,)},
    "two_towers": {"names": NAMES, "shapes": [(9, 9, 3), (4,)], "reads_all": (False, True)},
    "window_arithmetic": {
        "image": [[90, 90], [90, 1]],
        "kernel": [[90, 2]],
        "row": 1,
        "column": 0,
        "bias": 7,
    },
    "worth": {"names": NAMES, "gains": {"paper": [[1, 0], [3, 0]], "here": [[4, 1], [100, 2]]}},
}
WORDS = {"titles", "names", "classes", "settings", "shapes", "reads_all", "marked", "chosen", "spans"}
WORDS |= {"changes", "cuts", "printed", "inputs", "bugs"}


def arrays():
    """Yield a figure's name, an argument that holds arrays, and a function that replaces what it holds."""
    for figure, arguments in CALLS.items():
        for name, value in arguments.items():
            if name in WORDS or isinstance(value, int):
                continue
            if isinstance(value, dict):
                yield (
                    figure,
                    name,
                    lambda change, value=value: {key: change(one) for key, one in value.items()},
                )
            elif name == "stages":
                yield figure, name, lambda change, value=value: [(key, change(one)) for key, one in value]
            elif isinstance(value, list) and isinstance(value[0], np.ndarray):
                yield figure, name, lambda change, value=value: [change(one) for one in value]
            else:
                yield figure, name, lambda change, value=value: change(value)


ARRAYS = [pytest.param(*one, id="-".join(one[:2])) for one in arrays()]


def contents(figure):
    """Return all numbers that a figure shows: its texts, its pixels, its lines."""
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    pixels = [np.asarray(image.get_array(), float) for axes in figure.axes for image in axes.images]
    lines = [line.get_xydata() for axes in figure.axes for line in axes.lines]
    return texts, *pixels, *lines


def call(figure, **changed):
    """Call a figure's function with some arguments changed."""
    return getattr(plots, figure)(**(CALLS[figure] | changed))


def test_every_figure_is_tried():
    assert set(CALLS) == set(plots.__all__)
    for figure, arguments in CALLS.items():
        assert set(arguments) <= set(inspect.signature(getattr(plots, figure)).parameters)


@pytest.mark.parametrize("figure", CALLS)
def test_a_figure_is_the_same_for_every_dtype(figure):
    def of(change):
        changed = {name: replaced(change) for one, name, replaced in arrays() if one == figure}
        return call(figure, **changed)

    whole = figure == "gallery"  # whose floats are of 0 to 1
    wanted = contents(of(lambda array: np.asarray(array, np.int64 if whole else np.float64)))
    for dtype in (np.uint8, np.int8 if whole else np.float16):
        given = contents(of(lambda array, dtype=dtype: np.asarray(array, dtype)))
        for one, other in zip(given, wanted, strict=True):
            assert one == other if isinstance(one, list) else np.array_equal(one, other)
    assert isinstance(of(lambda array: (np.asarray(array) > -1).tolist()), Figure)


@pytest.mark.parametrize(("figure", "name", "replaced"), ARRAYS)
def test_a_number_that_is_none_is_drawn_or_refused(figure, name, replaced):
    def spoilt(array):
        array = np.array(array, float)
        array.flat[-1], array.flat[0] = np.inf, np.nan
        return array

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            call(figure, **{name: replaced(spoilt)}).canvas.draw()
        words = ""
    except ValueError as error:
        words = str(error)
    assert re.match(rf"$|{name}\b.* finite numbers; it has NaN or infinity$", words)


@pytest.mark.parametrize(("figure", "name", "replaced"), ARRAYS)
def test_what_is_no_array_of_the_right_rank_is_refused_by_name(figure, name, replaced):
    for change in (
        lambda array: np.zeros((1, 1, 1, 1, 1)),
        lambda array: np.asarray(array)[0] if np.ndim(array) == 1 else np.zeros(()),
        lambda array: np.atleast_1d(array)[:0],
        lambda array: np.asarray(array) * 1j,
        lambda array: np.full(np.shape(array), "a"),
        lambda array: [[[1], [2, 3]], [4]],
        lambda array: None,
    ):
        with pytest.raises((TypeError, ValueError), match=rf"^{name}\b.* must (be|hold) "):
            call(figure, **{name: replaced(change)})


@pytest.mark.parametrize(
    ("figure", "changed", "message"),
    [
        ("window_arithmetic", {"row": 2}, "row must be at most 1; got 2"),
        ("window_arithmetic", {"column": -1}, "column must be at least 0; got -1"),
        ("window_arithmetic", {"kernel": np.ones((3, 1))}, r"kernel, \(3, 1\), exceeds the image, \(2, 2\)"),
        ("window_arithmetic", {"bias": None}, "bias must be a number; got None"),
        ("response_maps", {"marked": (0, 3)}, "marked must be at most 2; got 3"),
        ("response_maps", {"marked": 1}, r"marked must be \(row, column\); got 1"),
        ("response_maps", {"names": ("one",)}, "names and maps must have equal lengths from 1 up; got 1, 2"),
        ("pooling_windows", {"settings": [(4, 1)]}, "kernel_size 4 exceeds"),
        ("bank_responses", {"chosen": (2,)}, "chosen must be at most 1; got 2"),
        ("filter_bank", {"marked": (2,)}, "marked must be at most 1; got 2"),
        ("centring", {"row": 2}, "row must be at most 1; got 2"),
        ("centring", {"mean": [[1, 2, 3]]}, r"mean must be \(2, 2\); got shape \(1, 3\)"),
        ("preparation", {"size": 5}, "size must be 1 to 4 for a photograph of 4 by 4; got 5"),
        (
            "mask_votes",
            {"masks": np.ones((3, 2)), "logits": np.ones((3, 2))},
            "masks must be a square number",
        ),
        ("feature_maps", {"columns": 3}, "columns must be at most 2"),
        ("shares_of_scores", {"truth": 2}, "truth must be at most 1; got 2"),
        ("shares_of_scores", {"scores": [1, 800]}, "scores must be at most 700"),
        ("loss_of_share", {"marks": {"never": 0}}, "marks must be shares above 0"),
        ("ruler", {"kernel_size": 6}, "kernel_size 6 exceeds the padded input 5"),
        ("two_towers", {"reads_all": ()}, "names and shapes and reads_all must have equal lengths"),
        ("gallery", {"images": []}, "images and names must have equal lengths from 1 up; got 0, 2"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(figure, changed, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call(figure, **changed)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.nan, "NaN"),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
        (np.int8(-128), "−128"),
        (9999, "9999"),
        (10_000, "10,000"),
        (-1_234_567.8, "−1,234,568"),
        (1e300, "1e+300"),
        (99.96, "100"),
    ],
)
def test_a_number_of_any_size_is_written(value, text):
    assert style.number(value) == text


def test_a_cell_of_nan_says_so_on_paper_and_the_scale_ignores_it():
    figure = plots.response_maps(np.array([[[np.nan], [-5.0]]]), ("map",))
    (missing, number) = figure.axes[0].texts
    assert (missing.get_text(), missing.get_color()) == ("NaN", "#000")
    assert number.get_text() == "−5"
    assert figure.axes[0].images[0].get_clim() == (-5, 5)


def test_colours_of_a_float_photograph_are_drawn_as_0_to_255():
    figure = plots.photograph_responses(PHOTOGRAPH / 1.0, MAPS, NAMES)
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), PHOTOGRAPH)


OF_NAMES = (
    "names",
    "titles",
    "classes",
    "settings",
    "stages",
    "spans",
    "marks",
    "outputs",
    "images",
    "chosen",
)
LISTS = [
    (name, argument)
    for name, call in CALLS.items()
    for argument, value in call.items()
    if argument in OF_NAMES and isinstance(value, (tuple, list))
]


@pytest.mark.parametrize("value", [None, 2, "ab"])
@pytest.mark.parametrize(("name", "argument"), LISTS)
def test_what_is_no_list_is_named(name, argument, value):
    if (argument, value) == ("names", None) and inspect.signature(getattr(plots, name)).parameters[
        argument
    ].default is None:
        pytest.skip("names may be left out")
    with pytest.raises((TypeError, ValueError), match=rf"\b{argument}\b"):
        getattr(plots, name)(**CALLS[name] | {argument: value})


@pytest.mark.parametrize("figure", CALLS)
def test_every_colour_of_a_figure_has_its_twin_in_the_dark_theme(figure):
    sheet, drawing = re.fullmatch(
        r".*<style>(.*)</style>(.*)", svg.themed_svg(call(figure)), re.DOTALL
    ).groups()
    variables = dict(re.findall(r"--([\w-]+):(#\w+)", sheet.partition("@media")[0]))
    dark = dict(re.findall(r"--([\w-]+):(#\w+)", sheet.partition("@media")[2]))
    assert variables.keys() == dark.keys()
    assert set(re.findall(r"var\(--([\w-]+)\)", drawing)) <= variables.keys()
    # what is left is black or white on a cell that keeps its colour, or stays readable in both themes
    assert set(re.findall(r"#[0-9a-f]{6}\b|rgba?\(", drawing)) <= {"#000000", "#fefefe"}


@pytest.mark.parametrize("figure", CALLS)
def test_a_legend_is_written_in_ink_which_has_a_twin(figure):
    legends = [axes.get_legend() for axes in call(figure).axes if axes.get_legend()]
    colours = {to_hex(text.get_color()) for legend in legends for text in legend.get_texts()}
    assert colours <= {style.INK}
