"""The checked exercises of chapter 13: the paper's rule, and what a training run costs.

`sgd_step` changes arrays in place, as an optimizer must. Its cases hand it copies and look at what stands in
them after each step.
"""

import numpy as np

from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, gives


def sgd_step(params, grads, velocity, rate, momentum, decay):
    """Move every array of `params` once, in place, by the paper's rule.

    All three are dicts of arrays with the same keys and shapes. `velocity` starts at 0, and this function
    alone changes it.
    """
    for name, weight in params.items():
        velocity[name] *= momentum
        velocity[name] -= rate * (decay * weight + grads[name])
        weight += velocity[name]


# ---- the mistakes that the checker knows


def _decay_without_the_rate(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        velocity[name][...] = momentum * velocity[name] - decay * weight - rate * grads[name]
        weight += velocity[name]


def _uphill(params, grads, velocity, rate, momentum, decay):
    sgd_step(params, {name: -gradient for name, gradient in grads.items()}, velocity, rate, momentum, decay)


def _decay_the_wrong_way(params, grads, velocity, rate, momentum, decay):
    sgd_step(params, grads, velocity, rate, momentum, -decay)


def _no_decay(params, grads, velocity, rate, momentum, decay):
    sgd_step(params, grads, velocity, rate, momentum, 0)


def _one_velocity_for_all(params, grads, velocity, rate, momentum, decay):
    first = next(iter(velocity))
    for name, weight in params.items():
        velocity[first] *= momentum
        velocity[first] -= rate * (decay * weight + grads[name])
        weight += velocity[first]


def _bound_anew(params, grads, velocity, rate, momentum, decay):
    for name in params:
        velocity[name] = momentum * velocity[name] - rate * (decay * params[name] + grads[name])
        params[name] = params[name] + velocity[name]


def _velocity_forgotten(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        weight += momentum * velocity[name] - rate * (decay * weight + grads[name])


def _momentum_on_the_gradient(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        velocity[name][...] = momentum * (velocity[name] - rate * (decay * weight + grads[name]))
        weight += velocity[name]


def _averaged(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        change = rate * (decay * weight + grads[name])
        velocity[name][...] = momentum * velocity[name] - (1 - momentum) * change
        weight += velocity[name]


def _decay_after_the_step(params, grads, velocity, rate, momentum, decay):
    sgd_step(params, grads, velocity, rate, momentum, 0)
    for weight in params.values():
        weight -= rate * decay * weight


def _rate_outside_the_velocity(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        velocity[name][...] = momentum * velocity[name] + decay * weight + grads[name]
        weight -= rate * velocity[name]


def _velocity_of_before(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        change = rate * (decay * weight + grads[name])
        weight += velocity[name] - change
        velocity[name][...] = momentum * velocity[name] - change


def _gradients_spent(params, grads, velocity, rate, momentum, decay):
    for name, weight in params.items():
        grads[name] += decay * weight
        grads[name] *= rate
        velocity[name] *= momentum
        velocity[name] -= grads[name]
        weight += velocity[name]


# ---- what the cases look at


def _after_each_step(functions, weight, gradients, rate, momentum, decay):
    """Give the weight after each step, as the layer that owns the array sees it."""
    owned, velocity, seen = weight.copy(), {"weight": np.zeros_like(weight)}, []
    params = {"weight": owned}
    for gradient in gradients:
        functions[0](params, {"weight": gradient.copy()}, velocity, rate, momentum, decay)
        seen.append(owned.copy())
    return np.array(seen)


def _with_a_cut(functions, weight, gradient, rate, momentum, decay):
    """Give the weight after three steps of which the last two have a tenth of the rate."""
    owned, velocity = weight.copy(), {"weight": np.zeros_like(weight)}
    for present in (rate, rate / 10, rate / 10):
        functions[0]({"weight": owned}, {"weight": gradient.copy()}, velocity, present, momentum, decay)
    return owned


def _of_two(functions, weight, bias, grad_weight, grad_bias, rate, momentum, decay):
    """Give weight and bias after two steps."""
    owned = {"weight": weight.copy(), "bias": bias.copy()}
    params, velocity = dict(owned), {name: np.zeros_like(array) for name, array in owned.items()}
    for _ in range(2):
        grads = {"weight": grad_weight.copy(), "bias": grad_bias.copy()}
        functions[0](params, grads, velocity, rate, momentum, decay)
    return owned["weight"], owned["bias"]


def _gradient_left(functions, weight, gradient, rate, momentum, decay):
    """Give what stands in the array of the gradient after a step."""
    grads = {"weight": gradient.copy()}
    velocity = {"weight": np.zeros_like(weight)}
    functions[0]({"weight": weight.copy()}, grads, velocity, rate, momentum, decay)
    return grads["weight"]


def _cases(rng):
    def case(name, weight, gradients, rate, momentum, decay):
        arguments = {"weight": np.array(weight, float), "gradients": np.array(gradients, float)}
        rates = {"rate": rate, "momentum": momentum, "decay": decay}
        return Case(f"{name}; the weight after each step", arguments | rates, _after_each_step)

    cases = [
        case("one step downhill, without momentum and decay", [1.0], [[2.0]], 0.1, 0.0, 0.0),
        case("two steps with momentum", [1.0], [[2.0], [2.0]], 0.1, 0.5, 0.0),
        case("one step of decay alone", [2.0], [[0.0]], 0.1, 0.0, 0.5),
        case("rate 0, where nothing may change", [2.0], [[1.0]], 0.0, 0.9, 0.5),
        case("the chapter's weight 0.5, three steps", [0.5], [[0.2]] * 3, 0.01, 0.9, 0.0005),
        case("large decay with momentum, three steps", [1.0], [[0.3], [-0.1], [0.2]], 0.1, 0.9, 0.5),
    ]
    cut = {"weight": np.array([1.0]), "gradient": np.array([0.5]), "rate": 0.1, "momentum": 0.9, "decay": 0.0}
    cases.append(Case("a rate that is divided by ten after the first of three steps", cut, _with_a_cut))
    for shape in ((2, 3), (3, 1, 2)):
        weight, gradients = rng.standard_normal(shape), rng.standard_normal((4, *shape))
        cases.append(case(f"random numbers of shape {shape}, four steps", weight, gradients, 0.2, 0.8, 0.1))
    two = {
        "weight": rng.standard_normal((2, 3)),
        "bias": rng.standard_normal(3),
        "grad_weight": rng.standard_normal((2, 3)),
        "grad_bias": rng.standard_normal(3),
    }
    rates = {"rate": 0.1, "momentum": 0.9, "decay": 0.01}
    cases.append(Case("a weight and a bias, each after two steps", two | rates, _of_two))
    left = {"weight": np.array([1.0]), "gradient": np.array([0.5]), **rates}
    cases.append(Case("what stands in grads after a step", left, _gradient_left))
    return cases


SGD_STEP = Exercise(
    number="13.3",
    signatures=("sgd_step(params, grads, velocity, rate, momentum, decay)",),
    solutions=(sgd_step,),
    cases=_cases,
    mutants=(
        Mutant(_decay_without_the_rate, "With a rate of 0 nothing may change. What does your decay do then?"),
        Mutant(_uphill, "The gradient points to where the loss grows. Which sign leads down?"),
        Mutant(_decay_the_wrong_way, "With a gradient of 0 a weight must shrink. Does yours grow?"),
        Mutant(_no_decay, "With a gradient of 0 a weight must still shrink a little."),
        Mutant(_one_velocity_for_all, "Try two arrays of two shapes: each needs a velocity of its own."),
        Mutant(
            _bound_anew,
            "Does the layer see it? A new array under the old name is not the one that the layer holds.",
        ),
        Mutant(_velocity_forgotten, "Look at the second step: what is left in velocity to go on with?"),
        Mutant(
            _momentum_on_the_gradient,
            "Before the first step the velocity is 0: what does momentum scale there?",
        ),
        Mutant(
            _averaged,
            "With momentum 0.5 and a velocity of 0, how long is the first step? The rule scales no gradient.",
        ),
        Mutant(
            _decay_after_the_step,
            "Decay stands inside the velocity, so momentum carries it on, too.",
        ),
        Mutant(
            _rate_outside_the_velocity,
            "Divide the rate by ten in the middle of a run: the velocity from before must keep its size.",
        ),
        Mutant(_velocity_of_before, "The velocity of before counts by a part only, also in this step."),
        Mutant(_gradients_spent, "Look at grads after your step: they are the layer's. Are they the same?"),
    ),
    hints=(
        "Take one weight and two steps on paper first: velocity, then weight.",
        "Compare the array that you were handed with the one that the layer holds: `x = x + v` makes a new "
        "one, `x += v` writes into the old.",
        "For each name three lines: the velocity times momentum; minus the rate times what decay and "
        "gradient give together; the weight plus the velocity.",
    ),
)

# ---- numbers on paper


def _paper(weight, gradients, rate, momentum, decay):
    velocity, seen = 0.0, []
    for gradient in gradients:
        velocity = momentum * velocity - decay * rate * weight - rate * gradient
        weight += velocity
        seen.append((velocity, weight))
    return np.array(seen)


_GRADIENTS = (2.0, 2.0, -1.0)
_STEPS = _paper(1.0, _GRADIENTS, 0.1, 0.5, 0.1)

THREE_STEPS = Question(
    number="13.1",
    asks="velocity and weight after each of three steps, from w = 1, with rate 0.1, momentum 0.5, decay 0.1 "
    "and the gradients 2, 2, -1",
    answer=_STEPS,
    on_paper=[[-0.21, 0.79], [-0.3129, 0.4771], [-0.0612, 0.4159]],
    hints=(
        "Start from a velocity of 0. The first one is all decay and gradient.",
        "Compare your second velocity with half of the first: what came to it?",
        "Decay takes rate times decay times the present weight, 0.01 w.",
    ),
    mistakes=(
        gives(_paper(1.0, _GRADIENTS, 0.1, 0.5, 0.0), "Decay is missing: it takes 0.01 w in every step."),
        gives(_paper(1.0, _GRADIENTS, 0.1, 0.0, 0.1), "The velocity starts from half of the one before."),
        gives(
            _paper(1.0, _GRADIENTS, 0.1, 0.5, 1.0),
            "Decay is multiplied by the rate, too: 0.1 times 0.1.",
        ),
        gives(_STEPS * [-1, 1], "The velocity has the sign of the movement: down from 1 to 0.79 is -0.21."),
        gives(_paper(1.0, [-g for g in _GRADIENTS], 0.1, 0.5, 0.1), "That climbs. Which sign leads down?"),
    ),
)

LIMIT = Question(
    number="13.2",
    asks="the limit of the velocity for a constant gradient 0.4, with rate 0.05 and momentum 0.8 and without "
    "decay, and how many plain steps that is",
    answer=[-0.1, 5.0],
    on_paper=[-0.1, 5],
    hints=(
        "Write down three velocities in a row. By how much does each differ from the one before?",
        "Compare with the chapter's case: momentum 0.9 gave ten plain steps.",
        "In the limit the velocity of before and the new one are equal. Put that into the rule.",
    ),
    mistakes=(
        gives([-0.02, 1.0], "That is the first step. What do the ones before add to the later ones?"),
        gives([0.1, 5.0], "The size is right. Which way does the weight go when the gradient is positive?"),
        gives([-0.025, 1.25], "1 / 0.8 is 1.25. What part of a velocity is lost in a step?"),
        gives([5.0, -0.1], "The velocity comes first, then the number of steps."),
        gives([-0.1, -5.0], "Which way it goes, the velocity says. How many steps is a number from 0 up."),
        gives([-0.2, 10.0], "Ten belongs to momentum 0.9. Here it is 0.8."),
    ),
)

_OPERATIONS = 1_762_832 * 2 * 3 * 5_000 * 30
_PER_SECOND = _OPERATIONS / 500
_YEARS = 724_406_816 * 2 * 3 * 1.2e6 * 90 / _PER_SECOND / (365 * 24 * 3600)
_COST = np.array([_OPERATIONS / 1e12, _PER_SECOND / 1e9, _YEARS])


def _about(expected):
    return lambda given: given.shape == (3,) and bool(np.allclose(given, expected, rtol=0.02))


def _wrong_by(factors, hint):
    """Make a mistake of the right answer times `factors`, as generously rounded as the right one may be."""
    value = _COST * factors
    return Mistake(_about(value), hint, value)


COST = Question(
    number="13.5",
    asks="10^12 operations of the miniature's run, 10^9 of them a second, years for the paper's run",
    answer=_COST,
    on_paper=[1.587, 3.173, 4.69],
    accepts=_about(_COST),
    hints=(
        "Start with one picture: its multiply-accumulates, forward. Then count how often that is done.",
        "Compare with the chapter's line for the paper: the same five factors, other numbers.",
        "Two operations for a multiply-accumulate, three passes' worth of work for a step, 5,000 pictures, "
        "30 epochs.",
    ),
    mistakes=(
        _wrong_by([1 / 2, 1 / 2, 2], "A multiply-accumulate is two operations: a product and a sum."),
        _wrong_by([1 / 2, 1 / 2, 1], "A multiply-accumulate is two operations in the miniature, too."),
        _wrong_by([1 / 3, 1 / 3, 3], "That is the forward pass alone. Backward costs two more of them."),
        _wrong_by([1 / 30, 1 / 30, 30], "That is one epoch. The 500 s are of thirty."),
        _wrong_by([1, 1, 365], "Those are days."),
        _wrong_by([1, 1, 365 * 24 * 3600], "Those are seconds."),
        _wrong_by([1e12, 1e9, 1], "The first two are asked for in units: of 10^12, and of 10^9 a second."),
    ),
)

EXERCISES = (THREE_STEPS, LIMIT, SGD_STEP, COST)
