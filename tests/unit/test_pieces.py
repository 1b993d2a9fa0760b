"""A batch in pieces: several workers give what one gives, and every layer is as if one had worked."""

import copy
import pickle
import threading

import numpy as np
import pytest

from alexnet_course import alexnet, museum, workers
from alexnet_course.fire import GlobalAverage, SideBySide, fire
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
    Softmax,
)
from alexnet_course.layers.base import Layer
from alexnet_course.layers.map_normalization import MapNormalization
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD


@pytest.fixture(autouse=True)
def _everything_is_worth_sharing(monkeypatch):
    monkeypatch.setattr(workers, "WORTH_WHILE", 1)
    monkeypatch.setattr(workers, "WORTH_WHILE_HERE", 1)
    monkeypatch.setattr("alexnet_course.optimizers.PART", 7)
    # Two images as far as pool1, and four from there on:
    monkeypatch.setattr("alexnet_course.network.LARGE", 200)
    monkeypatch.setattr("alexnet_course.pieces.PIECE", 900)


class BatchMean(Layer):
    """A layer that mixes the images of a batch, and says nothing of it."""

    def forward(self, x):
        y = x - x.mean(axis=0)
        self.saved = (y.shape,)
        return y

    def backward(self, grad_output, input_gradient=True):
        (grad_output,) = self._unpack(grad_output)
        return grad_output - grad_output.mean(axis=0)


def network(**between):
    """Return every kind of layer, nested too, from images of 13 x 11 x 3 to four scores."""
    options = {"rng": np.random.default_rng(0), "dtype": np.float64}
    layers = {
        "conv1": Conv2D(3, 4, (3, 2), (2, 1), 1, **options),
        "relu1": ReLU(),
        "lrn1": LocalResponseNormalization(n=3, alpha=0.5),
        "pool1": MaxPooling2D(3, 2, padding=1),
        **between,
        "map": MapNormalization(3, alpha=0.1),
        "fire": fire(4, 3, 4, **options),
        "towers": museum.Towers(
            {"a": Conv2D(4, 3, 3, padding=1, **options), "b": Conv2D(4, 3, 1, **options)}
        ),
        "flatten": Flatten(),
        "fc6": Dense(6 * 4 * 6, 5, **options),
        "relu6": ReLU(),
        "dropout6": Dropout(0.5, rng=np.random.default_rng(1)),
        "fc8": Dense(5, 4, **options),
    }
    return Sequential(layers, (13, 11, 3))


def images(number):
    """Return random images for the network."""
    return np.random.default_rng(2).standard_normal((number, 13, 11, 3))


def step(model, x, number, **options):
    """Return what workers make of a training step: outputs, gradients, masks, and what layers save."""
    model.training = True
    with workers.limit(number):
        y = model.forward(x)
        grad_input = model.backward(np.cos(y), **options)
    saved = {
        f"{layer.name}.{i}": part for layer in model.everyone() for i, part in enumerate(layer.saved or ())
    }
    grads = {name: grad.copy() for name, grad in model.grads.items()}
    return {"y": y, "input": grad_input} | grads | saved


def assert_alike(first, second):
    """Compare two steps, to rounding; whole numbers and masks exactly."""
    assert first.keys() == second.keys()
    for name, value in first.items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            np.testing.assert_allclose(second[name], value, rtol=1e-9, atol=1e-12, err_msg=name)
        else:
            np.testing.assert_equal(second[name], value, err_msg=name)


# ---- the same numbers


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("batch", [1, 2, 5, 7])
def test_several_workers_take_the_step_of_one(number, batch):
    assert_alike(step(network(), images(batch), 1), step(network(), images(batch), number))


def test_no_gradient_of_the_images_where_nobody_reads_it():
    alone = step(network(), images(5), 1, input_gradient=False)
    shared = step(network(), images(5), 2, input_gradient=False)
    assert shared["input"] is None
    assert_alike(alone, shared)


@pytest.mark.parametrize("batch", [2, 5, 9])
def test_predictions(batch):
    model, x = network(), images(batch)
    with workers.limit(1):
        expected = model.predict(x)
    for number in (2, 3):
        with workers.limit(number):
            np.testing.assert_allclose(model.predict(x), expected, rtol=1e-9)
    assert all(layer.saved is None for layer in model.everyone())


def test_several_steps_of_training_with_dropout():
    results = []
    for number in (1, 2, 3):
        model = network()
        optimizer, labels = SGD(model, 0.01), np.arange(5) % 4
        model.training = True
        with workers.limit(number):
            for _ in range(4):
                _, grad = cross_entropy(model.forward(images(5)), labels)
                model.backward(grad, input_gradient=False)
                optimizer.step()
        results.append({name: array.copy() for name, array in model.params.items()})
    assert_alike(results[0], results[1])
    assert_alike(results[0], results[2])


@pytest.mark.parametrize("batch", [3, 4])
def test_the_papers_network(batch, monkeypatch):
    monkeypatch.setattr("alexnet_course.optimizers.PART", 1 << 21)
    monkeypatch.setattr("alexnet_course.network.LARGE", 1 << 17)
    monkeypatch.setattr("alexnet_course.pieces.PIECE", 1 << 20)
    x = np.random.default_rng(2).standard_normal((batch, 227, 227, 3), np.float32)
    model = alexnet.AlexNet(initial="he", rng=np.random.default_rng(0))
    with workers.limit(1):
        expected = model.predict(x)
        y = model.forward(x)
        model.backward(y, input_gradient=False)
    grads = {name: grad.copy() for name, grad in model.grads.items()}
    for number in (2, 3):
        with workers.limit(number):
            for logits in (model.predict(x), model.forward(x)):
                np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-3 * abs(expected).max())
            assert model["conv1"].pieces
            model.backward(y, input_gradient=False)
        for name, grad in model.grads.items():  # a ReLU or a pool may decide otherwise after rounding
            assert np.linalg.norm(grad - grads[name]) < 2e-2 * np.linalg.norm(grads[name]), name


def test_the_network_of_the_code_of_2012():
    model = museum.rearranged(network_of_2012())
    x = np.random.default_rng(2).standard_normal((4, 63, 63, 3))
    assert_alike(step(model, x, 1), step(model, x, 2))


def network_of_2012():
    """Return a small network with the names that `museum.rearranged` needs."""
    options = {"rng": np.random.default_rng(0), "dtype": np.float64}
    layers = {"conv1": Conv2D(3, 4, 11, 4, **options), "relu1": ReLU(), "lrn1": LocalResponseNormalization()}
    layers |= {"pool1": MaxPooling2D(3, 2), "conv2": Conv2D(4, 4, 5, padding=2, groups=2, **options)}
    layers |= {"relu2": ReLU(), "lrn2": LocalResponseNormalization(), "pool2": MaxPooling2D(3, 2)}
    layers |= {"conv5": Conv2D(4, 4, 3, padding=1, groups=2, **options), "relu5": ReLU()}
    return Sequential(layers | {"average": GlobalAverage(), "fc8": Dense(4, 3, **options)}, (63, 63, 3))


# ---- what is not shared out


def test_a_layer_that_mixes_the_images_has_all_of_them():
    for model in (network(mean=BatchMean()), network(nested=Sequential([ReLU(), BatchMean()]))):
        assert_alike(step(copy.deepcopy(model), images(5), 1), step(copy.deepcopy(model), images(5), 2))
        assert not model.by_image


def test_an_heir_of_a_layer_says_itself_that_it_keeps_images_apart():
    class Centred(ReLU):
        def forward(self, x):
            return super().forward(x - x.mean(axis=0))

    class Loud(ReLU):
        by_image = True

    assert (Centred().by_image, Loud().by_image, BatchMean().by_image) == (False, True, False)
    assert_alike(step(network(own=Centred()), images(5), 1), step(network(own=Centred()), images(5), 2))


def test_dropout_that_draws_is_not_shared_out():
    dropout = Dropout(0.5)
    assert dropout.by_image
    dropout.training = True
    assert not dropout.by_image
    assert_alike(
        *(step(network(drop=Dropout(0.5, rng=np.random.default_rng(3))), images(5), n) for n in (1, 2))
    )


def test_small_batches_and_small_networks_are_left_alone(monkeypatch):
    monkeypatch.setattr(workers, "together", lambda: pytest.fail("shared out"))
    model = network()
    with workers.limit(2):
        model.predict(images(1))
        monkeypatch.setattr(workers, "WORTH_WHILE", 10**9)
        model.backward(model.forward(images(5)))
        with workers.limit(1):
            monkeypatch.setattr(workers, "WORTH_WHILE", 1)
            model.backward(model.forward(images(5)))


# ---- as if one had worked


def test_one_layer_by_itself_after_the_network():
    model, x = network(), images(5)
    expected = step(network(), x, 1)
    model.training = True
    with workers.limit(2):
        y = model.forward(x)
        model.backward(np.cos(y))
        grad_relu = model["relu1"].backward(np.ones(model["relu1"].saved[0]))
        assert grad_relu.shape == model["relu1"].saved[0]
        model["conv1"].backward(grad_relu)
        assert model["conv1"].grads["weight"].shape == model["conv1"].weight.shape
        again = model.backward(np.cos(y))  # some layers in pieces, some in one
    np.testing.assert_allclose(again, expected["input"], rtol=1e-9, atol=1e-12)


def test_a_layer_that_has_seen_something_else_since_answers_that():
    outcomes = []
    for number in (1, 2):
        model = network()
        with workers.limit(number):
            y = model.forward(images(5))
            model["pool1"].forward(np.ones((5, 7, 12, 4)))
            model["fire"]["relu_squeeze"].forward(np.zeros((5, 4, 6, 3)))
            outcomes.append(model.backward(np.cos(y)))
    np.testing.assert_allclose(*outcomes, rtol=1e-9, atol=1e-12)


def test_batches_of_changing_size_and_numbers_of_workers():
    model, fresh = network(), network()
    model["dropout6"].rng, fresh["dropout6"].rng = None, None
    for batch, number in ((5, 2), (4, 2), (4, 3), (1, 2), (6, 2), (6, 1), (2, 3)):
        for one in (model, fresh):
            one["dropout6"].rng = np.random.default_rng(batch)
        assert_alike(step(fresh, images(batch), 1), step(model, images(batch), number))


def test_what_is_handed_out_stays_as_it_is():
    model = network()
    with workers.limit(2):
        y, prediction = model.forward(images(5)), model.predict(images(5))
        grad_input, saved = model.backward(np.cos(y)), model["conv1"].saved
        before = copy.deepcopy((y, prediction, grad_input, saved))
        model.backward(model.forward(images(5) + 1))
        model.predict(images(5) - 1)
    for array, kept in zip((y, prediction, grad_input, saved[1]), (*before[:3], before[3][1]), strict=True):
        np.testing.assert_array_equal(array, kept)


def test_new_arrays_of_parameters_count_at_once():
    x, outcomes = images(5), []
    for number in (1, 2):
        model = network()
        with workers.limit(number):
            y = model.forward(x)
            model["conv1"].params = {name: 2 * array for name, array in model["conv1"].params.items()}
            outcomes.append(model.backward(np.cos(y)))
            outcomes.append(model.forward(x))
    np.testing.assert_allclose(outcomes[2], outcomes[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(outcomes[3], outcomes[1], rtol=1e-9, atol=1e-12)


def test_gradients_stay_in_their_arrays():
    model, x = network(), images(5)
    with workers.limit(2):
        model.backward(model.forward(x))
        before = dict(model.grads)
        model.backward(model.forward(x))
    assert all(model.grads[name] is array for name, array in before.items())


def test_copies_and_pickles_of_a_network_in_pieces():
    model, x = network(), images(5)
    with workers.limit(2):
        y = model.forward(x)
        for twin in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            np.testing.assert_allclose(twin.backward(np.cos(y)), model.backward(np.cos(y)))
            np.testing.assert_array_equal(twin.predict(x), model.predict(x))


# ---- trouble


def test_errors_speak_of_the_whole_batch():
    model = Sequential({"conv1": Conv2D(3, 4, 3), "conv2": Conv2D(5, 6, 3)})
    with workers.limit(2), pytest.raises(ValueError, match=r"conv2: x must have .* got \(6, 6, 6, 4\)"):
        model.forward(np.zeros((6, 8, 8, 3)))
    model = network()
    with workers.limit(2):
        y = model.forward(images(5))
        with pytest.raises(
            ValueError, match=r"fc8: grad_output must have the shape .* \(5, 4\); got \(4, 4\)"
        ):
            model.backward(y[:4])
    chain = Sequential([Conv2D(3, 4, 3)])
    with workers.limit(2):
        y = chain.forward(images(5))
        with pytest.raises(
            ValueError, match=r"grad_output must have .* \(5, 11, 9, 4\); got \(4, 11, 9, 4\)"
        ):
            chain.backward(y[:4])


def test_a_failure_in_one_piece_leaves_no_wrong_numbers(monkeypatch):
    model, x = network(), images(5)
    expected = step(network(), x, 1)
    forward, calls = ReLU.forward, []

    def failing(layer, x):
        calls.append(len(x))
        if len(x) < 5:
            raise MemoryError
        return forward(layer, x)

    monkeypatch.setattr(ReLU, "forward", failing)
    assert_alike(expected, step(model, x, 2))
    assert min(calls) < 5


def test_one_network_predicts_in_many_threads():
    model = network()
    batches = [images(number) for number in (3, 4, 5, 6)]
    with workers.limit(1):
        expected = [model.predict(x) for x in batches]
    results = [[] for _ in batches]

    def call(place):
        for _ in range(5):
            results[place].append(model.predict(batches[place]))

    with workers.limit(3):
        threads = [threading.Thread(target=call, args=(place,)) for place in range(len(batches))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for wanted, found in zip(expected, results, strict=True):
        assert len(found) == 5
        for y in found:
            np.testing.assert_allclose(y, wanted, rtol=1e-9)


def test_side_by_side_saves_the_same_for_every_piece():
    both = SideBySide({"a": ReLU(), "b": ReLU()})
    x = images(5)
    model = Sequential({"conv": Conv2D(3, 2, 1, dtype=np.float64), "both": both, "softmax": Softmax()})
    assert model.by_image
    assert_alike(step(model, x, 1), step(model, x, 2))
