"""AlexNet from files that PyTorch and onnx made: the logits are theirs (make test-parity)."""

import copy
import hashlib
import pathlib
import re
import warnings

import numpy as np
import pytest
from helpers import ROOT

from alexnet_course.alexnet import AlexNet
from alexnet_course.data.classes import class_names
from alexnet_course.data.photographs import load_photograph
from alexnet_course.pretrained import load_alexnet

pytestmark = pytest.mark.parity

ONNX, TORCHVISION, SAFE = "bvlcalexnet-12.onnx", "alexnet-owt.pth", "alexnet.safetensors"


def torchvisions_network():
    """Return the network that torchvision calls alexnet, with its names of parameters; 61,100,840 of them."""
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            sizes = {0: (3, 64, 11, 4, 2), 3: (64, 192, 5, 1, 2), 6: (192, 384, 3, 1, 1)}
            sizes |= {8: (384, 256, 3, 1, 1), 10: (256, 256, 3, 1, 1)}
            features = [
                nn.Conv2d(*sizes[place])
                if place in sizes
                else nn.MaxPool2d(3, 2)
                if place in (2, 5, 12)
                else nn.ReLU()
                for place in range(13)
            ]
            self.features = nn.Sequential(*features)
            self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
            hidden = [nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU()]
            hidden += [nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]
            self.classifier = nn.Sequential(*hidden, nn.Linear(4096, 1000))

        def forward(self, x):
            return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))

    torch.manual_seed(0)
    return Network().eval()


def zoos_graph(rng):
    """Return the model zoo's graph of bvlcalexnet with random weights, and the name of its logits.

    The package onnx has the graph; nodes stand there for the weights. Here these are stored, as in the zoo.
    """
    import onnx
    from onnx import backend, helper, numpy_helper

    folder = pathlib.Path(backend.__file__).parent / "test" / "data" / "light"
    model = onnx.load(folder / "light_bvlc_alexnet.onnx")
    graph = model.graph
    shapes = {array.name: numpy_helper.to_array(array) for array in graph.initializer}
    kept = [node for node in graph.node if node.op_type != "ConstantOfShape"]
    for node in graph.node:
        if node.op_type == "ConstantOfShape":
            shape = tuple(shapes.pop(node.input[0]))
            deviation = np.sqrt(2 / np.prod(shape[1:])) if len(shape) > 1 else 0.1
            array = (deviation * rng.standard_normal(shape)).astype(np.float32)
            graph.initializer.append(numpy_helper.from_array(array, node.output[0]))
    stored = [array for array in graph.initializer if not array.name.endswith("__SHAPE")]
    del graph.node[:], graph.initializer[:], graph.input[1:]
    graph.node.extend(kept)
    graph.initializer.extend(stored)
    for array in stored:  # in files as old as this one, arrays are listed among the inputs too
        graph.input.append(helper.make_tensor_value_info(array.name, array.data_type, array.dims))
    logits = kept[-1].input[0]
    graph.output.append(helper.make_tensor_value_info(logits, onnx.TensorProto.FLOAT, [1, 1000]))
    return model, logits


@pytest.fixture(scope="module")
def zoo():
    """The graph of the zoo's bvlcalexnet and the name of its logits."""
    return zoos_graph(np.random.default_rng(0))


@pytest.fixture(scope="module")
def torchvision():
    """torchvision's network in PyTorch."""
    return torchvisions_network()


@pytest.fixture(scope="module")
def folder(zoo, torchvision, tmp_path_factory):
    """A folder with a file of each kind."""
    import onnx
    import safetensors.torch
    import torch

    folder = tmp_path_factory.mktemp("files")
    onnx.save(zoo[0], folder / ONNX)
    state = torchvision.state_dict()
    torch.save(state, folder / TORCHVISION)
    safetensors.torch.save_file(state, folder / SAFE)
    return folder


@pytest.fixture
def image():
    return load_photograph("chelsea")


def close(logits, expected):
    """The logits agree to a hundred thousandth of the largest: what remains is rounding."""
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    assert np.abs(expected).max() > 0.01


def in_onnxruntime(model, output, x):
    """Return an output of an ONNX model for images (N, H, W, C)."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run([output], {session.get_inputs()[0].name: x.transpose(0, 3, 1, 2).copy()})[0]


def in_torch(network, x):
    """Return what a network of PyTorch gives for images (N, H, W, C)."""
    import torch

    with torch.inference_mode():
        return network(torch.tensor(x.transpose(0, 3, 1, 2).copy())).numpy()


def test_the_zoos_file(zoo, folder, image):
    loaded = load_alexnet(folder / ONNX)
    x = loaded.prepare(image)
    assert x.shape == (1, 224, 224, 3)
    black = loaded.prepare(np.zeros((256, 256, 3), np.uint8))
    np.testing.assert_allclose(black[0, 0, 0], [-104.006, -116.669, -122.679])  # blue, green, red
    close(loaded.network.predict(x), in_onnxruntime(*zoo, x))
    shapes = {row.name: row.output_shape for row in loaded.network.summary()}
    assert [shapes[name] for name in ("pool1", "pool2", "pool5")] == [
        (26, 26, 96),
        (12, 12, 256),
        (6, 6, 256),
    ]
    assert list(loaded.network.layers) == list(AlexNet(initial=0.0).layers)
    assert loaded.source.startswith("bvlc_alexnet")
    (name, probability), *_ = loaded.classify(image, top=1)
    assert name in class_names()
    assert probability == pytest.approx(in_onnxruntime(zoo[0], "prob_1", x).max(), rel=1e-3)


@pytest.mark.parametrize("file", [TORCHVISION, SAFE])
def test_torchvisions_file(torchvision, folder, image, file):
    loaded = load_alexnet(folder / file)
    x = loaded.prepare(image)
    assert x.shape == (1, 224, 224, 3)
    close(loaded.network.predict(x), in_torch(torchvision, x))
    assert loaded.source.startswith("torchvision")
    assert sum(array.size for array in loaded.network.params.values()) == 61_100_840


def test_a_graph_that_pytorch_wrote(torchvision, tmp_path, image):
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the newer exporter needs a package more
        torch.onnx.export(torchvision, torch.zeros(1, 3, 224, 224), tmp_path / "a.onnx", dynamo=False)
    loaded = load_alexnet(tmp_path / "a.onnx")
    x = loaded.prepare(image)
    close(loaded.network.predict(x), in_torch(torchvision, x))
    assert loaded.prepare.order == "RGB"


def test_caffenet_pools_first(zoo, tmp_path, image):
    """The zoo's caffenet: the same layers, the first two pools before the normalizations."""
    import onnx

    model, logits = copy.deepcopy(zoo[0]), zoo[1]
    nodes = model.graph.node
    for place in [place for place, node in enumerate(nodes) if node.op_type == "LRN"]:
        norm, pool = copy.deepcopy(nodes[place]), copy.deepcopy(nodes[place + 1])
        pool.input[0], pool.output[0], norm.input[0], norm.output[0] = (
            norm.input[0],
            norm.output[0],
            norm.output[0],
            pool.output[0],
        )
        nodes[place].CopyFrom(pool)
        nodes[place + 1].CopyFrom(norm)
    onnx.save(model, tmp_path / "caffenet.onnx")
    loaded = load_alexnet(tmp_path / "caffenet.onnx")
    assert list(loaded.network.layers)[:4] == ["conv1", "relu1", "pool1", "lrn1"]
    assert loaded.source.startswith("CaffeNet")
    x = loaded.prepare(image)
    close(loaded.network.predict(x), in_onnxruntime(model, logits, x))


@pytest.mark.parametrize(
    ("place", "setting", "value", "words"),
    [
        (4, "group", 1, "conv2 is not that of AlexNet: group must be 2; got 1"),
        (
            14,
            "pads",
            [0, 0, 3, 3],
            r"pool5 is not .*: pads must be equal on both sides, .* got \[0, 0, 3, 3\]",
        ),
        (14, "pads", [0, 0, 0, 0], r"fc6 is not that of AlexNet: .* must be \(9216,\), .* got \(6400,\)"),
        (16, "alpha", 2.0, "fc6 is not that of AlexNet: alpha must be 1.0; got 2.0"),
    ],
)
def test_a_layer_of_the_graph_that_does_something_else_is_refused(
    zoo, tmp_path, place, setting, value, words
):
    import onnx

    model = copy.deepcopy(zoo[0])
    node = model.graph.node[place]
    others = [attribute for attribute in node.attribute if attribute.name != setting]
    del node.attribute[:]
    node.attribute.extend([*others, onnx.helper.make_attribute(setting, value)])
    onnx.save(model, tmp_path / "weights.onnx")
    with pytest.raises(ValueError, match=f"weights.onnx: {words}"):
        load_alexnet(tmp_path / "weights.onnx")


def test_arrays_with_caffes_names_are_its_network_on_227_pixels(zoo, tmp_path, image):
    """The same graph on 227 pixels, which onnxruntime takes once the size is changed."""
    import onnx
    import safetensors.numpy

    model, logits = copy.deepcopy(zoo[0]), zoo[1]
    for axis in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        axis.dim_value = 227
    arrays = {array.name: onnx.numpy_helper.to_array(array) for array in model.graph.initializer}
    named = {
        name[:-4] + {"w": ".weight", "b": ".bias"}[name[-3]]: a
        for name, a in arrays.items()
        if name[-2:] == "_0"
    }
    safetensors.numpy.save_file(named, tmp_path / "caffe.safetensors")
    (fc7,) = [node for node in model.graph.node if "fc7_w_0" in node.input]
    (stored,) = [array for array in model.graph.initializer if array.name == "fc7_w_0"]
    del fc7.attribute[:]  # by default, inputs stand before outputs
    stored.CopyFrom(onnx.numpy_helper.from_array(np.ascontiguousarray(arrays["fc7_w_0"].T), "fc7_w_0"))
    onnx.save(model, tmp_path / "wide.onnx")
    loaded, wide = load_alexnet(tmp_path / "caffe.safetensors"), load_alexnet(tmp_path / "wide.onnx")
    x = loaded.prepare(image)
    assert x.shape == (1, 227, 227, 3)
    expected = in_onnxruntime(model, logits, x)
    close(loaded.network.predict(x), expected)
    close(wide.network.predict(wide.prepare(image)), expected)

    papers = AlexNet(initial=0.0)
    for name, array in loaded.network.params.items():
        papers.params[name][...] = array
    assert np.abs(papers.predict(x) - expected).max() > 1e-3 * np.abs(expected).max()  # k and alpha differ


def test_the_page_that_tells_it_is_right(folder, tmp_path, monkeypatch):
    """Its Python runs, on the file that this test made, whose hash stands in for the true one."""
    source = (ROOT / "book" / "weights.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((folder / ONNX).read_bytes()).hexdigest()
    cells = [
        re.sub(r'"[0-9a-f]{64}"', repr(digest), cell)
        for cell in re.findall(r"```python\n(.*?)```", source, re.S)
    ]
    assert len(cells) == 3
    monkeypatch.chdir(folder)
    place = {}
    for cell in cells:
        exec(cell, place)
    assert place["wide"].network.output_shape((227, 227, 3)) == (1000,)
    assert place["wide"].prepare(np.zeros((256, 256, 3), np.uint8)).shape == (1, 227, 227, 3)
