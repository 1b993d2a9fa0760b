"""Write 96 first-layer filters found in the photographs by k-means, without a label and without a network.

Run by hand: python tools/make_filters.py

The recipe is that of Coates, Ng and Lee (2011, section 3): take random 11 by 11 patches, remove each patch's
mean and contrast, whiten them all, and look for 96 directions by spherical k-means. The filters resemble the
paper's Figure 3, but nothing was trained: they are what natural photographs are made of. The course uses them
wherever a picture needs a first layer that responds to something, and says so.
"""

import numpy as np

from alexnet_course.data.filters import KMEANS
from alexnet_course.data.photographs import NAMES, load_photograph

KERNEL_SIZE, FILTERS = 11, 96
PATCHES_PER_PHOTOGRAPH = 4000
ROUNDS = 20
CONTRAST_FLOOR = 1e-3  # keeps flat patches from being blown up into noise; intensities are 0 to 1
WHITENING_FLOOR = 0.1  # the same for directions in which patches hardly differ


def patches(rng):
    """Cut random patches from every photograph: (n, 11 * 11 * 3), intensities 0 to 1."""
    found = []
    for name in NAMES:
        windows = np.lib.stride_tricks.sliding_window_view(
            load_photograph(name) / 255, (KERNEL_SIZE, KERNEL_SIZE), axis=(0, 1)
        )  # (H', W', C, k, k)
        rows = rng.integers(windows.shape[0], size=PATCHES_PER_PHOTOGRAPH)
        columns = rng.integers(windows.shape[1], size=PATCHES_PER_PHOTOGRAPH)
        found.append(windows[rows, columns].transpose(0, 2, 3, 1).reshape(PATCHES_PER_PHOTOGRAPH, -1))
    return np.concatenate(found)


def whiten(x):
    """Give every patch mean 0 and contrast 1, then decorrelate the pixels."""
    x = x - x.mean(axis=1, keepdims=True)
    x /= np.sqrt(x.var(axis=1, keepdims=True) + CONTRAST_FLOOR)
    x -= x.mean(axis=0)
    variances, directions = np.linalg.eigh(x.T @ x / len(x))
    return (x @ directions) / np.sqrt(variances + WHITENING_FLOOR) @ directions.T


def spherical_k_means(x, rng):
    """Return unit vectors (FILTERS, features), each the sum of the patches that it answers loudest to."""
    centres = rng.standard_normal((FILTERS, x.shape[1]))
    for _ in range(ROUNDS):
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        answers = x @ centres.T  # (n, FILTERS)
        winner = np.abs(answers).argmax(axis=1)
        kept = np.zeros_like(answers)
        kept[np.arange(len(x)), winner] = answers[np.arange(len(x)), winner]
        centres += kept.T @ x
    return centres / np.linalg.norm(centres, axis=1, keepdims=True)


def colourfulness(centres):
    """Return how far each filter is from grey: the spread over the three channels, as a share of it all."""
    pixels = centres.reshape(FILTERS, -1, 3)
    return ((pixels - pixels.mean(axis=2, keepdims=True)) ** 2).sum(axis=(1, 2))


def main():
    """Find the filters, order them from grey to colourful and store them."""
    rng = np.random.default_rng(2012)
    centres = spherical_k_means(whiten(patches(rng)), rng)
    centres = centres[np.argsort(colourfulness(centres))]
    weight = centres.reshape(FILTERS, KERNEL_SIZE, KERNEL_SIZE, 3).transpose(1, 2, 3, 0)
    np.savez_compressed(KMEANS, weight=weight.astype(np.float16))
    print(f"{KMEANS.name}: {FILTERS} filters, {KMEANS.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
