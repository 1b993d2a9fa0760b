"""AlexNet from files of others, as far as NumPy alone goes; tests/parity has the files themselves."""

import hashlib
import sys
import types

import numpy as np
import pytest

from alexnet_course import pretrained
from alexnet_course.alexnet import AlexNet
from alexnet_course.network import Sequential
from alexnet_course.pretrained import caffe_layers, load_alexnet, torchvision_layers

#: What torchvision calls its arrays, and their shapes; taken from a network that PyTorch made.
TORCHVISION = {
    "features.0": (64, 3, 11, 11),
    "features.3": (192, 64, 5, 5),
    "features.6": (384, 192, 3, 3),
    "features.8": (256, 384, 3, 3),
    "features.10": (256, 256, 3, 3),
    "classifier.1": (4096, 9216),
    "classifier.4": (4096, 4096),
    "classifier.6": (1000, 4096),
}


def zeros(shapes):
    """Return arrays of zeros that take no memory, by the names in a file."""
    sizes = {f"{place}.weight": shape for place, shape in shapes.items()}
    sizes |= {f"{place}.bias": shape[:1] for place, shape in shapes.items()}
    return {name: np.broadcast_to(np.float32(0), shape) for name, shape in sizes.items()}


@pytest.fixture
def loaded(monkeypatch, tmp_path):
    """Return a function that loads a file which holds the arrays that it is given."""
    path = tmp_path / "alexnet.safetensors"
    path.write_bytes(b"\1")

    def load(arrays):
        package = types.SimpleNamespace(load_file=lambda file: arrays)
        monkeypatch.setattr(pretrained, "_package", lambda name: package)
        return load_alexnet(path)

    return load


def test_caffes_network_is_the_papers_with_other_numbers_in_lrn():
    ours, theirs = AlexNet(initial=0.0), Sequential(caffe_layers(initial=0.0), (227, 227, 3))
    different = [name for name in ours.layers if repr(ours[name]) != repr(theirs[name])]
    assert list(ours.layers) == list(theirs.layers)
    assert different == ["lrn1", "lrn2"]
    assert sum(array.size for array in theirs.params.values()) == 60_965_224


def test_torchvisions_dropout_stands_before_its_dense_layers():
    names = list(torchvision_layers(initial=0.0))
    assert " ".join(names).endswith("pool5 flatten dropout5 fc6 relu6 dropout6 fc7 relu7 fc8")


def test_torchvisions_photographs_are_prepared_by_its_formula(loaded):
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (256, 256, 3), np.uint8)
    network = loaded(zeros(TORCHVISION))
    x = network.prepare(image)
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    expected = (image[16:240, 16:240] / 255 - mean) / deviation
    np.testing.assert_allclose(x, expected[np.newaxis], atol=1e-5)
    assert network.network.input_shape == (224, 224, 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"classifier.6.bias": None}, r"it lacks \['classifier.6.bias'\] and has nothing more"),
        ({"extra": np.ones(1)}, r"it lacks nothing and has \['extra'\] more"),
        (
            {"features.3.weight": np.zeros((192, 64, 3, 3))},
            r"features.3.weight must have shape \(192, 64, 5, 5\)",
        ),
        ({"features.0.bias": np.float32(0)}, r"features.0.bias must have shape \(64,\); got \(\)"),
        ({"features.0.bias": "a"}, r"features.0.bias must have shape \(64,\); got str"),
        (
            {"features.0.bias": np.zeros(64, int)},
            "features.0.bias must hold floating-point numbers; got int64",
        ),
        ({"features.0.bias": np.full(64, np.nan)}, "features.0.bias must hold finite .*; its largest is nan"),
        ({"features.0.bias": np.full(64, 1e300)}, "that fit in float32; its largest is 1e[+]300"),
        ({"features.0.weight": None}, r"it is another network: AlexNet has .* begins with features.3.weight"),
    ],
)
def test_arrays_that_do_not_fit_are_named(loaded, change, words):
    arrays = zeros(TORCHVISION) | change
    arrays = {name: array for name, array in arrays.items() if array is not None}
    with pytest.raises(ValueError, match=rf"alexnet.safetensors: .*{words}"):
        loaded(arrays)


def test_a_file_without_arrays_is_another_network(loaded):
    with pytest.raises(ValueError, match=r"it is another network: .* this file begins with nothing"):
        loaded({})


@pytest.mark.parametrize(
    ("file", "extra"),
    [("a.onnx", "onnx"), ("a.safetensors", "safetensors"), ("a.PTH", "torch"), ("a.pt", "torch")],
)
def test_the_extra_that_is_missing_is_named(monkeypatch, tmp_path, file, extra):
    for name in ("onnx", "safetensors", "safetensors.numpy", "torch"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / file
    path.write_bytes(b"\1")
    with pytest.raises(ImportError, match=rf"package {extra}, .*: pip install 'alexnet-course\[{extra}\]'"):
        load_alexnet(path)


def test_files_of_another_kind_are_refused(tmp_path):
    path = tmp_path / "alexnet.npz"
    path.write_bytes(b"\1")
    with pytest.raises(ValueError, match=r"path must end in .onnx, .safetensors, .pth, .pt; got .*npz"):
        load_alexnet(path)
    with pytest.raises(FileNotFoundError, match="there is no weight file"):
        load_alexnet(tmp_path / "none.onnx")
    with pytest.raises(TypeError, match="path must be a path"):
        load_alexnet(5)


def test_a_hash_is_held_against_the_file(tmp_path):
    digest = hashlib.sha256(b"\1").hexdigest()
    for name, sha256 in [
        ("alexnet-owt-7be5be79.pth", None),
        ("alexnet.onnx", "7be5be79"),
        (f"alexnet-{digest[:8]}.pth", "7be5be79"),
        ("alexnet.onnx", ""),
    ]:
        path = tmp_path / name
        path.write_bytes(b"\1")
        with pytest.raises(ValueError, match=f"is not the file that was meant: its SHA-256 is {digest}"):
            load_alexnet(path, sha256)
