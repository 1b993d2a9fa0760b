"""Train first-layer filters by backpropagation, to tell which of six photographs a piece is from.

Run by hand: python tools/train_filters.py [STEPS]     (4,500 steps, about four minutes of one core)

A small network of this course's own layers looks at pieces of 51 x 51 pixels and names the photograph. Its
first layer is AlexNet's conv1: 96 filters of 11 x 11 pixels, stride 4; conv2 has two groups, as on the two
graphics cards of 2012, so that the towers may specialize; whether they do, one run cannot say (chapter 14).
Four choices decide whether the filters become something to look at; all were found by trying:

- the photographs are whitened: their amplitudes fall with frequency, and without whitening a filter learns
  smooth blobs first;
- each piece gets a shift of colour and a contrast of its own: else its colour gives the photograph away;
- the photographs come in six sizes, so that no detail has one scale;
- conv1 starts small and has 20 times the weight decay of the other layers, which wipes out what the start
  left in its filters: about half of them fade.

The same seed gives other filters with another BLAS kernel; the file holds those that were found here.
"""

import hashlib
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: the result depends on it

import numpy as np
from PIL import Image

from alexnet_course import weights
from alexnet_course.data.filters import LEARNED
from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D, ReLU
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD
from alexnet_course.training import Record, evaluate, progress

SIDE, BATCH, STEPS = 51, 64, 4500
SHORTER_SIDES = (110, 128, 150, 175, 205, 256)  # the sizes of each photograph
RATE, WARM_UP, MOMENTUM = 0.05, 100, 0.9
WEIGHT_DECAY, FIRST_WEIGHT_DECAY = 5e-4, 1e-2
FIRST_DEVIATION = 0.0015
CUTOFF, FLOOR, BORDER = 0.4, 0.02, 16  # cycles a pixel; share of the mean that stays; mirrored pixels


def whiten(image):
    """Return an image, (H, W, 3), whose amplitudes are multiplied by their frequency, with deviation 1.

    Photographs hold about as much at every frequency then (Field, 1987). Above the cutoff there is more noise
    than picture, so it fades out.
    """
    image = np.pad(image, ((BORDER, BORDER), (BORDER, BORDER), (0, 0)), "reflect")
    rows, columns = (np.fft.fftfreq(size) for size in image.shape[:2])
    frequency = np.hypot(rows[:, np.newaxis], columns)
    gain = frequency * np.exp(-((frequency / CUTOFF) ** 4)) + FLOOR
    spectrum = np.fft.fft2(image, axes=(0, 1)) * gain[..., np.newaxis]
    white = np.fft.ifft2(spectrum, axes=(0, 1)).real[BORDER:-BORDER, BORDER:-BORDER]
    return (white / white.std()).astype(np.float32)


def whitened_photographs():
    """Return for each photograph its six sizes, whitened."""
    found = []
    for name in NAMES:
        photograph = Image.fromarray(load_photograph(name))
        scales = [side / min(photograph.size) for side in SHORTER_SIDES]
        sizes = [[round(side * scale) for side in photograph.size] for scale in scales]
        scaled = [photograph.resize(size, Image.Resampling.LANCZOS) for size in sizes]
        found.append([whiten(np.asarray(image, np.float32) / 255) for image in scaled])
    return found


def pieces(photographs, count, rng, disguise=True):
    """Return random pieces, (count, 51, 51, 3), and the numbers of their photographs."""
    labels = rng.integers(len(photographs), size=count)
    images = np.empty((count, SIDE, SIDE, 3), np.float32)
    for image, label in zip(images, labels, strict=True):
        photograph = photographs[label][rng.integers(len(SHORTER_SIDES))]
        row, column = (rng.integers(size - SIDE + 1) for size in photograph.shape[:2])
        piece = photograph[row : row + SIDE, column : column + SIDE]
        image[...] = piece[:, ::-1] if rng.integers(2) else piece
    if disguise:
        images *= rng.uniform(0.6, 1.4, (count, 1, 1, 1)).astype(np.float32)
        images += rng.standard_normal((count, 1, 1, 3), np.float32)
    return images, labels


def build(rng):
    """Return the network: AlexNet's first layer and a small remainder."""
    layers = {
        "conv1": Conv2D(3, 96, 11, 4, initial=FIRST_DEVIATION, rng=rng),
        "relu1": ReLU(),
        "pool1": MaxPooling2D(3, 2),
        "conv2": Conv2D(96, 64, 5, padding=2, groups=2, rng=rng),
        "relu2": ReLU(),
        "pool2": MaxPooling2D(3, 2),
        "conv3": Conv2D(64, 96, 3, padding=1, rng=rng),
        "relu3": ReLU(),
        "flatten": Flatten(),
        "fc6": Dense(384, 128, rng=rng),
        "relu6": ReLU(),
        "dropout6": Dropout(0.5, rng=rng),
        "fc8": Dense(128, len(NAMES), initial=0.01, rng=rng),
    }
    return Sequential(layers, (SIDE, SIDE, 3))


def train(steps, seed=0):
    """Return the trained network, and the whitened photographs."""
    photographs, network = whitened_photographs(), build(np.random.default_rng(seed))
    rng = np.random.default_rng(seed + 1)
    first = Sequential({"conv1": network["conv1"]})
    rest = Sequential({name: layer for name, layer in network.layers.items() if name != "conv1"})
    optimizers = (
        SGD(first, RATE, MOMENTUM, FIRST_WEIGHT_DECAY),
        SGD(rest, RATE, MOMENTUM, WEIGHT_DECAY),
    )
    record, network.training = Record(network), True
    for step in progress(range(steps), "filters"):
        rate = RATE * min(1, (step + 1) / WARM_UP) * (1 + np.cos(np.pi * step / steps)) / 2
        images, labels = pieces(photographs, BATCH, rng)
        loss, grad_logits = cross_entropy(network.forward(images), labels)
        record.add(loss)
        network.backward(grad_logits, input_gradient=False)
        for optimizer in optimizers:
            optimizer.learning_rate = rate
            optimizer.step()
        if (step + 1) % 500 == 0:
            print(f"step {step + 1}: mean loss of 500 steps {np.mean(record.losses[-500:]):.3f}", flush=True)
    return network, photographs


def main(steps=STEPS):
    """Train, store and print."""
    start = time.process_time()
    network, photographs = train(steps)
    seconds = time.process_time() - start
    fresh = pieces(photographs, 1000, np.random.default_rng(99), disguise=False)
    print(f"{seconds:.0f} s; right of 1,000 fresh pieces: {evaluate(network, *fresh).accuracy:.3f}")
    weights.save(network["conv1"], LEARNED, dtype=np.float16)
    sha256 = hashlib.sha256(LEARNED.read_bytes()).hexdigest()
    print(f"{LEARNED.name}: {LEARNED.stat().st_size} bytes, SHA-256 {sha256}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
