import numpy as np
import pytest

from alexnet_course import miniature
from alexnet_course.data.fashion import load_fashion
from alexnet_course.images import centre_crop
from alexnet_course.layers import Dropout, LocalResponseNormalization
from alexnet_course.losses import cross_entropy
from alexnet_course.training import evaluate


@pytest.fixture(scope="module")
def held_out():
    fashion = load_fashion()
    images = miniature.preprocess(fashion.held_out_images)
    return np.stack([centre_crop(image, 27) for image in images]), fashion.held_out_labels


def test_it_has_the_anatomy_of_alexnet():
    network = miniature.Miniature(rng=np.random.default_rng(0))
    assert [name for name in network.layers if name.startswith("conv")] == [f"conv{i}" for i in range(1, 6)]
    assert {name: network[name].groups for name in ("conv1", "conv2", "conv3", "conv4", "conv5")} == {
        "conv1": 1, "conv2": 2, "conv3": 1, "conv4": 2, "conv5": 2
    }  # fmt: skip
    for name in ("lrn1", "lrn2"):
        assert repr(network[name]) == repr(LocalResponseNormalization())
    for name in ("pool1", "pool2"):
        assert network[name].pool_size > network[name].stride
    assert isinstance(network["dropout6"], Dropout)


def test_the_first_loss_is_that_of_ten_equal_scores(held_out):
    network = miniature.Miniature(rng=np.random.default_rng(0))
    loss, _ = cross_entropy(network.predict(held_out[0][:100]), held_out[1][:100])
    assert loss == pytest.approx(np.log(10), abs=0.05)


def test_pictures_of_28_are_refused():
    with pytest.raises(
        ValueError, match=r"Miniature: x must have shape \(N, 27, 27, 1\); got \(2, 28, 28, 1\)"
    ):
        miniature.Miniature().predict(np.zeros((2, 28, 28, 1)))


def test_pictures_are_prepared_once_for_all():
    images = load_fashion().images
    prepared = miniature.preprocess(images)
    assert prepared.dtype == np.float32
    np.testing.assert_allclose(prepared.mean(axis=0, dtype=np.float64), 0, atol=1e-6)
    assert 0.8 < prepared.std() < 1.2
    with pytest.raises(ValueError, match=r"images must have shape \(N, 28, 28, 1\)"):
        miniature.preprocess(images[..., 0])


def test_the_shipped_weights_do_what_their_record_says(held_out):
    network = miniature.load_miniature()
    last = miniature.load_record()[0]["epochs"][-1]
    found = evaluate(network, *held_out)
    # half precision and another BLAS kernel turn a picture or two that hang in the balance
    assert found.accuracy == pytest.approx(last["held_out_accuracy"], abs=0.004)
    assert found.loss == pytest.approx(last["held_out_loss"], abs=0.005)
    assert found.accuracy > 0.85


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "miniature.npz"
    path.write_bytes(miniature.FILE.read_bytes()[:-10])
    with pytest.raises(ValueError, match=r"miniature\.npz is not the file that was meant"):
        miniature.load_miniature(path)


def test_the_ablation_gives_means_with_their_errors():
    long, short = (
        {row.change: row for row in miniature.load_ablation(regime)} for regime in ("long", "short")
    )
    assert long["as it is"].right == pytest.approx(86.31, abs=0.005)
    assert long["as it is"].error == pytest.approx(0.06, abs=0.005)
    assert (long["as it is"].seeds, long["tanh"].seeds) == (10, 6)
    assert short["no momentum"].right == pytest.approx(80.60, abs=0.005)
    assert short["paper start (.01, bias 1)"].right == 10
    order = [row.right for row in miniature.load_ablation("short")]
    assert order == sorted(order, reverse=True)
    with pytest.raises(ValueError, match='regime must be "long" or "short"; got \'middle\''):
        miniature.load_ablation("middle")
