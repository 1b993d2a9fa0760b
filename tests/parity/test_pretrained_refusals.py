"""Files that are no AlexNet: refused by what is wrong with them, and no program in them runs."""

import os
import pathlib
import pickle
import zipfile

import numpy as np
import pytest

from alexnet_course.pretrained import load_alexnet

pytestmark = pytest.mark.parity


class Program:
    """What a pickle would run: it makes a folder."""

    def __init__(self, folder):
        self.folder = str(folder)

    def __reduce__(self):
        return os.mkdir, (self.folder,)


@pytest.fixture
def state():
    """A state_dict of torchvision's names and shapes, of one number each: its file is small."""
    import torch

    shapes = {
        "features.0": (64, 3, 11, 11),
        "features.3": (192, 64, 5, 5),
        "features.6": (384, 192, 3, 3),
        "features.8": (256, 384, 3, 3),
        "features.10": (256, 256, 3, 3),
        "classifier.1": (4096, 9216),
        "classifier.4": (4096, 4096),
        "classifier.6": (1000, 4096),
    }
    tensors = {}
    for place, shape in shapes.items():
        tensors[f"{place}.weight"] = torch.full((1,), 0.5).expand(shape)
        tensors[f"{place}.bias"] = torch.full((1,), 0.25).expand(shape[:1])
    return tensors


def refusal(path):
    """Return in which words a file is refused."""
    with pytest.raises(ValueError, match=path.name) as caught:
        load_alexnet(path)
    return str(caught.value)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_good_file_and_then_bad_ones(state, tmp_path, zipped):
    import torch

    def saved(content):
        torch.save(content, path, _use_new_zipfile_serialization=zipped)
        return path

    path = tmp_path / "alexnet.pth"
    loaded = load_alexnet(saved(state))
    before = {name: array[..., :1].copy() for name, array in loaded.network.params.items()}
    assert loaded.network["fc8"].weight[0, 0] == 0.5
    nan = state["classifier.6.bias"].clone()
    nan[7] = float("nan")
    for content, words in [
        (state | {"classifier.6.bias": nan}, "classifier.6.bias must hold finite numbers"),
        (state | {"features.3.bias": torch.zeros(192, dtype=torch.int64)}, "numbers; got torch.int64"),
        (state | {"features.3.bias": [1.0]}, "features.3.bias must have shape (192,); got list"),
        (
            state | {"features.3.bias": torch.zeros(64)},
            "features.3.bias must have shape (192,); got (64,)",
        ),
        (
            {name: state[name] for name in list(state)[:-1]},
            "it lacks ['classifier.6.bias'] and has nothing more",
        ),
        (state | {"mean": torch.zeros(3)}, "it lacks nothing and has ['mean'] more"),
        (torch.nn.Linear(2, 3).state_dict(), "it is another network: AlexNet has conv1.weight"),
        ({"state_dict": state}, "this file begins with state_dict"),
        ([1, 2], "it must hold tensors by name, a state_dict; it holds a list"),
        (state["features.0.bias"], "it holds a Tensor"),
        (torch.nn.Linear(2, 3), "it asks for torch.nn.modules.linear.Linear, which is code"),
        (state | {"more": Program(tmp_path / "made")}, "which is code and not weights, and was not run"),
    ]:
        assert words in refusal(saved(content))
    assert not (tmp_path / "made").exists()
    for name, array in loaded.network.params.items():
        np.testing.assert_array_equal(array[..., :1], before[name])


@pytest.mark.parametrize("zipped", [True, False])
def test_a_truncated_pth_is_refused(state, tmp_path, zipped):
    import torch

    path = tmp_path / "alexnet.pth"
    torch.save(state, path, _use_new_zipfile_serialization=zipped)
    whole = path.read_bytes()
    for length in (0, 10, 200, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert " is no torch file, or it is damaged: " in refusal(path)


def test_an_altered_pth_is_refused(state, tmp_path):
    import torch

    path = tmp_path / "alexnet.pth"
    torch.save(state, path)
    content = bytearray(path.read_bytes())
    place = content.index(np.float32(0.5).tobytes(), zipfile.ZipFile(path).infolist()[1].header_offset)
    content[place] ^= 1
    path.write_bytes(content)
    assert "has another checksum than the file says" in refusal(path)


@pytest.mark.parametrize("suffix", [".onnx", ".safetensors", ".pth"])
def test_what_holds_no_weights_is_called_by_its_name(tmp_path, suffix):
    path = tmp_path / f"weights{suffix}"
    for content, words in [
        (b"", "it is empty"),
        (b"<html>not found</html>", "it is a text file"),
        (pickle.dumps(Program(tmp_path / "made")), "it is a pickle, which could run a program"),
    ]:
        path.write_bytes(content)
        assert words in refusal(path)
    assert not (tmp_path / "made").exists()


def test_a_damaged_safetensors_file_is_refused(tmp_path):
    import safetensors.numpy

    path = tmp_path / "alexnet.safetensors"
    safetensors.numpy.save_file({"conv1.weight": np.zeros((96, 3, 11, 11), np.float32)}, path)
    assert (
        "it is not bvlc_alexnet, Caffe's replica of the paper's network: it lacks ['conv1.bias'"
        in refusal(path)
    )
    whole = path.read_bytes()
    for length in (10, 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert " is no safetensors file, or it is damaged: " in refusal(path)


def graph(*nodes, size=224, **arrays):
    """Return an ONNX model that takes images and has these nodes, ("Relu", "input", "output", {settings})."""
    from onnx import TensorProto, helper, numpy_helper

    made = [helper.make_node(kind, inputs.split(), [output], **says) for kind, inputs, output, says in nodes]
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, size, size])
    given = [] if size is None else [given]
    stored = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    return helper.make_model(helper.make_graph(made, "g", given, [], stored))


#: conv1 of the zoo's file, as far as its first line.
CONV = ("Conv", "x w b", "y", {"strides": [4, 4]})
ARRAYS = {"w": np.zeros((96, 3, 11, 11), np.float32), "b": np.zeros(96, np.float32)}


@pytest.mark.parametrize(
    ("nodes", "options", "words"),
    [
        ([], {}, "it holds no network"),
        ([CONV], {"size": 0}, "it must take images (N, 3, size, size) of one size; it takes [1, 3, 0, 0]"),
        ([CONV], {"size": None}, "of one size; it takes []"),
        ([("Relu", "x", "y", {})], {}, "AlexNet begins with 96 or 64 filters, this with ()"),
        (
            [("BatchNormalization", "x", "y", {})],
            {},
            "it is another network: AlexNet has no BatchNormalization",
        ),
        ([CONV, ("Relu", "x", "z", {})], {}, "its Relu does not take what is before it"),
        ([CONV, ("Relu", "y", "z", {}), ("Relu", "z", "q", {})], {}, "it has relu1 twice"),
        ([CONV, ("Softmax", "y", "z", {}), ("Relu", "z", "q", {})], {}, "AlexNet has no Softmax there"),
        ([CONV], {}, "it lacks ['conv2.bias', 'conv2.weight'"),
        ([("Conv", "x missing b", "y", {})], {}, "AlexNet begins with 96 or 64 filters, this with ()"),
    ],
)
def test_graphs_of_other_networks_are_refused(tmp_path, nodes, options, words):
    import onnx

    path = tmp_path / "weights.onnx"
    onnx.save(graph(*nodes, **options, **ARRAYS), path)
    assert words in refusal(path)


@pytest.mark.parametrize("name", ["light_vgg19", "light_squeezenet", "light_zfnet512"])
def test_other_networks_of_the_zoo_are_refused(tmp_path, name):
    """Their graphs come with the package onnx; nodes that would make their weights are no layers."""
    import onnx

    folder = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
    model = onnx.load(folder / f"{name}.onnx")
    kept = [node for node in model.graph.node if node.op_type != "ConstantOfShape"]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    onnx.save(model, tmp_path / "weights.onnx")
    assert ": it is another network: " in refusal(tmp_path / "weights.onnx")
