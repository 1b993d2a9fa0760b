"""The same networks three times: ours, PyTorch's and as an ONNX graph, with equal weights."""

import numpy as np

from alexnet_course.alexnet import AlexNet
from alexnet_course.geometry import resolve_padding
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
)
from alexnet_course.miniature import Miniature
from alexnet_course.network import Sequential
from alexnet_course.pretrained import torchvision_layers


def ours(structure):
    """Return our network: "paper", "torchvision" or "miniature"."""
    rng = np.random.default_rng(0)
    if structure == "paper":
        return AlexNet(initial="he", rng=rng)
    if structure == "miniature":
        return Miniature(rng=rng)
    return Sequential(torchvision_layers(rng=rng), (224, 224, 3))


def in_torch(network):
    """Return the same network in PyTorch, its weights in PyTorch's order."""
    import torch
    from torch import nn

    modules, shape = [], network.input_shape
    image_shape = shape
    for layer in network.layers.values():
        match layer:
            case Conv2D():
                sizes = layer.in_channels, layer.filters, layer.kernel_size, layer.stride, layer.padding
                module = nn.Conv2d(*sizes, groups=layer.groups)
                weight = layer.weight.transpose(3, 2, 0, 1)
            case Dense():
                module = nn.Linear(layer.in_features, layer.out_features)
                weight = layer.weight.T
                if layer.in_features == np.prod(image_shape):
                    weight = layer.weight.reshape(*image_shape, -1).transpose(3, 2, 0, 1)
            case MaxPooling2D():
                module = nn.MaxPool2d(layer.pool_size, layer.stride)
            case LocalResponseNormalization():
                module = nn.LocalResponseNorm(layer.n, layer.alpha * layer.n, layer.beta, layer.k)
            case _:
                module = {ReLU: nn.ReLU, Flatten: nn.Flatten, Dropout: nn.Dropout}[type(layer)]()
        if layer.params:
            weight = np.ascontiguousarray(weight).reshape(module.weight.shape)
            module.weight = nn.Parameter(torch.tensor(weight))
            module.bias = nn.Parameter(torch.tensor(layer.bias))
        shape = layer.output_shape(shape)
        image_shape = shape if len(shape) == 3 else image_shape
        modules.append(module)
    return nn.Sequential(*modules)


def in_onnx(network):
    """Return the same network as a serialized ONNX graph, input "x" (N, C, H, W), output "y"."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights, name = [], [], "x"
    for number, (module, layer) in enumerate(zip(in_torch(network), network.layers.values(), strict=True)):
        arrays = [
            numpy_helper.from_array(p.detach().numpy(), f"w{number}.{i}")
            for i, p in enumerate(module.parameters())
        ]
        weights += arrays
        match layer:
            case Conv2D():
                pads = resolve_padding(layer.padding, (1, 1), layer.kernel_size, layer.stride)
                before, after = zip(*pads, strict=True)
                kind, options = (
                    "Conv",
                    {"strides": layer.stride, "pads": [*before, *after], "group": layer.groups},
                )
            case Dense():
                kind, options = "Gemm", {"transB": 1}
            case MaxPooling2D():
                kind, options = "MaxPool", {"kernel_shape": layer.pool_size, "strides": layer.stride}
            case LocalResponseNormalization():
                kind = "LRN"
                options = {
                    "size": layer.n,
                    "alpha": layer.alpha * layer.n,
                    "beta": layer.beta,
                    "bias": layer.k,
                }
            case Dropout():
                continue
            case _:
                kind, options = {ReLU: "Relu", Flatten: "Flatten"}[type(layer)], {}
        nodes.append(helper.make_node(kind, [name, *(a.name for a in arrays)], [f"y{number}"], **options))
        name = f"y{number}"
    height, width, channels = network.input_shape
    graph = helper.make_graph(
        nodes,
        "alexnet",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", channels, height, width])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 1000])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()
