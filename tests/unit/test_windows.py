"""Windows are views of the right pixels; add_windows and crop_images are exact adjoints."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course.windows import add_windows, crop_images, pad_images, sliding_windows

GEOMETRY = st.tuples(
    st.integers(0, 2),  # N
    st.tuples(st.integers(1, 9), st.integers(1, 9)),  # H, W
    st.integers(1, 3),  # C
    st.tuples(st.integers(1, 4), st.integers(1, 4)),  # kernel
    st.tuples(st.integers(1, 3), st.integers(1, 3)),  # stride
).filter(lambda g: g[3][0] <= g[1][0] and g[3][1] <= g[1][1])


def images(geometry):
    n, size, channels, kernel_size, stride = geometry
    return np.random.default_rng(0).integers(-9, 10, (n, *size, channels)), kernel_size, stride


@given(GEOMETRY)
def test_each_window_shows_its_pixels(geometry):
    x, (kernel_h, kernel_w), (stride_h, stride_w) = images(geometry)
    windows = sliding_windows(x, (kernel_h, kernel_w), (stride_h, stride_w))
    for n, i, j in np.ndindex(windows.shape[:3]):
        top, left = i * stride_h, j * stride_w
        expected = x[n, top : top + kernel_h, left : left + kernel_w]
        np.testing.assert_array_equal(windows[n, i, j], expected)
    assert windows.shape[1] == (x.shape[1] - kernel_h) // stride_h + 1
    assert windows.shape[2] == (x.shape[2] - kernel_w) // stride_w + 1


def test_windows_are_a_read_only_view():
    x = np.zeros((1, 5, 5, 2))
    windows = sliding_windows(x, 3)
    assert np.shares_memory(windows, x)
    with pytest.raises(ValueError, match="read-only"):
        windows[0] = 1


@given(GEOMETRY)
def test_add_windows_is_the_adjoint(geometry):
    x, kernel_size, stride = images(geometry)
    windows = sliding_windows(x, kernel_size, stride)
    values = np.random.default_rng(1).integers(-9, 10, windows.shape)
    # Whole numbers: the two sides are equal, not only close.
    assert (windows * values).sum() == (x * add_windows(values, x.shape, stride)).sum()


def test_add_windows_counts_how_often_a_pixel_is_seen():
    seen = add_windows(np.ones((1, 5, 5, 3, 3, 1), int), (1, 7, 7, 1))[0, :, :, 0]
    np.testing.assert_array_equal(seen[0], [1, 2, 3, 3, 3, 2, 1])
    np.testing.assert_array_equal(seen[3], [3, 6, 9, 9, 9, 6, 3])


@given(GEOMETRY, st.tuples(*[st.integers(0, 2)] * 4))
def test_pad_and_crop(geometry, sides):
    x, _, _ = images(geometry)
    padding = sides[:2], sides[2:]
    padded = pad_images(x, padding, value=5)
    np.testing.assert_array_equal(padded, np.pad(x, ((0, 0), *padding, (0, 0)), constant_values=5))
    np.testing.assert_array_equal(crop_images(padded, padding), x)


def test_no_padding_copies_nothing():
    x = np.zeros((1, 2, 2, 1))
    assert pad_images(x, ((0, 0), (0, 0))) is x


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sliding_windows(np.zeros((5, 5, 1)), 3), r"axes \(N, H, W, C\); got shape \(5, 5, 1\)"),
        (lambda: sliding_windows(np.zeros((1, 2, 5, 1)), 3), r"\(3, 3\) exceeds the image \(2, 5\)"),
        (lambda: add_windows(np.zeros((1, 3, 3, 2, 2, 1)), (1, 3, 4, 1)), "do not fit in images"),
        (lambda: add_windows(np.zeros((1, 3, 3, 2, 2, 1)), (1, 4, 4, 2)), "do not fit in images"),
        (lambda: add_windows(np.zeros((3, 3)), (1, 4, 4, 2)), "windows must have the axes"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_small_integers_do_not_wrap():
    windows = np.full((1, 1, 3, 1, 2, 1), 200, np.uint8)
    summed = add_windows(windows, (1, 1, 4, 1))
    assert summed.dtype == np.int64
    assert summed.ravel().tolist() == [200, 400, 400, 200]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_dtype(dtype):
    assert add_windows(np.ones((1, 1, 3, 1, 2, 1), dtype), (1, 1, 4, 1)).dtype == dtype


@pytest.mark.parametrize(
    ("shape", "fits"),
    [((1, 3, 4, 1), True), ((1, 3, 5, 1), True), ((1, 3, 3, 1), False), ((1, 2, 4, 1), False),
     ((2, 3, 4, 1), False), ((1, 3, 4, 2), False)],
)  # fmt: skip
def test_windows_must_fit_on_every_axis(shape, fits):
    windows = np.ones((1, 2, 3, 2, 2, 1))
    if fits:
        assert add_windows(windows, shape).shape == shape
    else:
        with pytest.raises(ValueError, match="do not fit in images"):
            add_windows(windows, shape)


@pytest.mark.parametrize("out", [np.zeros((1, 1, 5, 1)), np.zeros((1, 1, 4, 1), np.float32)])
def test_what_is_added_to_must_be_of_the_shape_and_dtype(out):
    with pytest.raises(ValueError, match=r"out must have shape \(1, 1, 4, 1\) and dtype float64; got"):
        add_windows(np.ones((1, 1, 3, 1, 2, 1)), (1, 1, 4, 1), out=out)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64, ">f4"])
def test_a_border_is_of_the_type_of_the_images(dtype):
    assert pad_images(np.ones((1, 1, 2, 1), dtype), ((0, 1), (1, 2)), 7).dtype == dtype
