"""The built site in Firefox: `make book`, then `make test-firefox`.

One Firefox visits every page once and is driven over WebDriver BiDi by firefox.mjs, for which npm's puppeteer-core
is needed; each page's test then reads what it found.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest
import yaml

pytestmark = pytest.mark.firefox

ROOT = pathlib.Path(__file__).parents[2]
FIREFOX_NAMES = ("firefox-esr", "firefox")
