"""The layers of AlexNet, one a module: `forward`, `backward`, and nothing that the paper does not need."""

from alexnet_course.layers.convolution import Conv2D

__all__ = ["Conv2D"]
