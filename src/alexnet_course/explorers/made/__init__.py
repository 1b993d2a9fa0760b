"""What the explorers' data files hold: one JSON file each, read by the page and by Python alike.

`tools/explorer_data.py` writes them all but the last; a test compares what is stored with what it makes.

pictures
    What the explorers compute on, by name: ``kind``, and ``rows`` of whole numbers, or of base-36 digits
    (0 dark, z bright). The photograph is an eye of Chelsea the cat.
thumbnail
    Chelsea at a quarter of her size: rows of red, green and blue, one byte each, in base64; and the mean
    colour of ImageNet.
tile_network
    The tile's network: pixels of each tile, their mean and the three kernels, each in one row of numbers in
    the order of the arrays of `data.tile`; the twelve pooled numbers of each tile, in the order rows,
    columns, maps; and the dense weights, a row an input, a column an output.
network_table
    The shape of AlexNet's input, and the rows of `alexnet.TABLE`; ``grouped``: in two groups in 2012.
forward_pass_stages
    The stages of three networks: name, kind, shape, the layers that belong to it, and its windows: side,
    stride, padding and number of maps, one for each part that lies beside another.
forward_pass_maps
    What Chelsea becomes in AlexNet with random weights, stage by stage: standard deviation, share of zeros,
    and the six largest of its maps (``chosen``) in rows of base-36 digits: i is 0, z is ``limit`` or more.
clothes
    Twenty held-out pictures of Fashion-MNIST for the miniature, each with its class and pixels in base64; the
    sums of the pixels of all ``count`` pictures to train with, and by how much the difference to their mean
    is divided.
training
    The networks that learn on the page: their tables (export.py), the deviations that their weights start
    with, the tile network's whole numbers, the centred tiles and the names of the clothes.
photographs
    The six photographs: height, width, and the middle square in 48 by 48 pixels of red, green and blue, in
    base64; and the mean colour of ImageNet.
files
    The size in bytes and the SHA-256 of every file that an explorer loads when it is asked for
    (`kit/files.py`).
occlusion
    What SqueezeNet answers to the middle square of Chelsea behind covers: for each kind and size 15 rows of
    15 answers in pairs of base-36 digits: the thousandths of the three cats together, then class and
    thousandths of the five best. For each of the six photographs the bytes of its mean colour, the classes
    that are followed, and ``uncovered``, the answer without a cover; the names of the classes; the bytes of
    the other covers of one colour; and Chelsea's square as a JPEG file, to draw.
ladder
    What ``python -m benchmarks.ladder`` measured: the ``machine``; the ``shapes`` of the layers, as in
    `ladder.shapes`; the ``rates`` of one core and of all, products and bytes a second; ``step_seconds`` of a
    step of Python; in ``rows`` the seconds of each rung, the share that was timed, and the best rung for one
    core, which all cores take; and the seconds of the layers of the ``network``, on one core.

Chelsea is by Stéfan van der Walt, CC0; the others' photographers stand in data/photographs/README.md.
"""

import functools
import json
import pathlib

FOLDER = pathlib.Path(__file__).parent


@functools.cache
def made(name):
    """Return the data of a file by its name, without ``.json``; all callers share it, so none may change it.

    >>> made("pictures")["dot"]
    {'kind': 'dot'}
    """
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
