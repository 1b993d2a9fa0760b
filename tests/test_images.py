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
