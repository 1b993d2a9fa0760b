"""A run that stops and goes on equals one that did not stop, to the last bit."""

import json
import zipfile

import numpy as np
import pytest

from alexnet_course import weights
from alexnet_course.checkpoints import Checkpoint
from alexnet_course.images import random_views
from alexnet_course.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D, ReLU
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD
from alexnet_course.training import Evaluation, Plateau, Record, batches, evaluate

IMAGES = np.random.default_rng(5).standard_normal((24, 9, 9, 1)).astype(np.float32)
LABELS = np.arange(24) % 3


class Run:
    """A small network with everything that a run has: two layers of dropout, crops, and a schedule."""

    def __init__(self, path, seed=0, one_generator=True, kind=np.random.PCG64, plateau=True, rate=0.5):
        drawers = [np.random.Generator(kind(seed + i)) for i in range(4)]
        self.order, self.crops, first, second = 4 * drawers[:1] if one_generator else drawers
        layers = {
            "conv1": Conv2D(1, 4, 3, rng=self.order),
            "relu1": ReLU(),
            "pool1": MaxPooling2D(3, 2),
            "dropout1": Dropout(0.25, rng=first),
            "flatten": Flatten(),
            "fc6": Dense(16, 8, rng=self.order),
            "dropout6": Dropout(rate or 0.0, rng=second),
            "fc8": Dense(8, 3, rng=self.order),
        }
        if rate is None:
            del layers["dropout6"]
        self.network = Sequential(layers)
        self.optimizer, self.record = SGD(self.network, 0.05), Record(self.network)
        self.plateau = Plateau(self.optimizer) if plateau else None
        parts = self.optimizer, self.record, self.order, self.crops
        self.checkpoint = Checkpoint(path, *parts, plateau=self.plateau)

    def train(self, epochs):
        for epoch in range(self.checkpoint.resume(), epochs):
            self.network.training = True
            for x, y in batches(IMAGES, LABELS, 5, self.order):
                logits = self.network.forward(random_views(x, 7, self.crops))
                loss, grad_logits = cross_entropy(logits, y)
                self.record.add(loss)
                self.network.backward(grad_logits, input_gradient=False)
                self.optimizer.step()
            self.record.add_held_out(evaluate(self.network, IMAGES[:, 1:8, 1:8], LABELS))
            if self.plateau:
                self.plateau.update(self.record.held_out[-1][1].loss)
            self.checkpoint.save(epoch + 1)
        return self

    def state(self):
        """Return all that a step changes, as bytes and text."""
        arrays = {**self.network.params, **{f"v {key}": v for key, v in self.optimizer.velocity.items()}}
        plateau = self.plateau and {
            name: value for name, value in vars(self.plateau).items() if name != "optimizer"
        }
        generators = [self.order, self.crops]
        generators += [layer.rng for layer in self.network.layers.values() if isinstance(layer, Dropout)]
        return (
            {name: (array.dtype, array.tobytes()) for name, array in arrays.items()},
            (self.optimizer.learning_rate, self.optimizer.momentum, self.optimizer.weight_decay),
            (list(self.record.losses), list(self.record.held_out), plateau),
            [str(rng.bit_generator.state) for rng in generators],
        )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.npz"


# ---- going on ----


@pytest.mark.parametrize("one_generator", [True, False])
@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937])
def test_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(tmp_path, kind, one_generator):
    options = {"kind": kind, "one_generator": one_generator}
    whole = Run(tmp_path / "whole.npz", **options).train(6)
    for epochs in (1, 6):
        stopped = Run(tmp_path / "stopped.npz", seed=epochs - 1, **options).train(epochs)
    assert stopped.state() == whole.state()
    assert whole.optimizer.learning_rate < 0.05  # the schedule has acted
    assert len(whole.record.losses) == 30


def test_without_a_file_a_run_begins_and_afterwards_it_is_done(path):
    run = Run(path, plateau=False)
    before = run.state()
    assert run.checkpoint.resume() == 0
    assert run.state() == before
    run.train(2)
    before = run.state()
    assert Run(path, seed=7, plateau=False).train(2).state() == before


def test_the_arrays_and_the_lists_stay_the_same_objects(path):
    Run(path).train(1)
    run = Run(path, seed=1)
    arrays, losses = list(run.network.params.values()), run.record.losses
    run.checkpoint.resume()
    assert all(a is b for a, b in zip(arrays, run.network.params.values(), strict=True))
    assert losses is run.record.losses
    assert isinstance(run.record.held_out[0][1], Evaluation)


def test_a_rate_that_was_changed_by_hand_comes_back(path):
    run = Run(path)
    run.optimizer.learning_rate, run.optimizer.momentum, run.optimizer.weight_decay = 0.125, 0.5, 0.25
    run.train(1)
    again = Run(path, seed=1)
    again.checkpoint.resume()
    assert again.state() == run.state()


# ---- what is refused, with everything as it was ----


def refused(run, message):
    """Check that a run does not resume, says why, and has not changed."""
    before = run.state()
    with pytest.raises(ValueError, match=message):
        run.checkpoint.resume()
    assert run.state() == before


@pytest.mark.parametrize("cut", [0, 10, 1000, -1])
def test_a_truncated_file_changes_nothing(path, cut):
    Run(path).train(1)
    path.write_bytes(path.read_bytes()[:cut])
    refused(Run(path, seed=1), "or it is damaged")


def test_an_altered_byte_is_refused_or_does_not_matter(path):
    saved = Run(path).train(1).state()
    good = path.read_bytes()
    for place in range(0, len(good), len(good) // 60):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :])
        run = Run(path, seed=1)
        before = run.state()
        try:
            run.checkpoint.resume()
        except ValueError as error:
            assert str(path) in str(error)  # noqa: PT017 (some bytes, such as dates, do not matter)
            assert run.state() == before
        else:
            assert run.state() == saved


def test_weights_are_no_checkpoint_and_a_checkpoint_no_weights(path):
    run = Run(path).train(1)
    with pytest.raises(ValueError, match="it is a checkpoint of a run, not weights alone"):
        weights.load(run.network, path)
    weights.save(run.network, path)
    refused(Run(path, seed=1), "it holds weights without the run .*: weights.load reads it")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            {"rate": 0.25},
            r"its network has 'dropout6': Dropout\(\) where .* 'dropout6': Dropout\(0.25\)",
        ),
        ({"rate": None}, r"its network has 'dropout6': Dropout\(\) where this one has 'fc8': Dense\(8, 3\)"),
        ({"plateau": False}, "it was saved with a plateau"),
        ({"one_generator": False}, "dropout layers share their generators in another way"),
        ({"kind": np.random.SFC64}, "its generator is PCG64, and this one SFC64"),
    ],
)
def test_another_run_is_refused(path, other, message):
    Run(path).train(1)
    refused(Run(path, seed=1, **other), message)


def test_a_run_without_a_schedule_does_not_go_on_with_one(path):
    Run(path, plateau=False).train(1)
    refused(Run(path, seed=1), "it was saved without a plateau")


@pytest.mark.parametrize(
    ("dense", "message"),
    [
        (Dense(3, 2), r"parameter weight must have shape \(3, 2\); got \(2, 2\)"),
        (Dense(2, 2, dtype=np.float64), "parameter weight must be float64, to go on with the same digits"),
        (ReLU(), r"it lacks nothing and has \['parameter bias', .*'velocity weight'\] more"),
    ],
)
def test_another_network_is_refused(path, dense, message):
    network = Dense(2, 2)
    Checkpoint(path, SGD(network), Record(network)).save(1)
    with pytest.raises(ValueError, match=message):
        Checkpoint(path, SGD(dense), Record(dense)).resume()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epoch", -1),
        ("epoch", 1.5),
        ("rates", [0.1, 0.9]),
        ("rates", [-0.1, 0.9, 0.0005]),
        ("losses", [1.0, None]),
        ("losses", 3),
        ("held_out", [[1, 0.5]]),
        ("held_out", [[1, "low", 0.5]]),
        ("network", None),
        ("plateau", {"best": 0.5, "waited": 0}),
        ("generators", []),
        ("generators", [{"bit_generator": "PCG64"}]),
        ("more", 1),
    ],
)
def test_notes_that_are_no_runs_are_refused(path, name, value):
    Run(path).train(1)
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    notes = json.loads(members["notes.json"]) | {name: value}
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in (members | {"notes.json": json.dumps(notes)}).items():
            archive.writestr(member, content)
    refused(Run(path, seed=1), "is damaged: its notes are no run's")


def test_a_half_state_of_a_generator_is_refused(path):
    Run(path).train(1)
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    notes = json.loads(members["notes.json"])
    notes["generators"][0]["state"]["state"] = 1.5  # NumPy takes it
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in (members | {"notes.json": json.dumps(notes)}).items():
            archive.writestr(member, content)
    refused(Run(path, seed=1), "is no state of a PCG64")


def test_an_interruption_leaves_the_run_as_it_was(path, monkeypatch):
    Run(path).train(1)
    run = Run(path, seed=1)
    before = run.state()

    def interrupt(present, arrays):
        raise KeyboardInterrupt

    monkeypatch.setattr("alexnet_course.archive.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.checkpoint.resume()
    assert run.state() == before


# ---- mistakes at the start ----


def test_parts_of_different_runs_are_refused(path):
    network, other = Dense(2, 2), Dense(2, 2)
    with pytest.raises(ValueError, match="record must be of the network that the optimizer moves"):
        Checkpoint(path, SGD(network), Record(other))
    with pytest.raises(ValueError, match="plateau must divide the rate of this optimizer"):
        Checkpoint(path, SGD(network), Record(network), plateau=Plateau(SGD(network)))


@pytest.mark.parametrize("rng", [None, 0, np.random.RandomState(0)])
def test_what_is_no_generator_is_refused(path, rng):
    network = Dense(2, 2)
    with pytest.raises(TypeError, match=r"must be .*default_rng"):
        Checkpoint(path, SGD(network), Record(network), rng)


def test_a_place_where_nothing_can_be_saved_is_refused_before_the_first_epoch(tmp_path):
    network = Dense(2, 2)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere to save in"):
        Checkpoint(tmp_path / "nowhere" / "run.npz", SGD(network), Record(network))
    with pytest.raises(TypeError, match=r"epoch must be a whole number; got 1\.0"):
        Checkpoint(tmp_path / "run.npz", SGD(network), Record(network)).save(1.0)
