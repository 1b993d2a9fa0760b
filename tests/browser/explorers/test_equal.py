"""What an explorer's page computes is what Python computes: one test for every explorer, on many settings.

The settings come from the traits: every pair of values that have names or are few, and random ones. Each
class names in `checked` its properties that the page computes as well; the module's `compute` gives these and
no others from the same settings, in a real browser.
"""

import functools
import itertools
import json

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

from alexnet_course import explorers
from alexnet_course.explorers.kit import traits

pytestmark = pytest.mark.browser
EVERY = [getattr(explorers, name) for name in explorers.__all__]
STATES = 100  # random ones, of each explorer
CLOSE = 1e-9  # of the largest number of a property, or of 1
COMPUTE = """async ({ module, names, states }) => {
  const { compute } = (await import(`/_static/${module}.js`)).default;
  if (!compute) return null;
  const plain = (key, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    return ArrayBuffer.isView(value) ? Array.from(value) : value;
  };
  const all = states.map((state) => compute(state));
  const found = all.map((one) => Object.fromEntries(names.map((name) => [name, one[name]])));
  return JSON.stringify({ given: all.flatMap((one) => Object.keys(one)), found }, plain);
}"""


# ---- settings


def numbers(limit):
    """Draw numbers of magnitude at most `limit`: whole, small and so often equal, or any."""
    whole = [strategies.integers(-most, most) for most in (min(3, limit), int(limit))]
    return strategies.one_of(*whole, strategies.floats(-limit, limit))


@functools.singledispatch
def values(trait):
    """Draw what a trait accepts."""
    raise NotImplementedError(f"say in test_equal.py what a {type(trait).__name__} can be")


@values.register
def _(trait: traits.Whole):
    every = strategies.integers(0, (trait.high - trait.low) // trait.step)
    few = every.map(lambda step: step % 20)  # small sizes and sizes that hardly fit, as often as large ones
    return (few | every).map(lambda step: min(trait.low + trait.step * step, trait.high))


@values.register
def _(trait: traits.Number):
    first, last = int(np.ceil(trait.low)), int(trait.high)
    return strategies.integers(first, last) | strategies.floats(trait.low, trait.high)


@values.register
def _(trait: traits.Choice):
    return strategies.sampled_from(trait.words)


@values.register
def _(trait: traits.Flag):
    return strategies.booleans()


@values.register
def _(trait: traits.Numbers):
    rows = strategies.lists(numbers(trait.limit), min_size=trait.shortest, max_size=trait.longest)
    return strategies.sampled_from(trait.words) | rows if hasattr(trait, "words") else rows


@values.register
def _(trait: traits.Wholes):
    start, number = list(trait.default_value), strategies.integers(trait.low, trait.high)
    place = strategies.integers(0, trait.length - 1)
    one_changed = strategies.tuples(place, number).map(
        lambda change: [change[1] if at == change[0] else v for at, v in enumerate(start)]
    )
    any_at_all = strategies.lists(number, min_size=trait.length, max_size=trait.length)
    return strategies.one_of(strategies.just(start), strategies.just(start), one_changed, any_at_all)


@values.register
def _(trait: traits.NamedMatrix):
    def square(side):
        row = strategies.lists(numbers(trait.limit), min_size=side, max_size=side)
        return strategies.lists(row, min_size=side, max_size=side)

    sides = strategies.integers(1, min(trait.most, 12))
    return strategies.sampled_from(trait.words) | sides.flatmap(square)


@functools.singledispatch
def few(trait):
    """Return the values of a trait that none may miss: all where they have names or are few, or the ends."""
    return list(getattr(trait, "words", []))


@few.register
def _(trait: traits.Whole):
    every = range(trait.low, trait.high + 1, trait.step)
    return list(every) if len(every) <= 24 else [every[0], every[-1]]


@few.register
def _(trait: traits.Number):
    return [trait.low, trait.high]


@few.register
def _(trait: traits.Flag):
    return [False, True]


@few.register
def _(trait: traits.Wholes):
    start = list(trait.default_value)
    return [
        [*start[:place], end, *start[place + 1 :]]
        for place in range(trait.length)
        for end in (trait.low, trait.high)
    ]


def pairs(cls):
    """Return settings: each pair of `few` values of two traits, all others as a chapter shows them."""
    each = [[{name: value} for value in few(trait)] for name, trait in cls.class_traits(state=True).items()]
    return [a | b for one, other in itertools.combinations(each, 2) for a in one for b in other]


def explorer_of(cls, settings):
    """Return an explorer; what it is given must stand."""
    explorer = cls(**settings)
    for name, value in settings.items():
        assert getattr(explorer, name) == value, f"{cls.__name__} does not keep {name}={value}"
    return explorer


def drawn(cls):
    """Return explorers, the same in every run: the one that a chapter shows, pairs, and random ones."""
    found = [explorer_of(cls, settings) for settings in [{}, *pairs(cls)]]

    @hypothesis.settings(
        max_examples=STATES,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        strategies.fixed_dictionaries(
            {name: values(trait) for name, trait in cls.class_traits(state=True).items()}
        )
    )
    def keep(settings):
        found.append(explorer_of(cls, settings))

    keep()
    return found


# ---- comparison


def equal(ours, theirs):
    """Say whether what the page found is what Python found: ours from JSON, theirs of any kind."""
    if theirs is None or isinstance(theirs, (str, bool)):
        return ours == theirs
    if hasattr(theirs, "_asdict"):  # the page's record may hold more, for its drawing
        return all(equal(ours[name], value) for name, value in theirs._asdict().items())
    if isinstance(theirs, dict):
        return set(ours) == set(theirs) and all(equal(ours[name], theirs[name]) for name in theirs)
    theirs = theirs if isinstance(theirs, (list, tuple)) else np.asarray(theirs)
    try:
        theirs, ours = np.asarray(theirs), np.array(ours, dtype=float)
    except (TypeError, ValueError):  # a list of several kinds or lengths
        return len(ours) == len(theirs) and all(map(equal, ours, theirs))
    if theirs.dtype.kind not in "biuf":
        return len(ours) == len(theirs) and all(map(equal, ours, theirs))
    if ours.size == theirs.size == 0:  # (0, 0) is [] in JSON
        return True
    if ours.shape != theirs.shape:
        return False
    if theirs.dtype.kind != "f":
        return bool(np.array_equal(ours, theirs))
    largest = np.abs(theirs[np.isfinite(theirs)]).max(initial=1.0)
    return bool(np.allclose(ours, theirs, rtol=0, atol=CLOSE * largest, equal_nan=True))


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (2, 2, True),
        (2.5, 2, False),
        ([1, 2], np.array([1, 2]), True),
        ([[1, 2]], np.array([1, 2]), False),
        ([[1, 2]], np.array([[1.0, 2 + 1e-10]]), True),
        ([[1, 2]], np.array([[1.0, 2 + 1e-8]]), False),
        ([1e9, 1], np.array([1e9 + 0.5, 1]), True),
        (["Infinity", "NaN"], np.array([np.inf, np.nan]), True),
        (["Infinity", "NaN"], np.array([-np.inf, np.nan]), False),
        ([], np.zeros((0, 0)), True),
        ([], np.zeros((1, 1)), False),
        ([True, False], np.array([True, False]), True),
        ("ear", "ear", True),
        (None, "ear", False),
        (["conv1", 3], ("conv1", 3), True),
        ([[1], [1, 2]], [[1], [1, 2]], True),
        ({"name": "conv1", "shape": [2, 2]}, {"name": "conv1", "shape": (2, 2)}, True),
        ({"name": "conv1"}, {"name": "conv2"}, False),
    ],
)
def test_equal_means_equal(ours, theirs, same):
    assert equal(ours, theirs) is same


@pytest.mark.parametrize("cls", EVERY, ids=explorers.__all__)
def test_the_page_computes_what_python_does(open_page, cls):
    assert cls.checked, f"{cls.__name__} must name in `checked` the properties that its page computes"
    examples = drawn(cls)
    argument = {
        "module": cls._module,
        "names": cls.checked,
        "states": [explorer._state() for explorer in examples],
    }
    answer = open_page("empty.html").evaluate(COMPUTE, argument)
    assert answer, f"{cls._module}.js must give compute(state)"
    answer = json.loads(answer)
    answers, only = answer["found"], sorted(set(answer["given"]).symmetric_difference(cls.checked))
    assert not only, (
        f"{only}: give them in compute of {cls._module}.js and name them in {cls.__name__}.checked"
    )
    for name in cls.checked:
        assert len({str(found[name]) for found in answers}) > 1, f"{name} is the same whatever the settings"
    for explorer, found in zip(examples, answers, strict=True):
        for name in cls.checked:
            ours, theirs = found[name], getattr(explorer, name)
            if not equal(ours, theirs):
                message = f"{name} differs at {explorer._state()}\npage: {ours}\nPython: {theirs}"
                pytest.fail(message, pytrace=False)
