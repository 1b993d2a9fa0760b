"""Execute notebooks and save them in one canonical form, in which JupyterLab saves them too.

Usage: python tools/run_notebooks.py [NOTEBOOK ...]     (all of notebooks/ when none is named)

Keeps sources, tags, captions and outputs; drops timings, widget state and every other trace of the run, so
that running it twice changes nothing, and a change of the prose changes no output. Stops at the first error.
"""

import json
import pathlib
import sys

import nbclient
import nbformat

ROOT = pathlib.Path(__file__).parent.parent
TIMEOUT = 300  # seconds a cell
KEPT_CELL_METADATA = ("mystnb", "tags")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # names a model of a kernel that is gone
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def joined(text):
    """Return a notebook's text, which the format stores as one string or as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def canonical_output(output):
    """Return one output without what differs from run to run."""
    if output["output_type"] == "stream":
        return {"name": output["name"], "output_type": "stream", "text": joined(output["text"])}
    if output["output_type"] == "error":
        return dict(output)
    # the widget view goes only where something else shows the widget
    alone = len(output["data"]) == 1
    data = {
        mime: joined(value) if mime.startswith("text/") else value
        for mime, value in output["data"].items()
        if mime != WIDGET_VIEW or alone
    }
    clean = {"data": data, "metadata": {}, "output_type": output["output_type"]}
    if output["output_type"] == "execute_result":
        clean["execution_count"] = output.get("execution_count")
    return clean


def canonical(notebook):
    """Return the notebook in the form in which it is stored.

    Parameters
    ----------
    notebook : dict
        A notebook as json.load gives it; format 4.

    Returns
    -------
    dict
        Format 4.5. A cell without an id gets one that depends on its place alone.
    """
    taken = {cell["id"] for cell in notebook["cells"] if "id" in cell}
    cells = []
    for position, cell in enumerate(notebook["cells"], start=1):
        name = cell.get("id") or f"cell-{position:02d}"
        while "id" not in cell and name in taken:
            name += "-new"
        taken.add(name)
        clean = {
            "cell_type": cell["cell_type"],
            "id": name,
            "metadata": {key: cell["metadata"][key] for key in KEPT_CELL_METADATA if key in cell["metadata"]},
            "source": joined(cell["source"]).strip("\n"),
        }
        if cell["cell_type"] == "code":
            clean["execution_count"] = cell.get("execution_count")
            clean["outputs"] = [canonical_output(output) for output in cell.get("outputs", [])]
        elif "attachments" in cell:
            clean["attachments"] = cell["attachments"]
        cells.append(clean)
    return {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def as_text(notebook):
    """Return the file's text for a canonical notebook."""
    node = nbformat.from_dict(notebook)
    nbformat.validate(node)
    return nbformat.writes(node) + "\n"


def before_save(model, path, **_):
    """Make what Jupyter is about to save canonical if it is a chapter, or a copy of one (lab_config.py)."""
    if model["type"] != "notebook" or not (ROOT / "notebooks" / pathlib.PurePosixPath(path).name).is_file():
        return
    given = model["content"]
    model["content"] = canonical(given)
    # Jupyter signs the notebooks whose cells it trusts, and leaves this key out of the file itself.
    for cell, old in zip(model["content"]["cells"], given["cells"], strict=True):
        if "trusted" in old["metadata"]:
            cell["metadata"]["trusted"] = old["metadata"]["trusted"]


def run(path):
    """Execute one notebook in place; return True when its file changed.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell failed; the file is left as it was.
    """
    before = path.read_text(encoding="utf-8")
    node = nbformat.from_dict(canonical(json.loads(before)))
    client = nbclient.NotebookClient(
        node,
        timeout=TIMEOUT,
        kernel_name=METADATA["kernelspec"]["name"],
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
    )
    client.execute()
    after = as_text(canonical(node))
    path.write_text(after, encoding="utf-8")
    return before != after


def main(arguments):
    """Run the named notebooks, or all, and say what happened to each."""
    paths = [pathlib.Path(name) for name in arguments] or sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in paths:
        if path.suffix != ".ipynb" or not path.is_file():
            sys.exit(f"{path} is not a notebook")
    for path in paths:
        print(f"{path.name} ...", end=" ", flush=True)
        try:
            print("saved" if run(path) else "unchanged", flush=True)
        except nbclient.exceptions.CellExecutionError as error:
            sys.exit(f"failed; the file is left as it was.\n\n{error}")


if __name__ == "__main__":
    main(sys.argv[1:])
