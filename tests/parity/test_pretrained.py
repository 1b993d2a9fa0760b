"""AlexNet from files that PyTorch and onnx made: the logits are theirs (make test-parity)."""

import pathlib

import numpy as np
import pytest

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
def folder(zoo, tmp_path_factory):
    """A folder with a file of each kind."""
    import onnx
    import safetensors.torch
    import torch

    folder = tmp_path_factory.mktemp("files")
    onnx.save(zoo[0], folder / ONNX)
    state = torchvisions_network().state_dict()
    torch.save(state, folder / TORCHVISION)
    safetensors.torch.save_file(state, folder / SAFE)
    return folder


@pytest.fixture
def image():
    return load_photograph("chelsea")


def close(logits, expected):
    """The logits agree to a thousandth of the largest."""
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-3 * np.abs(expected).max())
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
    close(loaded.network.predict(x), in_onnxruntime(*zoo, x))
    assert [shape for _, shape, *_ in loaded.network.summary()][3:8:4] == [(26, 26, 96), (12, 12, 256)]
    assert loaded.source.startswith("bvlc_alexnet")
    assert loaded.network["lrn1"].k == 1
    assert loaded.network["lrn1"].alpha == pytest.approx(2e-5)


@pytest.mark.parametrize("file", [TORCHVISION, SAFE])
def test_torchvisions_file(folder, image, file):
    loaded = load_alexnet(folder / file)
    x = loaded.prepare(image)
    close(loaded.network.predict(x), in_torch(torchvisions_network(), x))
