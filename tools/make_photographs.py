"""Write the photographs of src/alexnet_course/data/photographs from the packages that they come from.

Run once, by hand, in an environment that has the two packages: pip install scikit-image scikit-learn

Each photograph is scaled so that its shorter side is 256 pixels, the size that the paper's section 2 starts
from, and stored as PNG: no decoder and no resampler can then move one of the course's numbers.
"""

import pathlib

from PIL import Image

FOLDER = pathlib.Path(__file__).parent.parent / "src" / "alexnet_course" / "data" / "photographs"
SHORT_SIDE = 256


def originals():
    """Yield the name and the (H, W, 3) pixels of every photograph."""
    import skimage.data
    import sklearn.datasets

    for name in ("chelsea", "coffee", "astronaut", "rocket"):
        yield name, getattr(skimage.data, name)()
    for name in ("china", "flower"):
        yield name, sklearn.datasets.load_sample_image(f"{name}.jpg")


def main():
    """Scale and store them all."""
    for name, pixels in originals():
        image = Image.fromarray(pixels)
        scale = SHORT_SIDE / min(image.size)
        size = [round(side * scale) for side in image.size]
        path = FOLDER / f"{name}.png"
        image.resize(size, Image.Resampling.BILINEAR).save(path, optimize=True)
        print(f"{path.name}: {size[0]} x {size[1]}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
