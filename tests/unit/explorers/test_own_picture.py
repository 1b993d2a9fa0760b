"""The button for one's own picture: an upload is named, a bad one refused, a page has no dead button."""

import datetime

import pytest

from alexnet_course.data import photographs
from alexnet_course.explorers.own_picture import WITHOUT_A_KERNEL, OwnPicture


def upload(widget, content):
    """Do what the browser does when a file was chosen."""
    file = {"name": "picture.png", "type": "image/png", "size": len(content), "content": memoryview(content)}
    widget._button.value = ({**file, "last_modified": datetime.datetime.now(datetime.UTC)},)


def shown(widget):
    return widget._answer.value


def test_an_uploaded_picture_is_named():
    widget = OwnPicture(top=2)
    upload(widget, (photographs.FOLDER / "coffee.png").read_bytes())
    assert [name for name, _ in widget.names] == ["espresso", "consomme"]
    assert "espresso: 0.97" in shown(widget)
    assert bytes(widget._seen.value).startswith(b"\x89PNG")
    assert widget._seen.layout.display is None


def test_an_upload_as_ipywidgets_7_hands_it_over_is_named():
    widget = OwnPicture(top=1)
    content = (photographs.FOLDER / "coffee.png").read_bytes()
    widget._upload({"new": {"coffee.png": {"metadata": {"name": "coffee.png"}, "content": content}}})
    assert [name for name, _ in widget.names] == ["espresso"]
    widget._upload({"new": {}})


def test_a_file_that_is_no_picture_is_refused_and_the_old_answer_goes():
    widget = OwnPicture()
    widget.name_picture(photographs.FOLDER / "coffee.png")
    upload(widget, b"<script>alert(1)</script>")
    assert widget.names == []
    assert "No answer: this is no picture" in shown(widget)
    assert widget._seen.layout.display == "none"
    assert "espresso" not in shown(widget)


def test_a_path_that_does_not_exist_is_shown_as_text():
    widget = OwnPicture()
    widget.name_picture("<b>nowhere</b>.png")
    assert "there is no picture &lt;b&gt;nowhere" in shown(widget)


def test_without_a_kernel_a_sentence_stands_in_its_place():
    data = OwnPicture()._repr_mimebundle_()
    assert WITHOUT_A_KERNEL in data["text/html"]
    assert not any(tag in data["text/html"] for tag in ("<button", "<input", "<script"))
    assert data["text/plain"] == repr(OwnPicture()) == "OwnPicture(top=5)"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_top_out_of_range_is_refused():
    with pytest.raises(ValueError, match="top must be at"):
        OwnPicture(top=1001).name_picture(photographs.FOLDER / "coffee.png")
