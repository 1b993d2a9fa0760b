"""Docstrings and signatures: a parameter is called the same in both."""

import importlib
import inspect
import pkgutil
import re

import pytest

import alexnet_course

SECTION = re.compile(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", re.MULTILINE | re.DOTALL)


def public():
    """Return every public function, class and method of the package, by name."""
    found = {}
    for module in pkgutil.walk_packages(alexnet_course.__path__, "alexnet_course."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.name:
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                found[f"{module.name}.{name}"] = thing
            for method in ("forward", "backward") if inspect.isclass(thing) else ():
                if method in vars(thing):
                    found[f"{module.name}.{name}.{method}"] = vars(thing)[method]
    return found


def documented(docstring):
    """Return the parameters that a numpydoc docstring names."""
    section = SECTION.search(inspect.cleandoc(docstring or ""))
    heads = re.findall(r"^\S.*", section[1], re.MULTILINE) if section else []
    return [name.strip("* ") for head in heads for name in head.split(" : ")[0].split(",")]


WITH_PARAMETERS = {name: thing for name, thing in public().items() if documented(thing.__doc__)}


@pytest.mark.first_version("T35")
@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_a_docstring_names_the_parameters_of_its_signature(name):
    thing = WITH_PARAMETERS[name]
    names = [parameter for parameter in inspect.signature(thing).parameters if parameter != "self"]
    assert sorted(documented(thing.__doc__)) == sorted(names)


def test_the_layers_are_among_them():
    assert len(WITH_PARAMETERS) > 40
    assert "alexnet_course.layers.dense.Dense" in WITH_PARAMETERS


def test_parameters_are_found_in_a_docstring():
    text = "A layer.\n\n    Parameters\n    ----------\n    a, b : int\n        Both.\n    c : int\n"
    assert documented(text + "\n    Returns\n    -------\n    d : int\n") == ["a", "b", "c"]
