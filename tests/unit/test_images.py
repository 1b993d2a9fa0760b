"""Crops, mirror images and shifts of colour."""

import numpy as np
import pytest

from alexnet_course import images

rng = np.random.default_rng(0)
BATCH = rng.integers(0, 256, (3, 6, 9, 3), dtype=np.uint8)


def test_mirror_exchanges_left_and_right_only():
    np.testing.assert_array_equal(images.mirror(BATCH)[:, :, 0], BATCH[:, :, -1])
    np.testing.assert_array_equal(images.mirror(images.mirror(BATCH)), BATCH)
    assert np.shares_memory(images.mirror(BATCH), BATCH)


def test_a_view_is_a_crop_of_its_own_image():
    for _ in range(20):
        views = images.random_views(BATCH, 4, rng)
        assert views.dtype == np.uint8
        for view, image in zip(views, BATCH, strict=True):
            crops = [image[i : i + 4, j : j + 4] for i in range(3) for j in range(6)]
            assert any(np.array_equal(view, crop) or np.array_equal(view, crop[:, ::-1]) for crop in crops)


@pytest.mark.first_version("T26")
def test_every_place_is_drawn_and_half_are_mirrored():
    ramp = np.arange(12).reshape(1, 3, 4, 1)
    seen = [images.random_views(ramp, 2, rng)[0, :, :, 0] for _ in range(600)]
    upright = [view[0, 0] for view in seen if view[0, 0] < view[0, 1]]
    assert set(upright) == {0, 1, 2, 4, 5, 6}  # the last row and column of places included
    assert 240 < len(upright) < 360


def test_the_same_generator_gives_the_same_views():
    first, second = (images.random_views(BATCH, 5, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_ten_views_are_corners_centre_and_their_mirror_images():
    views = images.ten_views(BATCH, 4)
    assert views.shape == (3, 10, 4, 4, 3)
    np.testing.assert_array_equal(views[:, 0], BATCH[:, :4, :4])
    np.testing.assert_array_equal(views[:, 1], BATCH[:, :4, -4:])
    np.testing.assert_array_equal(views[:, 2], BATCH[:, -4:, :4])
    np.testing.assert_array_equal(views[:, 3], BATCH[:, -4:, -4:])
    np.testing.assert_array_equal(views[:, 4], BATCH[:, 1:5, 2:6])
    np.testing.assert_array_equal(views[:, 5:], views[:, :5, :, ::-1])


def test_principal_colours_of_four_pixels():
    pixels = np.array([[2, 2, 2], [-2, -2, -2], [1, -1, 0], [-1, 1, 0]])
    variances, directions = images.principal_colours(pixels + 10)
    np.testing.assert_allclose(variances, [6, 1, 0], atol=1e-12)
    np.testing.assert_allclose(directions[:, 0], np.ones(3) / np.sqrt(3))
    np.testing.assert_allclose(np.abs(directions[:, 1]), np.array([1, 1, 0]) / np.sqrt(2), atol=1e-12)


def test_principal_colours_rebuild_the_covariance_and_have_a_sign():
    pixels = rng.standard_normal((2, 5, 8, 3)) @ rng.standard_normal((3, 3))
    variances, directions = images.principal_colours(pixels)
    assert (np.diff(variances) <= 0).all()
    np.testing.assert_allclose(
        directions * variances @ directions.T, np.cov(pixels.reshape(-1, 3).T, bias=True)
    )
    np.testing.assert_allclose(directions.T @ directions, np.eye(3), atol=1e-12)
    assert (directions.sum(axis=0) > 0).all()
    np.testing.assert_allclose(images.principal_colours(-pixels)[1], directions)


@pytest.mark.first_version("T26")
def test_colour_noise_shifts_each_image_by_one_colour():
    noisy = images.colour_noise(BATCH, np.array([6.0, 1, 0]), np.eye(3), rng)
    shifts = noisy - BATCH
    assert np.ptp(shifts, axis=(1, 2)).max() < 1e-9
    assert len(np.unique(shifts[:, 0, 0, 0])) == 3
    assert not shifts[..., 2].any()


def test_colour_noise_has_the_size_that_was_asked_for():
    still = np.zeros((4000, 1, 1, 3))
    shifts = images.colour_noise(still, np.array([6.0, 1, 0.5]), np.eye(3), np.random.default_rng(1), std=0.2)
    np.testing.assert_allclose(shifts.std(axis=(0, 1, 2)), [1.2, 0.2, 0.1], rtol=0.05)


@pytest.mark.parametrize("function", [images.mirror, lambda x: images.ten_views(x, 2)])
def test_an_image_without_a_batch_is_refused(function):
    with pytest.raises(
        ValueError, match=r"images must have shape \(N, H, W, C\); got \(6, 9, 3\)\. .*newaxis"
    ):
        function(BATCH[0])


@pytest.mark.parametrize("function", [images.ten_views, lambda x, size: images.random_views(x, size, rng)])
def test_a_crop_that_does_not_fit_is_refused(function):
    with pytest.raises(ValueError, match="size 7 exceeds the images, 6 by 9 pixels"):
        function(BATCH, 7)
    with pytest.raises(ValueError, match="size must be at least 1; got 0"):
        function(BATCH, 0)
    with pytest.raises(TypeError, match="size must be a whole number"):
        function(BATCH, 2.5)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "call",
    [lambda rng: images.random_views(BATCH, 4, rng), lambda rng: images.colour_noise(BATCH, *SCALES, rng)],
)
def test_a_generator_is_made_or_asked_for(call):
    assert call(None).shape[0] == 3
    for stranger in (np.random.RandomState(0), 0, np.random):
        with pytest.raises(TypeError, match="rng must be a Generator, such as"):
            call(stranger)


SCALES = np.array([6.0, 1, 0]), np.eye(3)


def test_lists_and_small_integers_are_taken():
    grey = BATCH[..., :1].astype(np.int8)
    assert images.random_views(grey.tolist(), 4, RNG).shape == (3, 4, 4, 1)
    assert images.ten_views(grey, 4).dtype == np.int8
    noisy = images.colour_noise(grey, [100.0], [[1]], RNG, std=10)
    assert noisy.shape == grey.shape
    assert np.abs(noisy).max() > 128  # it does not wrap
    assert images.random_views(BATCH[:0], 4, RNG).shape == (0, 4, 4, 3)  # a batch may be empty


def test_principal_colour_of_one_channel():
    variances, directions = images.principal_colours([[1.0], [3.0]])
    assert (variances.tolist(), directions.tolist()) == ([1], [[1]])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: images.colour_noise(BATCH[..., :1], *SCALES, RNG),
            ValueError,
            r"scales must be \(1,\); got",
        ),
        (lambda: images.colour_noise(BATCH, [1, 2], np.eye(3), RNG), ValueError, r"scales must be \(3,\)"),
        (
            lambda: images.colour_noise(BATCH, [1, 2, 3], np.eye(2), RNG),
            ValueError,
            r"directions must be \(3, 3",
        ),
        (lambda: images.colour_noise(BATCH, *SCALES, RNG, std=-1), ValueError, "std must be a finite number"),
        (lambda: images.colour_noise(BATCH, *SCALES, RNG, std="1"), TypeError, "std must be a number"),
        (lambda: images.colour_noise(BATCH * 1j, *SCALES, RNG), TypeError, "images must hold real numbers"),
        (
            lambda: images.mirror([[[[1], [2]], [[3]]]]),
            ValueError,
            "images must be .*; its rows have different",
        ),
        (lambda: images.mirror(np.zeros((2, 0, 3, 1))), ValueError, "no pixel in it"),
        (
            lambda: images.principal_colours(3),
            ValueError,
            r"pixels must be \(\.\.\., channels\); got shape \(\)",
        ),
        (lambda: images.principal_colours([[1, np.nan]]), ValueError, "pixels must hold finite numbers"),
        (lambda: images.principal_colours(np.zeros((0, 3))), ValueError, "pixels must hold at least one"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("size", [np.uint8(200), np.int8(100)])
def test_a_size_may_be_a_small_integer_of_numpy(size):
    batch = np.arange(300 * 400.0).reshape(1, 300, 400, 1)
    np.testing.assert_array_equal(images.centre_crop(batch[0], size), images.centre_crop(batch[0], int(size)))
    np.testing.assert_array_equal(images.ten_views(batch, size), images.ten_views(batch, int(size)))
    one, same = (images.random_views(batch, side, np.random.default_rng(0)) for side in (size, int(size)))
    np.testing.assert_array_equal(one, same)


@pytest.mark.parametrize("views", [images.ten_views, lambda x, size: images.random_views(x, size, None)])
def test_a_view_without_a_size_is_refused(views):
    with pytest.raises(TypeError, match="size must be a whole number; got None"):
        views(np.zeros((1, 8, 8, 3)), None)
