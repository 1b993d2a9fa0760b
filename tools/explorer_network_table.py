"""Write src/alexnet_course/explorers/network_table.js: the rows of the network of 2012, for its explorer.

    python tools/explorer_network_table.py

The page and Python start from the same table, `alexnet.TABLE`; a test runs this script and compares.
"""

import json
import pathlib

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, Convolution, Pooling

FILE = pathlib.Path(__file__).parents[1] / "src/alexnet_course/explorers/network_table.js"


def rows():
    """Return the table as the page reads it: for each row its name, its kind and its numbers."""
    for row in TABLE:
        match row:
            case Convolution():
                numbers = {
                    "kind": "convolution", "kernel_size": row.kernel_size, "stride": row.stride,
                    "padding": row.padding, "filters": row.filters, "grouped": row.groups > 1,
                }  # fmt: skip
            case Pooling():
                numbers = {"kind": "pooling", "kernel_size": row.pool_size, "stride": row.stride}
            case _:
                numbers = {"kind": "dense", "features": row.out_features}
        yield {"name": row.name, **numbers}


def written():
    """Return the text of network_table.js."""
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows())
    return (
        "// Written by tools/explorer_network_table.py; do not edit. The rows of alexnet.TABLE;\n"
        "// grouped: in two groups in 2012.\n"
        f"export const INPUT_SHAPE = {json.dumps(INPUT_SHAPE)};\n"
        f"export const TABLE = [\n{lines}\n];\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"wrote {FILE.name}: {FILE.stat().st_size} bytes")
