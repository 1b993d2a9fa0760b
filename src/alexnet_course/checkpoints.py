"""A training run in a file: it stops, goes on, and comes to the same last digit as without the stop."""

import itertools
import math

import numpy as np

from alexnet_course import archive
from alexnet_course.checks import check_float_array, check_generator, real_number, whole_number
from alexnet_course.training import Evaluation, leaves


class Checkpoint:
    """The file from which a run goes on: parameters, velocities, rates, losses, and the generators' states.

    Save between two epochs: the order in which an epoch takes its examples is drawn when the epoch begins,
    and an epoch that has begun starts again.

    Parameters
    ----------
    path : path-like
        The file. `save` replaces it once the new one is whole.
    optimizer : SGD
        Its model is the network.
    record : Record
        Of the same network.
    *generators : numpy.random.Generator
        What the loop draws from: the order of the batches, the crops. Those of the network's dropout layers
        are found without being named.
    plateau : Plateau, optional
        Of the same optimizer.

    Raises
    ------
    FileNotFoundError, PermissionError
        If nothing can be saved there, at once and not after the first epoch.
    TypeError, ValueError
        If `path` names no file, a generator is none, or the parts do not belong to one run.

    Examples
    --------
    >>> import tempfile
    >>> from alexnet_course.layers import Dense
    >>> from alexnet_course.optimizers import SGD
    >>> from alexnet_course.training import Record
    >>> def run(path):
    ...     rng = np.random.default_rng(0)
    ...     network = Dense(2, 2, rng=rng)
    ...     return Checkpoint(path, SGD(network), Record(network), rng), network, rng
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checkpoint, network, rng = run(f"{folder}/run.npz")
    ...     first = checkpoint.resume()
    ...     network.weight[...] = rng.random((2, 2))
    ...     checkpoint.save(1)
    ...     checkpoint, same, again = run(f"{folder}/run.npz")
    ...     epochs = range(checkpoint.resume(), 3)
    >>> first, epochs, bool((same.weight == network.weight).all()), again.random() == rng.random()
    (0, range(1, 3), True, True)
    """

    def __init__(self, path, optimizer, record, *generators, plateau=None):
        self.path = archive.writeable_path(path)
        self.optimizer, self.record, self.plateau = optimizer, record, plateau
        self.network = optimizer.model
        if record.network is not self.network:
            raise ValueError("record must be of the network that the optimizer moves; got one of another")
        if plateau is not None and plateau.optimizer is not optimizer:
            raise ValueError("plateau must divide the rate of this optimizer; got one of another")
        dropouts = [layer.rng for layer in leaves(self.network) if hasattr(layer, "rng")]
        drawers = [*generators, *dropouts]
        if None in drawers:
            raise TypeError("generators must be generators, such as np.random.default_rng(0); got None")
        self._generators = list({id(check_generator(rng)): rng for rng in drawers}.values())
        # One generator for two purposes draws other numbers than two that start alike.
        self._shared = [next(i for i, one in enumerate(self._generators) if one is rng) for rng in drawers]

    def save(self, epoch):
        """Write the run to the file.

        Parameters
        ----------
        epoch : int
            How many epochs are done.

        Raises
        ------
        OSError
            If the file cannot be written.
        TypeError, ValueError
            If `epoch` is no whole number from 0 up, or a parameter or a velocity is not finite.
        """
        archive.write(self.path, self._arrays(), self._notes(whole_number(epoch, "epoch")))

    def resume(self):
        """Go on from the file, if there is one: set everything to what was saved, or nothing.

        Returns
        -------
        int
            How many epochs are done; 0 where there is no file yet.

        Raises
        ------
        ValueError
            If the file is damaged, holds no run, or one of another network, or of other generators.
        """
        if not self.path.exists():
            return 0
        present = self._arrays()
        for name, array in present.items():
            check_float_array(array, name)
        before = self._notes(0)
        arrays, notes = archive.read(self.path, present, notes=True)
        self._check(notes, before)
        try:
            self._put(notes)
            archive.replace(present, arrays)
        except BaseException:  # Ctrl-C too must not leave half of one run and half of another
            self._put(before)
            raise
        return notes["epoch"]

    def _arrays(self):
        """Return the arrays that a step changes, by their names in the file."""
        parts = {"parameter": self.network.params, "velocity": self.optimizer.velocity}
        return {f"{kind} {name}": array for kind, part in parts.items() for name, array in part.items()}

    def _notes(self, epoch):
        """Return everything else that a step changes, as JSON can hold it, and what the run consists of."""
        plateau = self.plateau and {
            "best": self.plateau.best if math.isfinite(self.plateau.best) else None,
            "waited": self.plateau.waited,
            "left": self.plateau.left,
        }
        return {
            "epoch": epoch,
            "network": repr(self.network),
            "rates": [getattr(self.optimizer, name) for name in _RATES],
            "losses": list(self.record.losses),
            "held_out": [[step, *evaluation] for step, evaluation in self.record.held_out],
            "plateau": plateau,
            "generators": [_plain(rng.bit_generator.state) for rng in self._generators],
            "shared": self._shared,
        }

    def _check(self, notes, present):
        """Raise ValueError unless notes are those of such a run as the present one."""
        try:
            wrong = self._misfit(notes, present)
        except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{self.path} is damaged: its notes are no run's ({error})") from error
        if wrong:
            raise ValueError(f"{self.path} is of another run: {wrong}")

    def _misfit(self, notes, present):
        """Return in words how a run differs from the present one, or None; raise an error if it is no run."""
        if notes.keys() != present.keys():
            raise ValueError(f"it holds {', '.join(sorted(notes))}")
        whole_number(notes["epoch"], "epoch")
        for name, rate in zip(_RATES, notes["rates"], strict=True):
            real_number(rate, name)
        for loss in notes["losses"]:
            real_number(loss, "losses", minimum=-math.inf)
        for step, *evaluation in notes["held_out"]:
            whole_number(step, "held_out")
            for value in Evaluation(*evaluation):
                real_number(value, "held_out")
        if notes["network"] != present["network"]:
            saved, here = (shown["network"].splitlines() for shown in (notes, present))
            pairs = itertools.zip_longest(saved[:-1], here[:-1], fillvalue="no layer")
            saved, here = next((pair for pair in pairs if pair[0] != pair[1]), (saved[-1], here[-1]))
            return f"its network has {saved.strip(' ,')} where this one has {here.strip(' ,')}"
        if (notes["plateau"] is None) != (self.plateau is None):
            return f"it was saved with{'out' if self.plateau else ''} a plateau"
        if self.plateau:
            for name in ("waited", "left"):
                whole_number(notes["plateau"][name], name)
            real_number(notes["plateau"]["best"] or 0, "best")
        if notes["shared"] != self._shared:
            return "its batches, crops and dropout layers share their generators in another way"
        for rng, state in zip(self._generators, notes["generators"], strict=True):
            kind = type(rng.bit_generator)
            if state["bit_generator"] != kind.__name__:
                return f"its generator is {state['bit_generator']}, and this one {kind.__name__}"
            twin = kind()  # a state that is none is found out here, where nothing has changed yet
            twin.state = state
            if _plain(twin.state) != state:
                raise ValueError(f"{state} is no state of a {kind.__name__}")
        return None

    def _put(self, notes):
        """Set everything that notes hold."""
        for name, rate in zip(_RATES, notes["rates"], strict=True):
            setattr(self.optimizer, name, rate)
        self.record.losses[:] = notes["losses"]
        self.record.held_out[:] = [(step, Evaluation(*rest)) for step, *rest in notes["held_out"]]
        if self.plateau:
            vars(self.plateau).update(notes["plateau"])
            self.plateau.best = math.inf if self.plateau.best is None else self.plateau.best
        for rng, state in zip(self._generators, notes["generators"], strict=True):
            rng.bit_generator.state = state


_RATES = "learning_rate", "momentum", "weight_decay"


def _plain(state):
    """Return the state of a generator with its arrays as lists."""
    if isinstance(state, dict):
        return {name: _plain(value) for name, value in state.items()}
    return state.tolist() if isinstance(state, (np.ndarray, np.generic)) else state
