"""What AlexNet does to its photographs before the first layer: crops, mirror images, shifts of colour.

Images are (N, H, W, C). Whatever is drawn at random comes from the generator that is passed on. The recipe is
that of Krizhevsky, Sutskever and Hinton (2012), section 4.1.
"""

from typing import NamedTuple

import numpy as np

from alexnet_course.checks import check_generator, check_images, real_array, real_number, whole_number

#: Mean red, green and blue over ImageNet's training photographs, 0 to 255, the values that Caffe's reference
#: models subtract (in the order blue, green, red).
MEAN_COLOUR = (122.679, 116.669, 104.006)


def _check_images(images):
    """Return images as an array of rank 4."""
    images = real_array(images, "images")
    check_images(images.shape, "images")
    return images


def _check_size(size, images):
    """Return the side of a square that fits in the images as an int: NumPy's small integers would wrap."""
    size = whole_number(size, "size", minimum=1)
    if size > min(images.shape[1:3]):
        raise ValueError(f"size {size} exceeds the images, {images.shape[1]} by {images.shape[2]} pixels")
    return size


def centre_crop(image, size):
    """Return the square in the middle of an image.

    When the margins cannot be equal, the odd pixel is left at the bottom or the right.

    Parameters
    ----------
    image : ndarray, shape (H, W) or (H, W, C)
    size : int
        Side of the square in pixels, at most the shorter of H and W.

    Returns
    -------
    ndarray, shape (size, size) or (size, size, C)
        A view of `image`.

    Raises
    ------
    TypeError, ValueError
        If `image` has another rank, or the square does not fit.

    Examples
    --------
    >>> centre_crop(np.zeros((256, 385, 3)), 227).shape
    (227, 227, 3)
    """
    image = real_array(image, "image", "H, W", "H, W, C")
    height, width = image.shape[:2]
    size = whole_number(size, "size")  # an int: NumPy's small integers would wrap
    if not 1 <= size <= min(height, width):
        limit = f"1 to {min(height, width)} for an image of {height} by {width}"
        raise ValueError(f"size is {size}; it must be {limit}")
    top, left = (height - size) // 2, (width - size) // 2
    return image[top : top + size, left : left + size]


class Preparation(NamedTuple):
    """How a trained network wants its photographs; called with one, it gives what the network takes.

    Examples
    --------
    >>> prepare = Preparation(227, MEAN_COLOUR, order="BGR")
    >>> prepare(np.zeros((256, 256, 3), np.uint8))[0, 0, 0]
    array([-104.006, -116.669, -122.679], dtype=float32)
    """

    size: int
    """Side of the square in the middle, in pixels."""
    mean: tuple
    """Red, green and blue that are subtracted, 0 to 255."""
    deviation: tuple = (1.0, 1.0, 1.0)
    """By what red, green and blue are divided then, in grey levels."""
    order: str = "RGB"
    """``"BGR"`` for networks that were trained with blue first, as Caffe's."""

    def __call__(self, image):
        """Return a photograph as the network wants it.

        Parameters
        ----------
        image : array_like of 0 to 255, shape (H, W, 3)
            Red, green and blue; the shorter side is best 256, as `load_photograph` and `open_picture` give
            it.

        Returns
        -------
        ndarray of float32, shape (1, size, size, 3)

        Raises
        ------
        TypeError
            If it does not hold real numbers.
        ValueError
            If the image has another shape, is smaller, or holds other values, such as 0 to 1.
        """
        image = real_array(image, "image", "H, W, 3")
        least, most = float(image.min()), float(image.max())
        if not (least >= 0 and most <= 255):  # false for NaN too
            raise ValueError(f"image must hold 0 to 255; got {least:g} to {most:g}")
        if image.dtype.kind in "bf" and 0 < most <= 1:
            raise ValueError(f"image must hold 0 to 255; its largest value is {most:g}: multiply by 255")
        pixels = centre_crop(image, self.size).astype(np.float32) - np.float32(self.mean)
        pixels /= np.float32(self.deviation)
        places = ["RGB".index(colour) for colour in self.order]
        return pixels.take(places, axis=-1)[np.newaxis]


def mirror(images):
    """Return images with left and right exchanged.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)

    Returns
    -------
    ndarray, shape (N, H, W, C)
        A view of `images`.

    Raises
    ------
    TypeError, ValueError
        If `images` has another rank, or holds no real numbers.

    Examples
    --------
    >>> mirror(np.arange(3).reshape(1, 1, 3, 1)).ravel()
    array([2, 1, 0])
    """
    return _check_images(images)[:, :, ::-1]


def random_views(images, size, rng):
    """Return one training view of each image: a square at a random place, mirrored with probability one half.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
    size : int
        Side of the square in pixels, at most the shorter of H and W.
    rng : numpy.random.Generator or None
        None draws from a fresh generator.

    Returns
    -------
    ndarray, shape (N, size, size, C)
        A new array of the images' dtype.

    Raises
    ------
    TypeError, ValueError
        If `images` has another rank, the square does not fit, or `rng` is no Generator.

    Examples
    --------
    >>> random_views(np.zeros((2, 256, 256, 3)), 227, np.random.default_rng(0)).shape
    (2, 227, 227, 3)
    """
    images = _check_images(images)
    size = _check_size(size, images)
    rng = check_generator(rng)
    batch, height, width, channels = images.shape
    views = np.empty((batch, size, size, channels), images.dtype)
    for view, image in zip(views, images, strict=True):
        top, left = rng.integers(height - size + 1), rng.integers(width - size + 1)  # the last place counts
        cut = image[top : top + size, left : left + size]
        view[...] = cut[:, ::-1] if rng.integers(2) else cut
    return views


def ten_views(images, size):
    """Return the ten test views of each image: four corners and the centre, then their mirror images.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
    size : int
        Side of the squares in pixels, at most the shorter of H and W.

    Returns
    -------
    ndarray, shape (N, 10, size, size, C)
        Upper left, upper right, lower left, lower right, centre; the same five mirrored.

    Raises
    ------
    TypeError, ValueError
        If `images` has another rank, or the square does not fit.

    Examples
    --------
    >>> ten_views(np.zeros((1, 256, 256, 3)), 227).shape
    (1, 10, 227, 227, 3)
    """
    images = _check_images(images)
    size = _check_size(size, images)
    bottom, right = images.shape[1] - size, images.shape[2] - size
    corners = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
    five = [images[:, top : top + size, left : left + size] for top, left in corners]
    return np.stack(five + [mirror(view) for view in five], axis=1)


def principal_colours(pixels):
    """Return the directions in which colours vary, and how much: principal components of RGB.

    Parameters
    ----------
    pixels : ndarray, shape (..., channels)
        Every pixel counts alike, whichever image it is from.

    Returns
    -------
    variances : ndarray, shape (channels,)
        Eigenvalues of the covariance, largest first, in squared units of a pixel.
    directions : ndarray, shape (channels, channels)
        Column i has length 1 and belongs to ``variances[i]``. An eigenvector has no sign of its own; here the
        entries of each add up to more than 0 or, if they cancel, the largest is positive.

    Raises
    ------
    TypeError, ValueError
        If `pixels` does not hold finite real numbers, or none.

    Examples
    --------
    >>> variances, directions = principal_colours([[2, 2, 2], [-2, -2, -2], [1, -1, 0], [-1, 1, 0]])
    >>> variances.round(6) + 0
    array([6., 1., 0.])
    >>> directions[:, 0].round(3)
    array([0.577, 0.577, 0.577])
    """
    pixels = real_array(pixels, "pixels", "..., channels").astype(np.float64)
    if not np.isfinite(pixels).all():
        raise ValueError("pixels must hold finite numbers; it has NaN or infinity")
    covariance = np.cov(pixels.reshape(-1, pixels.shape[-1]), rowvar=False, bias=True)
    variances, directions = np.linalg.eigh(np.atleast_2d(covariance))  # (channels, channels)
    variances, directions = variances[::-1].clip(min=0), directions[:, ::-1]  # eigh sorts upwards
    total, first = (
        directions.sum(axis=0),
        directions[np.abs(directions).round(9).argmax(axis=0), range(len(variances))],
    )
    return variances, directions * np.sign(np.where(np.abs(total) > 1e-9, total, first))


def colour_noise(images, scales, directions, rng, std=0.1):
    """Return images whose colours are shifted, each image by one random colour.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, channels)
        In the unit that `scales` has.
    scales : ndarray, shape (channels,)
        How far a random number of 1 shifts along each direction: the variances, in the paper's words.
    directions : ndarray, shape (channels, channels)
        Unit vectors in columns, as `principal_colours` gives them.
    rng : numpy.random.Generator or None
        None draws from a fresh generator.
    std : float
        Standard deviation of the random numbers, of which each image gets one for each direction.

    Returns
    -------
    ndarray, shape (N, H, W, channels)
        float64; values may leave the range of a picture.

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit each other, `std` is negative, or `rng` is no Generator.
    """
    images = _check_images(images)
    channels = images.shape[-1]
    scales = real_array(scales, "scales", f"{channels}")
    directions = real_array(directions, "directions", f"{channels}, {channels}")
    std = real_number(std, "std")
    alphas = check_generator(rng).normal(0, std, (len(images), channels))
    shifts = (alphas * scales) @ directions.T  # (N, channels)
    return images + shifts[:, np.newaxis, np.newaxis]
