"""Every explorer in Python: its settings, its figure, and what a notebook stores of it."""

import html
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course import explorers
from alexnet_course.explorers.kit import base, traits

EVERY = [getattr(explorers, name) for name in explorers.__all__]


# ---- every explorer


@pytest.mark.parametrize("cls", EVERY)
def test_bundle_holds_a_widget_its_repr_and_a_picture(cls):
    explorer = cls()
    data, _ = explorer._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == repr(explorer)
    assert re.fullmatch(rf"{cls.__name__}\(.{{0,80}}\)", repr(explorer))


@pytest.mark.parametrize("cls", EVERY)
def test_figure_has_the_state_and_a_well_formed_picture(cls):
    module, state, alt, svg, caption = figure(cls())
    assert (base.FOLDER / f"{module}.js").is_file()
    assert state == json.loads(json.dumps(cls()._state()))
    assert set(state) == set(cls().trait_names(state=True))
    ElementTree.fromstring(svg)
    assert len(alt) > 40
    assert caption.endswith(".")
    assert "nan" not in re.sub(r"base64,[^\"]+", "", svg).lower()


@pytest.mark.parametrize("cls", EVERY)
def test_figure_is_the_same_every_time(cls):
    assert cls()._figure() == cls()._figure()


@pytest.mark.parametrize("cls", EVERY)
def test_figure_is_the_same_in_another_process(cls):
    code = f"import sys; from alexnet_course.explorers import {cls.__name__} as E; "
    code += "sys.stdout.write(E()._figure())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert other.stdout == cls()._figure()


@pytest.mark.parametrize("cls", EVERY)
def test_whole_traits_refuse_what_is_out_of_range(cls):
    explorer = cls()
    for name, trait in cls().traits(state=True).items():
        if not isinstance(trait, (traits.Whole, traits.Number)):
            continue
        for wrong in (trait.low - 1, trait.high + 1, "3", None, True, float("nan"), [1]):
            with pytest.raises(ValueError, match=rf"{name} is .*from {trait.low} to {trait.high}"):
                setattr(explorer, name, wrong)
            with pytest.raises(ValueError, match=name):
                cls(**{name: wrong})
        setattr(explorer, name, np.array(trait.high)[()])  # a NumPy number
        assert getattr(explorer, name) == trait.high


@pytest.mark.parametrize("cls", EVERY)
def test_words_refuse_other_words(cls):
    explorer = cls()
    for name, trait in cls().traits(state=True).items():
        if isinstance(trait, (traits.Choice, traits.NamedMatrix)):
            with pytest.raises(ValueError, match=rf"{name} is 'cow'.*{trait.words[0]}"):
                setattr(explorer, name, "cow")
        elif isinstance(trait, traits.Flag):
            with pytest.raises(ValueError, match=rf"{name} is 1; it must be True or False"):
                setattr(explorer, name, 1)


@pytest.mark.parametrize("cls", EVERY)
def test_code_for_a_notebook_needs_no_file(cls):
    assert not re.search(r"^import\b|^export (?!default)", str(cls._esm), flags=re.M)
    assert str(cls._esm).count("export default") == 1


@pytest.mark.parametrize("cls", EVERY)
def test_it_has_a_name_and_a_task_in_the_notebook_and_on_the_page(cls):
    explorer = cls()
    assert cls._title
    assert cls._try
    assert explorer.about == {"module": cls._module, "title": cls._title, "try": cls._try}
    assert f' aria-label="{html.escape(cls._title)}" ' in explorer._figure()
    assert f' data-try="{html.escape(cls._try)}" ' in explorer._figure()
    brief = cls(brief=True)
    assert brief.about == explorer.about | {"brief": True}
    assert brief._figure() == explorer._figure().replace(" data-state=", " data-brief data-state=")


@pytest.mark.parametrize("cls", EVERY)
def test_its_style_sheet_is_for_it_alone(cls):
    """All sheets become one, on every page."""
    sheet = re.sub(r"/\*.*?\*/", "", base.source(f"{cls._module}.css"), flags=re.DOTALL)
    preludes = [prelude.strip() for prelude in re.findall(r"([^{};]+)\{", sheet)]
    selectors = [prelude for prelude in preludes if not prelude.startswith("@")]
    assert selectors
    for selector in selectors:
        for part in re.split(r",(?![^(]*\))", selector):
            assert f".explorer.{cls._module}" in part or f'[data-explorer="{cls._module}"]' in part, part


def test_importing_the_folder_imports_no_widget():
    code = "import sys, alexnet_course.explorers; sys.exit('anywidget' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_an_unknown_explorer_is_an_attribute_error():
    with pytest.raises(AttributeError, match="CowExplorer"):
        explorers.CowExplorer  # noqa: B018


# ---- inline()


@pytest.fixture
def modules(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "FOLDER", tmp_path)

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")

    return write


def test_inline_puts_each_module_in_front_once(modules):
    modules(
        a='import { twice as double, ONE } from "./b.js";\nimport * as c from "./c.js";\n'
        "export default double(ONE) + c.twice;\n",
        b='import { twice as t } from "./c.js";\nexport const ONE = 1;\n'
        "export function twice(x) { return t * x; }\n",
        c="const hidden = 2;\nexport const twice = hidden;\nexport class Thing {}\n",
    )
    text = base.inline("a.js")
    assert text.count("const hidden") == 1
    assert "import" not in text
    assert text.index("const hidden") < text.index("const ONE") < text.index("export default")
    assert "return { twice, Thing };" in text
    assert "const { twice: double, ONE } = module_b;" in text
    assert "const c = module_c;" in text


def test_inline_finds_a_module_from_the_folder_of_the_one_that_imports_it(modules, tmp_path):
    for folder in ("kit", "made"):
        (tmp_path / folder).mkdir()
    modules(
        **{
            "a": 'import { two } from "./kit/b.js";\nexport default two;\n',
            "kit/b": 'import { ONE } from "./c.js";\nimport { TWO } from "../made/c.js";\n'
            "export const two = ONE * TWO;\n",
            "kit/c": "export const ONE = 1;\n",
            "made/c": "export const TWO = 2;\n",
        }
    )
    text = base.inline("a.js")
    assert "const { ONE } = module_kit_c;" in text
    assert "const { TWO } = module_made_c;" in text
    assert text.index("const ONE = 1;") < text.index("const two = ") < text.index("export default")


def test_inline_gives_the_code_of_a_worker_as_a_text(modules):
    modules(
        a='import SOURCE from "./b.js" with { type: "text" };\nexport default SOURCE;\n',
        b='import { c } from "./c.js";\nconst words = "a\\nb";\nserve(c, words);\n',
        c="export const c = 1;\n",
    )
    line, rest = base.inline("a.js").split("\n", 1)
    assert rest == "export default SOURCE;\n"
    assert json.loads(line.removeprefix("const SOURCE = ").removesuffix(";")) == base.inline("b.js")


def test_inline_changes_each_module_and_no_data(modules, tmp_path):
    (tmp_path / "d.json").write_text('"one"', encoding="utf-8")
    modules(
        a='import { b } from "./b.js";\nimport CODE from "./c.js" with { type: "text" };\n'
        'import DATA from "./d.json" with { type: "json" };\nexport default [b, "one"];\n',
        b='export const b = "one";\n',
        c='serve("one");\n',
    )
    text = base.inline("a.js", lambda code: code.replace("one", "two"))
    assert text.count("two") == 3
    assert 'const DATA = "one";' in text


def test_inline_refuses_what_it_would_get_wrong(modules):
    modules(a='import thing from "./b.js";\n', b="export default 1;\n")
    with pytest.raises(ValueError, match=r'a.js has an import that cannot be put inline: "import thing'):
        base.inline("a.js")
    modules(a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\nexport const b = a;\n')
    with pytest.raises(ValueError, match=r"circle: a.js -> b.js -> a.js"):
        base.inline("a.js")
