"""The layers of AlexNet, one a module: `forward`, `backward`, and nothing that the paper does not need."""

from alexnet_course.layers.convolution import Conv2D
from alexnet_course.layers.dense import Dense, Flatten
from alexnet_course.layers.dropout import Dropout
from alexnet_course.layers.normalization import LocalResponseNormalization
from alexnet_course.layers.pooling import MaxPooling2D
from alexnet_course.layers.relu import ReLU
from alexnet_course.layers.softmax import Softmax

__all__ = [
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "LocalResponseNormalization",
    "MaxPooling2D",
    "ReLU",
    "Softmax",
]
