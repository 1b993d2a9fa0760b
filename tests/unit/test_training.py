import numpy as np
import pytest

from alexnet_course import training
from alexnet_course.layers import Dense, Dropout, ReLU
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD


@pytest.fixture
def examples():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 20)
    return rng.standard_normal((60, 4)).astype(np.float32) + 3 * np.eye(3, 4, dtype=np.float32)[
        labels
    ], labels


def network_with_dropout(seed=0):
    rng = np.random.default_rng(seed)
    layers = {"hidden": Dense(4, 8, rng=rng), "relu": ReLU(), "dropout": Dropout(rng=rng)}
    return Sequential(layers | {"output": Dense(8, 3, rng=rng)})


# ---- batches ----


def test_every_example_comes_once_with_its_label(examples):
    images, labels = examples
    seen = list(training.batches(images, labels, 16, np.random.default_rng(1)))
    assert [len(part) for _, part in seen] == [16, 16, 16, 12]
    found = np.concatenate([np.column_stack([x, y]) for x, y in seen])
    wanted = np.column_stack([images, labels])
    np.testing.assert_array_equal(found[np.lexsort(found.T)], wanted[np.lexsort(wanted.T)])
    assert not np.array_equal(found, wanted)


def test_a_generator_draws_the_order_and_none_keeps_it(examples):
    one, same, other = (
        np.concatenate([y for _, y in training.batches(*examples, 7, np.random.default_rng(seed))])
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    kept = np.concatenate([y for _, y in training.batches(*examples, 7)])
    np.testing.assert_array_equal(kept, examples[1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda x, y: (x, y[:-1]),
            r"images and labels must be as many; got images of shape \(60, 4\) and 59",
        ),
        (lambda x, y: (x, np.eye(3)[y]), "labels must be one row of whole numbers; got float64 of shape"),
        (lambda x, y: (x, y.astype(float)), "labels must be one row of whole numbers; got float64"),
        (lambda x, y: ((50 * x).astype(np.uint8), y), "images must be prepared floats.* got uint8"),
        (lambda x, y: (x[0], y[:4]), "images and labels must be as many"),
        (lambda x, y: (x > 0, y), "images must be prepared floats.* got bool"),
    ],
)
@pytest.mark.parametrize(
    "use", [lambda x, y: training.batches(x, y, 8), lambda x, y: training.evaluate(ReLU(), x, y)]
)
def test_what_is_no_set_of_examples_is_refused_at_the_call(examples, use, change, message):
    with pytest.raises((TypeError, ValueError), match=message):
        use(*change(*examples))


@pytest.mark.parametrize("size", [0, 1.5, True])
def test_a_batch_has_a_whole_number_of_examples(examples, size):
    with pytest.raises((TypeError, ValueError), match="size must be"):
        training.batches(*examples, size)


# ---- evaluation ----


def test_an_evaluation_is_that_of_all_at_once(examples):
    network = network_with_dropout()
    logits = network.predict(examples[0])
    found = training.evaluate(network, *examples, size=7)
    assert found.loss == pytest.approx(cross_entropy(logits, examples[1])[0], rel=1e-6)
    assert found.accuracy == np.mean(logits.argmax(axis=1) == examples[1])


def test_an_evaluation_leaves_the_mode_and_drops_nothing_out(examples):
    network = network_with_dropout()
    network.training = True
    first, second = (training.evaluate(network, *examples) for _ in range(2))
    assert first == second
    assert network.training


def test_nothing_cannot_be_evaluated():
    with pytest.raises(ValueError, match="at least one example"):
        training.evaluate(ReLU(), np.zeros((0, 3)), np.zeros(0, int))


# ---- the record ----


def step(network, optimizer, record, images, labels):
    loss, grad_logits = cross_entropy(network.forward(images), labels)
    record.add(loss)
    network.backward(grad_logits, input_gradient=False)
    optimizer.step()


def test_a_rate_that_is_too_large_is_named_with_the_layer(examples):
    network = network_with_dropout()
    network.training = True
    optimizer, record = SGD(network, learning_rate=1e6, momentum=0.99), training.Record(network)

    def run():
        for _ in range(200):
            step(network, optimizer, record, *examples)

    message = r"loss of step \d+ is (nan|inf): .*(output|hidden|relu|dropout).*a smaller learning_rate"
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match=message):
        run()
    assert 0 < len(record.losses) < 200
    assert np.isfinite(record.losses).all()


def test_the_first_parameter_with_nan_is_named(examples):
    network = network_with_dropout()
    network.training = True
    network["output"].weight[0, 0] = np.nan
    loss, _ = cross_entropy(network.forward(examples[0]), examples[1])
    with pytest.raises(FloatingPointError, match=r"step 0 is nan: output\.weight is the first parameter"):
        training.Record(network).add(loss)


def test_the_first_layer_that_overflows_is_named(examples):
    network = network_with_dropout()
    network.training = True
    network["hidden"].weight[...] = 3e38
    with np.errstate(all="ignore"):
        loss, _ = cross_entropy(network.forward(examples[0]), examples[1])
    with pytest.raises(FloatingPointError, match="relu is the first layer with NaN or infinity"):
        training.Record(network).add(loss)


def test_dropout_in_evaluation_mode_is_said():
    network = network_with_dropout()
    with pytest.raises(RuntimeError, match=r"set network\.training = True before the loop"):
        training.Record(network).add(1.0)
    training.Record(Dense(4, 3)).add(1.0)  # nothing to switch on


def test_a_record_tells_how_far_a_run_is():
    record = training.Record(Dense(4, 3))
    assert repr(record) == "Record(0 steps)"
    record.add(1.25)
    record.add_held_out(training.Evaluation(1.5, 0.5))
    assert repr(record) == "Record(1 steps, the last loss 1.25; 1 evaluations, the last 50 of 100 right)"
    assert record.held_out == [(1, training.Evaluation(1.5, 0.5))]


# ---- the schedule ----


def test_the_rate_is_divided_when_the_error_stops_falling():
    optimizer = SGD(Dense(1, 1), learning_rate=0.01)
    plateau = training.Plateau(optimizer, patience=2, divisions=2)
    rates, going = [], []
    for error in (0.5, 0.6, 0.4, 0.4, 0.5, 0.45, 0.45, 0.45, 0.45, 0.45):
        going.append(plateau.update(error))
        rates.append(optimizer.learning_rate)
    assert rates == pytest.approx([0.01] * 4 + [0.001] * 3 + [0.0001] * 3)
    assert going == [True] * 9 + [False]


@pytest.mark.parametrize("error", [np.nan, np.inf, -1, "0.5", None])
def test_an_error_is_a_number(error):
    with pytest.raises((TypeError, ValueError), match="error must be"):
        training.Plateau(SGD(Dense(1, 1))).update(error)
