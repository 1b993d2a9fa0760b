"""Every layer and the whole network against PyTorch, in float64 (make test-parity)."""

import collections

import numpy as np
import pytest

from alexnet_course import weights
from alexnet_course.alexnet import AlexNet
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
    Softmax,
)
from alexnet_course.losses import cross_entropy
from alexnet_course.optimizers import SGD

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def torch():
    """PyTorch in float64, if this is a parity run."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(before)


def to_torch(torch, x):
    """(N, H, W, C) -> (N, C, H, W), with a gradient."""
    order = (0, 3, 1, 2) if x.ndim == 4 else range(x.ndim)
    return torch.tensor(x.transpose(*order).copy(), requires_grad=True)


def to_numpy(tensor):
    """(N, C, H, W) -> (N, H, W, C)."""
    array = tensor.detach().numpy()
    return array.transpose(0, 2, 3, 1) if array.ndim == 4 else array


def compare(torch, layer, module, x, rng, tolerance=1e-9):
    """Forward and backward agree on `x`; return the tensors for parameters to be compared."""
    given = to_torch(torch, x)
    expected = module(given)
    y = layer.forward(x)
    np.testing.assert_allclose(y, to_numpy(expected), rtol=tolerance, atol=tolerance)
    grad_output = rng.standard_normal(y.shape)
    expected.backward(to_torch(torch, grad_output).detach())
    np.testing.assert_allclose(
        layer.backward(grad_output), to_numpy(given.grad), rtol=tolerance, atol=tolerance
    )


def random_convolution(rng):
    """A geometry with room for at least one window."""
    groups = int(rng.integers(1, 4))
    kernel_size, stride, padding = (tuple(map(int, rng.integers(low, 5, 2))) for low in (1, 1, 0))
    size = [int(rng.integers(max(k - 2 * p, 1), 14)) for k, p in zip(kernel_size, padding, strict=True)]
    channels, filters = (groups * int(rng.integers(1, 5)) for _ in range(2))
    return channels, filters, kernel_size, stride, padding, groups, size


@pytest.mark.parametrize("seed", range(30))
def test_convolution(torch, seed):
    rng = np.random.default_rng(seed)
    channels, filters, kernel_size, stride, padding, groups, size = random_convolution(rng)
    conv = Conv2D(channels, filters, kernel_size, stride, padding, groups, rng=rng, dtype=np.float64)
    module = torch.nn.Conv2d(channels, filters, kernel_size, stride, padding, groups=groups)
    conv.weight = weights.filters_from_channels_first(module.weight.detach().numpy())
    conv.bias = module.bias.detach().numpy()
    compare(torch, conv, module, rng.standard_normal((int(rng.integers(1, 4)), *size, channels)), rng)
    grad_weight = weights.filters_from_channels_first(module.weight.grad.numpy())
    np.testing.assert_allclose(conv.grads["weight"], grad_weight, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(conv.grads["bias"], module.bias.grad.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("kernel_size", "groups"), [(3, 1), (3, 2), (5, 2)])
def test_convolution_by_winograd(torch, kernel_size, groups):
    rng = np.random.default_rng(0)
    channels = 96 * groups
    conv = Conv2D(channels, channels, kernel_size, padding="same", groups=groups, rng=rng, dtype=np.float64)
    module = torch.nn.Conv2d(channels, channels, kernel_size, padding="same", groups=groups)
    conv.weight = weights.filters_from_channels_first(module.weight.detach().numpy())
    conv.bias = module.bias.detach().numpy()
    x = rng.standard_normal((12, 15, 15, channels))
    assert conv._algorithm(x.shape, x, conv.weight).__name__.endswith("winograd")
    compare(torch, conv, module, x, rng)
    grad_weight = weights.filters_from_channels_first(module.weight.grad.numpy())
    np.testing.assert_allclose(conv.grads["weight"], grad_weight, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(15))
def test_max_pooling_even_with_ties(torch, seed):
    rng = np.random.default_rng(seed)
    pool_size, stride = (tuple(map(int, rng.integers(1, 5, 2))) for _ in range(2))
    padding = tuple(int(rng.integers(0, size // 2 + 1)) for size in pool_size)
    size = [int(rng.integers(k, 14)) for k in pool_size]
    x = rng.integers(-3, 4, (2, *size, 3)).astype(float)
    module = torch.nn.MaxPool2d(pool_size, stride, padding)
    compare(torch, MaxPooling2D(pool_size, stride, padding), module, x, rng)


@pytest.mark.parametrize("seed", range(10))
def test_local_response_normalization(torch, seed):
    rng = np.random.default_rng(seed)
    n, (k, alpha, beta) = int(rng.choice([1, 3, 5, 7])), rng.uniform(0.3, 2, 3)
    x = 3 * rng.standard_normal((2, 3, 4, int(rng.integers(1, 12))))
    module = torch.nn.LocalResponseNorm(n, alpha, beta, k)
    compare(torch, LocalResponseNormalization(**weights.lrn_from_pytorch(n, alpha, beta, k)), module, x, rng)


@pytest.mark.first_version("C14")
def test_local_response_normalization_of_the_paper(torch):
    rng = np.random.default_rng(0)
    module = torch.nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)
    compare(torch, LocalResponseNormalization(), module, 50 * rng.standard_normal((2, 5, 5, 96)), rng)


@pytest.mark.parametrize("seed", range(5))
def test_dense_relu_softmax_flatten(torch, seed):
    rng = np.random.default_rng(seed)
    examples, in_features, out_features = map(int, rng.integers(1, 20, 3))
    dense = Dense(in_features, out_features, rng=rng, dtype=np.float64)
    module = torch.nn.Linear(in_features, out_features)
    dense.weight = weights.dense_from_outputs_first(module.weight.detach().numpy())
    dense.bias = module.bias.detach().numpy()
    x = rng.standard_normal((examples, in_features))
    compare(torch, dense, module, x, rng)
    np.testing.assert_allclose(dense.grads["weight"], module.weight.grad.numpy().T, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(dense.grads["bias"], module.bias.grad.numpy(), rtol=1e-9, atol=1e-12)
    compare(torch, ReLU(), torch.nn.ReLU(), x.round(), rng)
    compare(torch, Softmax(), torch.nn.Softmax(dim=-1), 10 * x, rng)
    image = rng.standard_normal((examples, 3, 4, 2))
    ours, theirs = Flatten().forward(image), torch.flatten(to_torch(torch, image), 1).detach().numpy()
    weight = rng.standard_normal((5, 24))  # made for PyTorch's order: channels, rows, columns
    np.testing.assert_allclose(
        ours @ weights.dense_from_channels_first(weight, (3, 4, 2)), theirs @ weight.T, rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("seed", range(5))
def test_cross_entropy(torch, seed):
    rng = np.random.default_rng(seed)
    logits, labels = 20 * rng.standard_normal((6, 9)), rng.integers(0, 9, 6)
    given = to_torch(torch, logits)
    expected = torch.nn.functional.cross_entropy(given, torch.tensor(labels))
    expected.backward()
    loss, grad_logits = cross_entropy(logits, labels)
    assert loss == pytest.approx(expected.item(), rel=1e-9)
    np.testing.assert_allclose(grad_logits, given.grad.numpy(), atol=1e-12)


def test_sgd_with_a_constant_rate(torch):
    """PyTorch keeps the rate outside the velocity; while it is constant the two rules give the same steps."""
    rng = np.random.default_rng(0)
    dense = Dense(4, 3, rng=rng, dtype=np.float64)
    parameter = torch.nn.Parameter(torch.tensor(dense.weight.copy()))
    theirs = torch.optim.SGD([parameter], lr=0.01, momentum=0.9, weight_decay=0.0005)
    ours = SGD(dense, 0.01)
    for _ in range(5):
        dense.grads = {"weight": rng.standard_normal((4, 3)), "bias": np.zeros(3)}
        parameter.grad = torch.tensor(dense.grads["weight"])
        ours.step()
        theirs.step()
        np.testing.assert_allclose(dense.weight, parameter.detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize(
    "layout",
    [
        lambda w: w,
        lambda w: w.T.copy().T,
        lambda w: w[::-1].copy()[::-1],
        lambda w: np.pad(w, 1)[1:-1, 1:-1],
        lambda w: np.repeat(np.repeat(w, 2, 0), 2, 1)[::2, ::2],
        lambda w: w.astype(">f8"),
    ],
)
def test_three_steps_of_weights_loaded_in_every_layout(torch, layout, same):
    """Assigned to the layer, put among its parameters, or taken from a tensor without a copy."""
    rng = np.random.default_rng(0)
    linear = torch.nn.Linear(4, 3)
    given = layout(linear.weight.detach().numpy().T)  # a view of the tensor, or laid out anew
    by_attribute, by_params = Dense(4, 3, dtype=np.float64), Dense(4, 3, dtype=np.float64)
    by_attribute.weight = given
    by_params.params["weight"] = given.copy(order="K") if given.base is None else given
    linear.weight = torch.nn.Parameter(torch.tensor(np.array(given.T, float)))
    theirs = torch.optim.SGD([linear.weight], lr=0.01, momentum=0.9, weight_decay=0.0005)
    ours = [SGD(dense, 0.01) for dense in (by_attribute, by_params)]
    for _ in range(3):
        gradient = layout(rng.standard_normal((4, 3))) if same else rng.standard_normal((4, 3))
        linear.weight.grad = torch.tensor(np.array(gradient.T, float))
        theirs.step()
        for dense, sgd in zip((by_attribute, by_params), ours, strict=True):
            dense.grads = {"weight": gradient, "bias": np.zeros(3)}
            sgd.step()
            np.testing.assert_allclose(dense.weight, linear.weight.detach().numpy().T, rtol=1e-12)


def load(network, arrays, channels_first):
    """Copy weights in PyTorch's or Caffe's order into a network of ours, layer by layer."""
    for name, (weight, bias) in arrays.items():
        if weight.ndim == 4:
            network[name].weight = weights.filters_from_channels_first(weight)
        elif name == channels_first[0]:
            network[name].weight = weights.dense_from_channels_first(weight, channels_first[1])
        else:
            network[name].weight = weights.dense_from_outputs_first(weight)
        network[name].bias = bias


def papers_network(torch, groups):
    """The paper's network in torch, its layers called as in Caffe's bvlc_alexnet."""
    nn = torch.nn
    lrn = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}
    layers = {
        "conv1": nn.Conv2d(3, 96, 11, 4),
        "relu1": nn.ReLU(),
        "norm1": nn.LocalResponseNorm(**lrn),
        "pool1": nn.MaxPool2d(3, 2),
        "conv2": nn.Conv2d(96, 256, 5, padding=2, groups=groups),
        "relu2": nn.ReLU(),
        "norm2": nn.LocalResponseNorm(**lrn),
        "pool2": nn.MaxPool2d(3, 2),
        "conv3": nn.Conv2d(256, 384, 3, padding=1),
        "relu3": nn.ReLU(),
        "conv4": nn.Conv2d(384, 384, 3, padding=1, groups=groups),
        "relu4": nn.ReLU(),
        "conv5": nn.Conv2d(384, 256, 3, padding=1, groups=groups),
        "relu5": nn.ReLU(),
        "pool5": nn.MaxPool2d(3, 2),
        "flatten": nn.Flatten(),
        "fc6": nn.Linear(9216, 4096),
        "relu6": nn.ReLU(),
        "fc7": nn.Linear(4096, 4096),
        "relu7": nn.ReLU(),
        "fc8": nn.Linear(4096, 1000),
    }
    return nn.Sequential(collections.OrderedDict(layers))


def by_layer(state):
    """Return {"conv1": (weight, bias), ...} for a state dict of torch."""
    names = dict.fromkeys(name.rsplit(".", 1)[0] for name in state)
    return {name: (state[f"{name}.weight"].numpy(), state[f"{name}.bias"].numpy()) for name in names}


@pytest.mark.parametrize("groups", [2, 1])
def test_the_whole_network_in_float64(torch, groups):
    torch.manual_seed(0)
    theirs = papers_network(torch, groups)
    ours = AlexNet(groups, initial=0.0, rng=np.random.default_rng(0), dtype=np.float64)
    arrays = by_layer(theirs.state_dict())
    load(ours, arrays, ("fc6", (6, 6, 256)))
    rng = np.random.default_rng(1)
    images, labels = 60 * rng.standard_normal((2, 227, 227, 3)), np.array([3, 999])

    given = to_torch(torch, images)
    logits = theirs(given)
    torch.nn.functional.cross_entropy(logits, torch.tensor(labels)).backward()
    expected = logits.detach().numpy()
    np.testing.assert_allclose(ours.predict(images), expected, rtol=1e-8, atol=1e-8 * np.abs(expected).max())
    _, grad_logits = cross_entropy(ours.forward(images), labels)
    grad_images = ours.backward(grad_logits, input_gradient=True)

    def close(array, wanted):
        np.testing.assert_allclose(array, wanted, rtol=1e-8, atol=1e-8 * np.abs(wanted).max())

    close(grad_images, to_numpy(given.grad))
    for name in arrays:
        module = theirs.get_submodule(name)
        close(ours[name].grads["bias"], module.bias.grad.numpy())
        grad_weight = module.weight.grad.numpy()
        if name == "fc6":
            grad_weight = weights.dense_from_channels_first(grad_weight, (6, 6, 256))
        elif grad_weight.ndim == 4:
            grad_weight = weights.filters_from_channels_first(grad_weight)
        else:
            grad_weight = grad_weight.T
        close(ours[name].grads["weight"], grad_weight)
