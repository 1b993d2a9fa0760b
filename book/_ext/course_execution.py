"""Chapters are executed side by side, before the first page is read.

MyST-NB executes one notebook after the other, on one core, where its cache has none. Here the cache is
emptied, for it would not notice a change of src/, and filled again by several at a time. A chapter that fails
is left out: MyST-NB then runs it once more and says what is wrong.
"""

import concurrent.futures
import os
import pathlib
import shutil

import jupyter_cache
import nbformat
from course_commonmark import as_read
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from sphinx.util import logging

SIDE_BY_SIDE = min(4, os.cpu_count() or 1)  # a chapter may take a gigabyte of memory
LOGGER = logging.getLogger(__name__)


def executed(path, timeout):
    """Return a notebook as the book reads it, executed, and how that went."""
    notebook = nbformat.reads(as_read(path.read_text(encoding="utf-8")), as_version=4)
    return notebook, single_nb_execution(notebook, cwd=str(path.parent), timeout=timeout, allow_errors=False)


def fill(paths, place, timeout):
    """Execute notebooks into a new cache."""
    shutil.rmtree(place, ignore_errors=True)
    cache = jupyter_cache.get_cache(str(place))
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running = {pool.submit(executed, path, timeout): path for path in paths}
        for done, future in enumerate(concurrent.futures.as_completed(running), start=1):
            path, (notebook, result) = running[future], future.result()
            if result.err:
                LOGGER.info("%s failed (%s of %s)", path.stem, done, len(paths))
                continue
            LOGGER.info("%s executed in %.0f s (%s of %s)", path.stem, result.time, done, len(paths))
            found = CacheBundleIn(notebook, str(path), data={"execution_seconds": result.time})
            cache.cache_notebook_bundle(found, check_validity=False, overwrite=True)


def execute(app, env, docnames):
    """Execute the notebooks that are about to be read."""
    paths = [pathlib.Path(env.doc2path(name)) for name in docnames]
    paths = [path for path in sorted(paths) if path.suffix == ".ipynb"]
    if paths and app.config.nb_execution_mode == "cache":
        fill(paths, pathlib.Path(env.mystnb_config.execution_cache_path), app.config.nb_execution_timeout)


def setup(app):
    app.connect("env-before-read-docs", execute)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
