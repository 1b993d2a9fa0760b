"""Layers in a row, one after the other on one worker or in pieces on several.

In pieces, each worker takes some of the images through all layers of the row; nobody waits in between. What
fails there is done again in one piece: then the error speaks of the batch that the caller knows.

A prediction keeps nothing, so its pieces are small where maps are large: what one layer wrote is still near
the processor when the next one reads it. Where maps are small, pieces hold more images, which share what a
layer does once for all of them.
"""

import copy
import math

import numpy as np

from alexnet_course import workers
from alexnet_course.layers.base import Pieces

#: How many numbers the largest maps of a piece of a prediction hold: eight megabytes of float32.
PIECE = 1 << 21


# ---- in one piece


def forward(layers, x):
    """Return what layers in a row make of `x`."""
    for layer in layers:
        x = layer.forward(x)
    return x


def backward(layers, grad_output, input_gradient):
    """Return what layers in a row, the first one first, hand back; None if nobody reads it."""
    for place in reversed(range(len(layers))):
        grad_output = layers[place].backward(grad_output, input_gradient=input_gradient or place > 0)
    return grad_output if input_gradient else None


def predict(layers, x):
    """Return what layers in a row make of `x` in evaluation mode."""
    ours = False  # whether nobody else holds x: then it may be written over
    for layer in layers:
        x = layer.predict_over(x) if ours else layer.predict(x)
        ours = layer.gives_new
    return x


# ---- in several


def predict_in_pieces(layers, x, numbers):
    """Return what `predict` returns, up to rounding; an image's largest maps hold so many numbers."""
    rounds = math.ceil(len(x) / (max(1, PIECE // numbers) * workers.count()))
    pieces = [x[images] for images in workers.equal_parts(len(x), rounds * workers.count())]
    try:
        return np.concatenate(workers.run(lambda images: predict(layers, images), pieces))
    except Exception:
        return predict(layers, x)


def forward_in_pieces(layers, x):
    """Return what `forward` returns, up to rounding; what every layer saves stays in pieces."""
    parts = workers.equal_parts(len(x), workers.count())
    rows = [_copies(layer, len(parts)) for layer in layers]

    def work(place):
        return forward([copies[place] for copies in rows], x[parts[place]])

    try:
        y = np.concatenate(workers.run(work, range(len(parts))))
    except Exception:
        return forward(layers, x)
    for layer, copies in zip(layers, rows, strict=True):
        for one, *its in zip(_all(layer), *map(_all, copies), strict=True):
            one.saved = Pieces(its, parts)
    return y


def backward_in_pieces(layers, grad_output, input_gradient):
    """Return what `backward` returns, up to rounding; the gradients of the pieces are added up."""
    parts = parts_of(layers[0])
    if not isinstance(grad_output, np.ndarray) or len(grad_output) != parts[-1].stop:
        return backward(layers, grad_output, input_gradient)
    rows = [_copies(layer, len(parts)) for layer in layers]

    def work(place):
        return backward([copies[place] for copies in rows], grad_output[parts[place]], input_gradient)

    try:
        grads = workers.run(work, range(len(parts)))
    except Exception:
        return backward(layers, grad_output, input_gradient)
    for layer, copies in zip(layers, rows, strict=True):
        for one, *its in zip(_all(layer), *map(_all, copies), strict=True):
            for name, grad in vars(one)["grads"].items():  # these are the arrays of the first copy
                for other in its[1:]:
                    grad += other.grads[name]
    return np.concatenate(grads) if input_gradient else None


def parts_of(layer):
    """Return the images of each piece that the layer, and all in it, saved together; None if it did not."""
    found = [one.pieces.parts if one.pieces else None for one in _all(layer)]
    return found[0] if all(parts is found[0] for parts in found) else None


def _copies(layer, number):
    """Return a layer's copies, with its parameters and settings: those of the last time if there are any.

    The first copy's gradients are the layer's own arrays; each of the others has some, which stay with it.
    """
    pieces = layer.pieces
    known = pieces is not None and len(pieces.copies) == number
    copies = pieces.copies if known else [copy.copy(layer) for _ in range(number)]
    for one, *its in zip(_all(layer), *map(_all, copies), strict=True):
        own = {"_saved", "grads", "layers"}
        settings = {name: value for name, value in vars(one).items() if name not in own}
        for place, it in enumerate(its):
            vars(it).update(settings, **({} if place else {"grads": vars(one)["grads"]}))
    return copies


def _all(layer):
    """Return a layer and all that it holds."""
    return [layer, *(layer.everyone() if hasattr(layer, "everyone") else ())]
