"""The command line: five names a photograph, or one line on what is wrong and status 2."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from alexnet_course import pretrained, squeezenet
from alexnet_course.__main__ import main
from alexnet_course.data import photographs
from alexnet_course.network import Sequential

COFFEE, CHELSEA = (str(photographs.FOLDER / f"{name}.png") for name in ("coffee", "chelsea"))


def refused(arguments, capsys):
    """Return what the command line says of arguments that it refuses with status 2, and nothing else."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()[-1]


def test_squeezenet_answers_without_weights_and_says_so():
    command = [sys.executable, "-m", "alexnet_course", "classify", COFFEE, CHELSEA]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    network, *answers = done.stdout.split("\n\n")
    assert network == "network: SqueezeNet 1.1, since no --weights are given: it is not AlexNet"
    coffee, chelsea = (answer.splitlines() for answer in answers)
    assert coffee[0] == COFFEE
    assert chelsea[0] == CHELSEA
    assert len(coffee) == len(chelsea) == 6
    assert coffee[1].split() == ["97.1%", "espresso"]
    assert chelsea[1].endswith("Egyptian cat")
    assert done.stderr == ""


def test_weights_answer(monkeypatch, capsys, tmp_path):
    trained = squeezenet.load_squeezenet()
    network = Sequential(trained.layers, trained.input_shape)
    loaded = pretrained.Pretrained(network, squeezenet.PREPARATION, "a network of the test")
    monkeypatch.setattr(pretrained, "load_alexnet", {"some.onnx": loaded}.__getitem__)
    main(["classify", "--weights", "some.onnx", COFFEE])
    assert capsys.readouterr().out.startswith(
        f"network: a network of the test\n\n{COFFEE}\n   97.1%  espresso\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["classify"], "the following arguments are required: PHOTO"),
        (["draw", COFFEE], "invalid choice: 'draw'"),
        (["classify", "none.png"], "error: there is no picture none.png"),
        (["classify", "."], "error: there is no picture .: it is a folder"),
        (
            ["classify", COFFEE, __file__],
            f"error: {__file__}: this is no picture in a format that can be read",
        ),
        (["classify", COFFEE, "--weights", "none.onnx"], "error: there is no weight file none.onnx"),
        (
            ["classify", COFFEE, "--weights", __file__],
            "error: path must end in .onnx, .safetensors, .pth, .pt;",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, words, capsys):
    assert words in refused(arguments, capsys)


def test_a_package_that_is_missing_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "onnx", None)
    file = tmp_path / "weights.onnx"
    file.write_bytes(b"1")
    said = refused(["classify", COFFEE, "--weights", str(file)], capsys)
    assert said.endswith("the package onnx, which is not installed: pip install 'alexnet-course[onnx]'")


def test_a_small_photograph_is_told_by_its_name(tmp_path, capsys):
    file = tmp_path / "small.png"
    Image.fromarray(np.zeros((1, 1, 3), np.uint8)).save(file)
    assert f"{file}: the picture has 1 x 1 pixels" in refused(["classify", str(file)], capsys)


def test_help_says_what_weights_are(capsys):
    with pytest.raises(SystemExit) as end:
        main(["classify", "--help"])
    assert end.value.code == 0
    assert ".onnx, .safetensors or .pth" in " ".join(capsys.readouterr().out.split())
