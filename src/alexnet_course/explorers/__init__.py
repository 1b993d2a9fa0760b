"""Interactive figures: the same picture in a notebook, on the published page and on paper.

Each explorer is one class here and one ES module beside it; README.md says how to add another.
"""

import importlib

_MODULES = {
    "AlexNetExplorer": "alexnet",
    "ConvolutionExplorer": "convolution",
    "DenseExplorer": "dense",
    "ImagesExplorer": "images",
    "DropoutExplorer": "dropout",
    "ForwardPassExplorer": "forward_pass",
    "GeometryExplorer": "geometry",
    "NormalizationExplorer": "normalization",
    "PoolingExplorer": "pooling",
    "ReLUExplorer": "relu",
    "SoftmaxExplorer": "softmax",
}

__all__ = sorted(_MODULES)


def __getattr__(name):
    """Import an explorer when it is asked for: anywidget and ipywidgets take their time."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__():
    return __all__
