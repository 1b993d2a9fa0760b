"""Settings of `make lab`: the repository is open at its chapters, and a chapter is saved in its one form.

JupyterLab writes into a notebook which Python ran it and which widgets it had. The hook leaves that out, so
that saving a chapter unchanged changes no line, and a saved chapter holds no widget whose kernel is gone.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import run_notebooks  # noqa: E402

c = get_config()  # noqa: F821
c.ServerApp.root_dir = str(ROOT)  # chapters link to pages of book/
c.LabApp.default_url = "/lab/tree/notebooks"
c.ContentsManager.pre_save_hook = run_notebooks.before_save
