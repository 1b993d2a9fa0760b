"""What the tests of the data files know: the package's own numbers, by the names that the files use."""

import contextlib
import inspect
import io

import numpy as np
import pytest

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet, Convolution, FullyConnected
from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph
from alexnet_course.geometry import output_size, overhang, same_padding
from alexnet_course.images import colour_noise, ten_views
from alexnet_course.layers import LocalResponseNormalization, Softmax
from alexnet_course.losses import cross_entropy
from alexnet_course.optimizers import SGD


class Known:
    """What the expressions in paper.toml and mistakes.toml may call."""

    def __init__(self):
        # Deviation 0 draws as many weights; where their size counts, `drawn_deviation` draws anew.
        self.network = AlexNet(initial=0.0, rng=np.random.default_rng(0))

    def names(self):
        return {
            "INPUT_SHAPE": INPUT_SHAPE,
            "MEAN_COLOUR": MEAN_COLOUR,
            "Convolution": Convolution,
            "FullyConnected": FullyConnected,
            "LocalResponseNormalization": LocalResponseNormalization,
            "SGD": SGD,
            "colour_noise": colour_noise,
            "cross_entropy": cross_entropy,
            "default": lambda owner, name: inspect.signature(owner).parameters[name].default,
            "dense_share": self.dense_share,
            "drawn_deviation": self.drawn_deviation,
            "network": self.network,
            "neurons": self.neurons,
            "np": np,
            "output_size": output_size,
            "overhang": overhang,
            "parameters": self.parameters,
            "load_photograph": load_photograph,
            "row": lambda name: next(row for row in TABLE if row.name == name),
            "same_padding": same_padding,
            "softmax": lambda logits: Softmax().forward(np.array(logits, float)),
            "rows": lambda kind: [row for row in TABLE if isinstance(row, kind)],
            "ten_views": ten_views,
            "torchvision_parameters": self.torchvision_parameters,
            "weight": lambda name: self.network[name].weight,
        }

    def neurons(self):
        """Return how many outputs each layer with weights has."""
        shape, counts = INPUT_SHAPE, []
        for layer in self.network.layers.values():
            shape = layer.output_shape(shape)
            if layer.params:
                counts.append(int(np.prod(shape)))
        return counts

    def parameters(self, groups):
        network = self.network if groups == 2 else AlexNet(groups, initial=0.0, rng=np.random.default_rng(0))
        return sum(array.size for array in network.params.values())

    def drawn_deviation(self):
        return AlexNet(rng=np.random.default_rng(0))["fc8"].weight.std()

    def dense_share(self):
        """Return the share of the parameters, and of the multiply-accumulates, that fc6 to fc8 have."""
        with contextlib.redirect_stdout(io.StringIO()):
            rows = [row for row in self.network.summary() if row.parameters]
        counts = np.array([(row.parameters, row.multiply_accumulates) for row in rows])
        return counts[-3:].sum(axis=0) / counts.sum(axis=0)

    def torchvision_parameters(self):
        """Return how many parameters torchvision's alexnet has, from its layers: window, inputs, outputs."""
        convolutions = [(11, 3, 64), (5, 64, 192), (3, 192, 384), (3, 384, 256), (3, 256, 256)]
        dense = [(1, 9216, 4096), (1, 4096, 4096), (1, 4096, 1000)]
        return sum(k * k * before * after + after for k, before, after in convolutions + dense)


@pytest.fixture(scope="session")
def names():
    return Known().names()
