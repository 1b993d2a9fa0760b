"""Settings of `make lab` and `make edit`: a chapter is saved in its one form, and nothing asks another host.

JupyterLab writes into a notebook which Python ran it and which widgets it had. The hook leaves that out, so
that saving a chapter unchanged changes no line, and a saved chapter holds no widget whose kernel is gone.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import run_notebooks  # noqa: E402

c = get_config()  # noqa: F821
c.ContentsManager.pre_save_hook = run_notebooks.before_save
c.ServerApp.allow_root = True  # a container may have no other user
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"
c.LanguageServerManager.autodetect = False
