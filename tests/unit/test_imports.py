"""The layers stand on NumPy alone, and importing them costs little beyond it."""

import subprocess
import sys

import pytest

MODULES = "layers network alexnet fire optimizers losses gradcheck reference weights geometry windows"
MODULES += " checkpoints practice pretrained"


@pytest.mark.first_version("C18")
def test_layers_load_numpy_and_nothing_heavy():
    imports = "; ".join(f"import alexnet_course.{module}" for module in MODULES.split())
    heavy = "matplotlib ipywidgets anywidget traitlets PIL scipy IPython sphinx torch onnx safetensors"
    code = f"import sys, numpy; {imports}; print(*[name for name in {heavy.split()} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []


@pytest.mark.first_version("C18")
def test_beyond_numpy_only_our_own_modules_and_few_of_the_standard_library():
    code = (
        "import sys, numpy, numpy.lib.stride_tricks; before = set(sys.modules);"
        "import alexnet_course.alexnet;"
        "print(*[name for name in set(sys.modules) - before if not name.startswith('alexnet_course')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(result.stdout.split()) <= 3, result.stdout
