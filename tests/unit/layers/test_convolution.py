"""Conv2D against paper, the tile, the loops, scipy and numerical gradients; and what it refuses."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from alexnet_course import reference
from alexnet_course.data import tile
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import Conv2D

SIZE = st.one_of(st.integers(1, 4), st.tuples(st.integers(1, 4), st.integers(1, 4)))


@st.composite
def layers_and_images(draw, stride=SIZE):
    """A float64 Conv2D of any geometry, with an input that it accepts."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups = draw(st.integers(1, 3))
    margin = st.integers(0, 3)
    padding = draw(st.one_of(st.sampled_from(["valid", "same"]), margin, st.tuples(margin, margin)))
    conv = Conv2D(
        groups * draw(st.integers(1, 3)),
        groups * draw(st.integers(1, 3)),
        draw(SIZE),
        draw(stride),
        padding,
        groups,
        rng=rng,
        dtype=np.float64,
    )
    conv.bias = rng.standard_normal(conv.filters)
    size = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    try:
        conv.output_shape((*size, conv.in_channels))
    except ValueError:
        assume(False)
    return conv, rng.standard_normal((draw(st.integers(1, 3)), *size, conv.in_channels))


@pytest.fixture
def tile_conv():
    conv = Conv2D(1, 3, kernel_size=3, dtype=np.float64)
    conv.weight, conv.bias = tile.KERNELS, tile.BIASES
    return conv


# ---- forward


def test_three_by_three_by_hand():
    conv = Conv2D(1, 1, kernel_size=2)
    conv.weight = np.reshape([1, 2, 3, 4], (2, 2, 1, 1))
    conv.bias = [10]
    x = np.arange(1, 10).reshape(1, 3, 3, 1)  # 1 2 3 / 4 5 6 / 7 8 9
    # 1*1 + 2*2 + 3*4 + 4*5 = 37, and 10 for the bias; one step to the right or down adds 10 or 30
    np.testing.assert_array_equal(conv.forward(x)[0, :, :, 0], [[47, 57], [77, 87]])


def test_the_tile(tile_conv):
    np.testing.assert_array_equal(tile_conv.forward(tile.X), tile.MAPS)


def test_the_tile_at_stride_two():
    conv = Conv2D(1, 3, kernel_size=3, stride=2)
    conv.weight, conv.bias = tile.KERNELS, tile.BIASES
    np.testing.assert_array_equal(conv.forward(tile.X), tile.MAPS[:, ::2, ::2])


def test_all_channels_are_summed():
    conv = Conv2D(3, 1, kernel_size=2, initial=0)
    conv.weight = np.arange(12).reshape(2, 2, 3, 1)
    x = np.arange(12, 24).reshape(1, 2, 2, 3)
    assert conv.forward(x).item() == (np.arange(12) * np.arange(12, 24)).sum()


@pytest.mark.first_version("C02", "C04")
@given(layers_and_images())
@settings(deadline=None)
def test_equal_to_the_loops(layer_and_images):
    conv, x = layer_and_images
    expected = reference.convolution(x, conv.weight, conv.bias, conv.stride, conv.padding, conv.groups)
    np.testing.assert_allclose(conv.forward(x), expected, atol=1e-12)
    assert expected.shape == (len(x), *conv.output_shape(x.shape[1:]))


@pytest.mark.first_version("T04")
@pytest.mark.parametrize(("padding", "mode"), [("valid", "valid"), ("same", "same"), (2, "full")])
def test_equal_to_scipy(padding, mode):
    rng = np.random.default_rng(0)
    conv = Conv2D(1, 1, kernel_size=3, padding=padding, rng=rng, dtype=np.float64)
    x, kernel = rng.standard_normal((7, 9)), conv.weight[:, :, 0, 0]
    y = conv.forward(x[np.newaxis, :, :, np.newaxis])[0, :, :, 0]
    np.testing.assert_allclose(y, correlate2d(x, kernel, mode), atol=1e-12)
    np.testing.assert_allclose(y, convolve2d(x, kernel[::-1, ::-1], mode), atol=1e-12)


@pytest.mark.first_version("C03")
def test_same_padding_puts_the_odd_pixel_after():
    conv = Conv2D(1, 1, kernel_size=2, padding="same")
    conv.weight = np.ones((2, 2, 1, 1))
    y = conv.forward(np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(y[0, :, :, 0], [[4, 2], [2, 1]])


@pytest.mark.first_version("T25")
def test_224_rounded_up_is_224_with_zeros_at_two_sides():
    rng = np.random.default_rng(0)
    conv = Conv2D(3, 2, kernel_size=11, stride=4, rng=rng, dtype=np.float64)
    x = rng.standard_normal((1, 224, 224, 3))
    padded = conv.forward(np.pad(x, ((0, 0), (0, 3), (0, 3), (0, 0))))
    assert padded.shape == (1, 55, 55, 2)
    np.testing.assert_allclose(padded[:, :54, :54], conv.forward(x), atol=1e-12)
    # The last window as the 2012 code read it: 8 rows and columns of the image, and nothing beyond.
    inside = np.einsum("hwc,hwcf->f", x[0, 216:, 216:], conv.weight[:8, :8])
    np.testing.assert_allclose(padded[0, 54, 54], inside, atol=1e-12)


@pytest.mark.first_version("T28")
def test_groups_are_separate_convolutions():
    rng = np.random.default_rng(0)
    conv = Conv2D(4, 6, 3, groups=2, rng=rng, dtype=np.float64)
    x = rng.standard_normal((2, 5, 5, 4))
    halves = []
    for g in range(2):
        half = Conv2D(2, 3, 3, dtype=np.float64)
        half.weight = conv.weight[..., 3 * g : 3 * g + 3]
        halves.append(half.forward(x[..., 2 * g : 2 * g + 2]))
    np.testing.assert_allclose(conv.forward(x), np.concatenate(halves, axis=-1), atol=1e-12)


# ---- backward


@given(layers_and_images())
@settings(deadline=None, max_examples=25)
def test_gradients_equal_central_differences(layer_and_images):
    conv, x = layer_and_images
    assert max(gradient_gaps(conv, x[:1], np.random.default_rng(0)).values()) < 1e-6


@given(layers_and_images())
@settings(deadline=None)
def test_backward_is_the_adjoint_of_forward(layer_and_images):
    conv, x = layer_and_images
    conv.bias = np.zeros(conv.filters)
    y = conv.forward(x)
    grad_output = np.random.default_rng(0).standard_normal(y.shape)
    grad_input = conv.backward(grad_output)
    inner = (y * grad_output).sum()
    np.testing.assert_allclose(inner, (x * grad_input).sum(), atol=1e-9)
    np.testing.assert_allclose(inner, (conv.weight * conv.grads["weight"]).sum(), atol=1e-9)


def test_one_response_stamps_its_filter_and_reads_its_window(tile_conv):
    tile_conv.forward(tile.X)
    grad_output = np.zeros(tile.MAPS.shape)
    grad_output[0, 2, 2, 1] = 1
    grad_input = tile_conv.backward(grad_output)
    np.testing.assert_array_equal(grad_input[0, 2:5, 2:5], tile.KERNELS[..., 1])
    assert np.count_nonzero(grad_input) == 6
    np.testing.assert_array_equal(tile_conv.grads["weight"][..., 1], tile.X[0, 2:5, 2:5])
    np.testing.assert_array_equal(tile_conv.grads["bias"], [0, 1, 0])

    grad_output[0, 2, 3, 1] = 1  # its neighbour's stamp overlaps and adds
    np.testing.assert_array_equal(tile_conv.backward(grad_output)[0, 2, :, 0], [0, 0, -1, -2, -2, -1, 0])


def test_all_ones_through_the_tile(tile_conv):
    tile_conv.forward(tile.X)
    tile_conv.backward(np.ones(tile.MAPS.shape))
    expected = [[6, 6, 6], [14, 16, 14], [20, 24, 20]]
    np.testing.assert_array_equal(tile_conv.grads["weight"][:, :, 0, 2], expected)
    np.testing.assert_array_equal(tile_conv.grads["bias"], [25, 25, 25])


def test_gradients_are_overwritten_not_added_up(tile_conv):
    tile_conv.forward(tile.X)
    for _ in range(2):
        tile_conv.backward(np.ones(tile.MAPS.shape))
    np.testing.assert_array_equal(tile_conv.grads["bias"], [25, 25, 25])


@pytest.mark.first_version("C29")
def test_unused_pixels_get_no_gradient():
    conv = Conv2D(1, 1, kernel_size=2, stride=2, rng=np.random.default_rng(0))
    conv.forward(np.ones((1, 5, 5, 1)))
    grad_input = conv.backward(np.ones((1, 2, 2, 1)))[0, :, :, 0]
    assert not grad_input[4].any()
    assert not grad_input[:, 4].any()
    assert grad_input[:4, :4].all()


def test_input_gradient_only_when_wanted():
    conv = Conv2D(2, 3, 3, rng=np.random.default_rng(0))
    y = conv.forward(np.ones((1, 4, 4, 2)))
    assert conv.backward(y, input_gradient=False) is None
    alone = {name: grad.copy() for name, grad in conv.grads.items()}
    assert conv.backward(y).shape == (1, 4, 4, 2)
    for name, grad in conv.grads.items():
        np.testing.assert_array_equal(grad, alone[name])


# ---- what goes in and out


@given(layers_and_images())
@settings(deadline=None, max_examples=25)
def test_nothing_given_is_changed(layer_and_images):
    conv, x = layer_and_images
    before = x.copy()
    y = conv.forward(x)
    grad_output, shown = np.ones(y.shape), y.copy()
    weight = conv.weight.copy()
    conv.backward(grad_output)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(grad_output, 1)
    np.testing.assert_array_equal(y, shown)
    np.testing.assert_array_equal(conv.weight, weight)


@pytest.mark.parametrize("given", [np.uint8, np.int64, np.float16, np.float32, np.float64, bool])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_output_has_the_dtype_of_the_parameters(given, dtype):
    conv = Conv2D(1, 2, 3, bias=0.5, rng=np.random.default_rng(0), dtype=dtype)
    x = np.ones((1, 4, 4, 1), given)
    y = conv.forward(x)
    grad_input = conv.backward(y.astype(np.float64))
    made = y, grad_input, conv.grads["weight"], conv.grads["bias"]
    assert {array.dtype for array in made} == {np.dtype(dtype)}
    np.testing.assert_allclose(y, conv.forward(x.astype(np.float64)), rtol=1e-6)


@pytest.mark.first_version("C25")
def test_empty_batch():
    conv = Conv2D(3, 4, 3, padding=1, groups=1)
    y = conv.forward(np.zeros((0, 6, 5, 3)))
    assert y.shape == (0, 6, 5, 4)
    assert conv.backward(y).shape == (0, 6, 5, 3)
    assert not conv.grads["weight"].any()
    assert not conv.grads["bias"].any()


def test_nan_and_infinity_stay_visible():
    conv = Conv2D(1, 1, 2, rng=np.random.default_rng(0))
    x = np.ones((1, 4, 4, 1))
    x[0, 0, 0] = np.nan
    y = conv.forward(x)[0, :, :, 0]
    assert np.isnan(y[0, 0])
    assert np.isfinite(y).sum() == 8


def test_another_size_the_next_time():
    conv = Conv2D(1, 2, 3, rng=np.random.default_rng(0), dtype=float)
    rng = np.random.default_rng(1)
    for shape in [(2, 7, 5, 1), (1, 4, 9, 1), (2, 7, 5, 1)]:
        x = rng.standard_normal(shape)
        expected = reference.convolution(x, conv.weight, conv.bias)
        np.testing.assert_allclose(conv.forward(x), expected, atol=1e-12)
        assert conv.backward(np.ones((shape[0], shape[1] - 2, shape[2] - 2, 2))).shape == shape


# ---- parameters


@pytest.mark.first_version("C10")
def test_initial_weights():
    def deviation(initial):
        return Conv2D(16, 64, 5, groups=2, initial=initial, rng=np.random.default_rng(0)).weight.std()

    assert deviation("paper") == pytest.approx(0.01, rel=0.03)
    assert deviation("he") == pytest.approx(np.sqrt(2 / (5 * 5 * 8)), rel=0.03)
    assert deviation(0.5) == pytest.approx(0.5, rel=0.03)
    assert deviation(0) == 0
    assert Conv2D(1, 2, 3).bias.tolist() == [0, 0]
    assert Conv2D(1, 2, 3, bias=1.0).bias.tolist() == [1, 1]


@pytest.mark.first_version("C09")
def test_the_generator_decides():
    def draw(rng):
        return Conv2D(3, 4, 3, rng=rng).weight

    np.testing.assert_array_equal(draw(np.random.default_rng(7)), draw(np.random.default_rng(7)))
    assert not np.array_equal(draw(None), draw(None))


@pytest.mark.first_version("C09", "T03", "T08")
def test_parameters_are_plain_arrays_of_a_fixed_shape_and_dtype():
    conv = Conv2D(3, 96, 11, 4)
    assert type(conv.weight) is np.ndarray
    assert conv.weight.shape == (11, 11, 3, 96)
    assert conv.weight.dtype == np.float32
    assert conv.params["weight"] is conv.weight
    source = np.ones((11, 11, 3, 96))
    conv.weight = source
    conv.weight += 1
    assert conv.weight.dtype == np.float32
    assert (source == 1).all()
    assert (conv.params["weight"] == 2).all()
    with pytest.raises(ValueError, match=r"Conv2D: bias has shape \(96,\); got \(1,\)"):
        conv.bias = [1]


# ---- what it refuses


@pytest.mark.first_version("C06")
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"in_channels": 0}, ValueError, "in_channels must be at least 1; got 0"),
        ({"in_channels": 3.0}, TypeError, "in_channels must be a whole number; got 3.0"),
        ({"filters": -1}, ValueError, "filters must be at least 1; got -1"),
        ({"kernel_size": 0}, ValueError, "kernel_size must be at least 1; got 0"),
        ({"kernel_size": (3, 3, 3)}, ValueError, r"kernel_size must be one .* pair .*; got \(3, 3, 3\)"),
        ({"stride": 1.5}, TypeError, "stride must be a whole number; got 1.5"),
        ({"stride": (1, 0)}, ValueError, "stride must be at least 1; got 0"),
        ({"padding": "full"}, ValueError, 'padding must be .* "valid" or "same"; got \'full\''),
        ({"padding": -1}, ValueError, "padding must be at least 0; got -1"),
        ({"groups": 3}, ValueError, "groups must divide in_channels 4 and filters 6; got 3"),
        ({"groups": 0}, ValueError, "groups must be at least 1; got 0"),
        ({"algorithm": "fft"}, ValueError, 'algorithm must be "auto" or "im2col"; got \'fft\''),
        ({"initial": "glorot"}, ValueError, 'initial must be "he", "paper" or .*; got \'glorot\''),
        ({"initial": -0.1}, ValueError, "initial must be a finite number from 0 up; got -0.1"),
        ({"initial": float("nan")}, ValueError, "initial must be .*; got nan"),
        ({"initial": None}, TypeError, "initial must be a number; got None"),
        ({"rng": 0}, TypeError, r"rng must be a Generator, such as np.random.default_rng\(0\); got 0"),
        ({"dtype": int}, TypeError, "dtype must be a floating type such as np.float32; got int64"),
        ({"dtype": "banana"}, TypeError, "dtype must be a floating type such as np.float32; got 'banana'"),
        ({"dtype": None}, TypeError, "dtype must be a floating type such as np.float32; got None"),
        ({"bias": None}, TypeError, "bias must be a number; got None"),
        ({"bias": True}, TypeError, "bias must be a number; got True"),
        ({"bias": "1.5"}, TypeError, "bias must be a number; got '1.5'"),
        ({"bias": 1 + 2j}, TypeError, "bias must be a number"),
        ({"bias": float("nan")}, ValueError, "bias must be a finite number; got nan"),
        ({"bias": -float("inf")}, ValueError, "bias must be a finite number; got -inf"),
        ({"bias": 1e300}, ValueError, r"bias must fit in float32; got 1e\+300"),
        ({"initial": 1e300}, ValueError, r"initial must fit in float32; got 1e\+300"),
    ],
)
def test_constructor_refuses(options, error, message):
    with pytest.raises(error, match=message):
        Conv2D(**({"in_channels": 4, "filters": 6, "kernel_size": 3} | options))


@pytest.mark.first_version("C07", "C08")
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (
            np.zeros((8, 8, 3)),
            ValueError,
            r"Conv2D: x must have shape \(N, H, W, 3\); got \(8, 8, 3\)\. .*image\[np\.newaxis\]",
        ),
        (np.zeros((8, 8)), ValueError, r"got \(8, 8\)\.$"),
        (np.zeros((1, 8, 8, 1)), ValueError, r"x must have shape \(N, H, W, 3\); got \(1, 8, 8, 1\)\.$"),
        (
            np.zeros((1, 3, 8, 8)),
            ValueError,
            r"got \(1, 3, 8, 8\)\. Channels come last: x\.transpose\(0, 2, 3, 1\)",
        ),
        (np.zeros((1, 0, 8, 3)), ValueError, r"got \(1, 0, 8, 3\)\. There is no pixel in it"),
        (np.ma.masked_all((1, 8, 8, 3)), TypeError, r"Conv2D: x must not be masked: .* x\.filled\(0\)"),
        (np.zeros((1, 8, 8, 3), complex), TypeError, "x must hold real numbers; got dtype complex128"),
        (np.full((1, 8, 8, 3), "a"), TypeError, "x must hold real numbers; got dtype <U1"),
        (
            np.zeros((1, 3, 8, 3)),
            ValueError,
            r"kernel_size 5 exceeds the padded input 3 \(input 3, padding 0\)",
        ),
    ],
)
def test_forward_refuses(x, error, message):
    with pytest.raises(error, match=message):
        Conv2D(3, 2, kernel_size=5).forward(x)


def test_backward_refuses():
    conv = Conv2D(3, 2, kernel_size=3)
    with pytest.raises(RuntimeError, match="Conv2D: backward needs a forward before it"):
        conv.backward(np.zeros((1, 2, 2, 2)))
    conv.forward(np.zeros((1, 4, 4, 3)))
    with pytest.raises(ValueError, match=r"the shape of the output, \(1, 2, 2, 2\); got \(2, 2, 2\)"):
        conv.backward(np.zeros((2, 2, 2)))
    with pytest.raises(TypeError, match="grad_output must hold real numbers; got dtype complex128"):
        conv.backward(np.zeros((1, 2, 2, 2), complex))


def test_output_shape_refuses():
    with pytest.raises(ValueError, match=r"Conv2D: input_shape must be \(H, W, 3\), without N; got \(8, 8\)"):
        Conv2D(3, 2, 3).output_shape((8, 8))
    with pytest.raises(ValueError, match=r"must be \(H, W, 3\), without N; got \(8, 8, 1\)"):
        Conv2D(3, 2, 3).output_shape((8, 8, 1))
    with pytest.raises(TypeError, match=r"Conv2D: input_shape must be \(H, W, 3\), without N, .*; got None"):
        Conv2D(3, 2, 3).output_shape(None)
