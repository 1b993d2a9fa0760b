"""Write the pictures of src/alexnet_course/data/fashion from the files of Fashion-MNIST.

Run by hand: python tools/make_fashion.py [FOLDER]

FOLDER holds the four files of the set; by default where Debian's package dataset-fashion-mnist puts them. Of
each class the first 500 pictures of the training files are taken to train with, and the first 100 of the test
files are held out. All stand in one picture, sorted by class, fifty in a row: so it packs best.
"""

import gzip
import hashlib
import pathlib
import sys

import numpy as np
from PIL import Image

from alexnet_course.data.fashion import CLASSES, COLUMNS, FILE, HELD_OUT, SIDE, TRAINING

FOLDER = "/usr/share/datasets/fashion-mnist"
ORIGINALS = {  # SHA-256 of what is packed in them: Debian packed the files anew
    "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


def read(folder, name, header):
    """Return the bytes of one file behind its header, once they are known to be the right ones."""
    data = gzip.decompress((pathlib.Path(folder) / name).read_bytes())
    if (found := hashlib.sha256(data).hexdigest()) != ORIGINALS[name]:
        sys.exit(f"{name} has the SHA-256 {found}; expected {ORIGINALS[name]}")
    return np.frombuffer(data, np.uint8, offset=header)


def first_of_each(folder, part, count):
    """Return the first `count` pictures of each class: (classes * count, 28, 28)."""
    images = read(folder, f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, SIDE, SIDE)
    labels = read(folder, f"{part}-labels-idx1-ubyte.gz", 8)
    return np.concatenate([images[labels == label][:count] for label in range(len(CLASSES))])


def main(folder=FOLDER):
    """Choose and store them."""
    images = np.concatenate(
        [first_of_each(folder, "train", TRAINING), first_of_each(folder, "t10k", HELD_OUT)]
    )
    sheet = images.reshape(-1, COLUMNS, SIDE, SIDE).swapaxes(1, 2).reshape(-1, COLUMNS * SIDE)
    Image.fromarray(sheet).save(FILE, optimize=True)
    print(
        f"{FILE.name}: {FILE.stat().st_size} bytes, SHA-256 {hashlib.sha256(FILE.read_bytes()).hexdigest()}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
