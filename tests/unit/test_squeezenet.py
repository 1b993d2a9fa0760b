"""The trained network: its counts, its answers on the course's photographs, right and wrong, and its file."""

import shutil

import numpy as np
import pytest

from alexnet_course import squeezenet, weights
from alexnet_course.data.classes import class_names
from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.layers import Softmax
from alexnet_course.squeezenet import SqueezeNet, classify, load_squeezenet, preprocess


@pytest.fixture(scope="module")
def network():
    return load_squeezenet()


def test_the_counts_of_version_1_1():
    untrained = SqueezeNet(rng=np.random.default_rng(0))
    assert sum(array.size for array in untrained.params.values()) == 1_235_496
    assert untrained.multiply_accumulates((227, 227, 3)) == 352_540_352
    assert untrained["conv10"].output_shape((13, 13, 512)) == (13, 13, 1000)


@pytest.mark.parametrize(
    ("photograph", "name", "probability"),
    [
        ("chelsea", "Egyptian cat", 0.407),
        ("coffee", "espresso", 0.971),
        ("astronaut", "barbell", 0.501),  # wrong: no class is called person
        ("rocket", "missile", 0.155),
        ("china", "dome", 0.514),
        ("flower", "brain coral", 0.306),  # wrong
    ],
)
def test_its_first_answer(photograph, name, probability):
    ((answer, found),) = classify(load_photograph(photograph), top=1)
    assert answer == name
    assert found == pytest.approx(probability, abs=0.002)


def test_the_order_of_the_channels_matters(network):
    right = preprocess(load_photograph("coffee"))
    espresso = class_names().index("espresso")
    p = Softmax().predict(network.predict(np.concatenate([right, right[..., ::-1]])))[:, espresso]
    assert p == pytest.approx([0.971, 0.61], abs=0.005)


def test_probabilities_add_up_and_come_in_order():
    answers = classify(load_photograph("china"), top=1000)
    probabilities = [probability for _, probability in answers]
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
    assert probabilities == sorted(probabilities, reverse=True)
    assert answers == classify(load_photograph("china"), top=1000)


def test_a_batch_gives_what_its_photographs_give_alone(network):
    images = np.concatenate([preprocess(load_photograph(name)) for name in NAMES[:3]])
    alone = np.concatenate([network.predict(image[np.newaxis]) for image in images])
    np.testing.assert_allclose(network.predict(images), alone, rtol=1e-4, atol=1e-4)


def test_double_precision_gives_the_same_five_answers(network):
    image = preprocess(load_photograph("chelsea"))
    double = load_squeezenet(dtype=np.float64).predict(image)[0]
    single = network.predict(image)[0]
    assert np.argsort(-double)[:5].tolist() == np.argsort(-single)[:5].tolist()
    np.testing.assert_allclose(single, double, atol=1e-3)


def test_the_classes_are_a_thousand():
    names = class_names()
    assert len(names) == 1000
    assert {names[0], names[285], names[999]} == {"tench", "Egyptian cat", "toilet tissue"}
    assert {name for name in names if names.count(name) > 1} == {"crane", "maillot"}


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((256, 256)), r"image must be \(H, W, 3\)"),
        (np.zeros((256, 256, 4)), r"got shape \(256, 256, 4\)"),
        (np.zeros((200, 300, 3)), "size is 227"),
        (np.full((256, 256, 3), 0.5), "largest value is 0.5: multiply by 255"),
        (np.full((256, 256, 3), -1), "0 to 255; got -1 to"),
        (np.full((256, 256, 3), 256), "0 to 255; got 256 to 256"),
        (np.full((256, 256, 3), np.nan), "0 to 255; got nan to nan"),
        (np.full((256, 256, 3), -1, np.int8), "0 to 255; got -1 to -1"),
        (np.full((256, 256, 3), True), "largest value is 1: multiply by 255"),
        (np.full((256, 256, 3), 1.0), "largest value is 1: multiply by 255"),
        (np.zeros((0, 256, 3)), "image must hold at least one number"),
        ([[[1, 2, 3]], [[1, 2]]], r"image must be \(H, W, 3\); its rows have different lengths"),
    ],
)
def test_what_is_no_photograph_is_refused(image, message):
    with pytest.raises(ValueError, match=message):
        preprocess(image)


def test_every_dtype_that_holds_0_to_255_gives_the_same():
    grey = np.full((227, 227, 3), 100)
    wanted = preprocess(grey)
    for image in (grey.astype(np.int8), grey.astype(np.uint8), grey.astype(np.float16), grey.tolist()):
        np.testing.assert_array_equal(preprocess(image), wanted)


def test_what_holds_no_numbers_is_refused():
    with pytest.raises(TypeError, match="image must hold real numbers; got dtype <U1"):
        preprocess(np.full((256, 256, 3), "a"))


def test_top_is_checked():
    for top in (0, 1001):
        with pytest.raises(ValueError, match="top must be at"):
            classify(load_photograph("coffee"), top=top)


def test_a_file_that_is_not_the_one_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no weight file .*none\.npz$"):
        load_squeezenet(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError, match=r"there is no weight file .*: it is a folder$"):
        load_squeezenet(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no weight file .*; install the course again$"):
        load_squeezenet(squeezenet.FILE.with_name("none.npz"))
    whole = squeezenet.FILE.read_bytes()
    truncated, altered = tmp_path / "truncated.npz", tmp_path / "altered.npz"
    truncated.write_bytes(whole[:-1000])
    altered.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    for path in (truncated, altered):
        with pytest.raises(ValueError, match=r"is not the file that was meant: its SHA-256 is \w+, expected"):
            load_squeezenet(path)
    copy = shutil.copy(squeezenet.FILE, tmp_path / "copy.npz")
    assert load_squeezenet(copy).params.keys() == load_squeezenet().params.keys()


def test_half_precision_is_what_the_file_holds(network, tmp_path):
    weights.save(network, tmp_path / "again.npz", dtype=np.float16)
    # the arrays, not the bytes: another zlib packs them differently
    with np.load(tmp_path / "again.npz") as again, np.load(squeezenet.FILE) as shipped:
        assert again.files == shipped.files
        for name in shipped.files:
            assert shipped[name].dtype == np.float16
            np.testing.assert_array_equal(again[name], shipped[name])


def test_views_are_averaged_and_there_must_be_one():
    china = load_photograph("china")
    views = [china[:, :300], china[:, 40:]]
    names = dict(squeezenet.classify_views(views, top=1000))
    for name in ("palace", "boathouse"):
        alone = [dict(squeezenet.classify(view, top=1000))[name] for view in views]
        assert names[name] == pytest.approx(np.mean(alone), rel=1e-4)
    with pytest.raises(ValueError, match="views must hold at least one; it is empty"):
        squeezenet.classify_views([])
