"""The layers of SqueezeNet: forward against a few lines of NumPy, gradients against differences."""

import numpy as np
import pytest

from alexnet_course import reference
from alexnet_course.fire import GlobalAverage, SideBySide, fire
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import Conv2D, Dense, Dropout, MaxPooling2D
from alexnet_course.network import Sequential

OPTIONS = {"dtype": np.float64}


def small_fire():
    module = fire(3, 2, 4, rng=np.random.default_rng(0), **OPTIONS)
    rng = np.random.default_rng(1)
    for name, array in module.params.items():
        if name.endswith("bias"):
            array[...] = 0.3 * rng.standard_normal(array.shape)
    return module


def test_a_fire_module_is_its_convolutions_side_by_side():
    module, x = small_fire(), np.random.default_rng(2).standard_normal((2, 5, 6, 3))
    squeezed = np.maximum(module["squeeze"].predict(x), 0)
    halves = [branch.predict(squeezed) for branch in module["expand"].branches.values()]
    y = module.forward(x)
    np.testing.assert_array_equal(y, np.maximum(np.concatenate(halves, axis=-1), 0))
    np.testing.assert_array_equal(module.predict(x), y)
    assert module.output_shape((5, 6, 3)) == (5, 6, 8)
    assert sum(array.size for array in module.params.values()) == 3 * 2 + 2 + 2 * 4 + 4 + 9 * 2 * 4 + 4
    assert module.multiply_accumulates((5, 6, 3)) == 30 * (3 * 2 + 2 * 4 + 9 * 2 * 4)
    assert module.window == ((3, 3), (1, 1))


def beside_a_pool():
    """A branch with parameters, and one without."""
    conv = Conv2D(3, 2, 1, rng=np.random.default_rng(0), **OPTIONS)
    return SideBySide({"1x1": conv, "pool": MaxPooling2D(3, 1, padding="same")})


@pytest.mark.parametrize(
    "layer", [small_fire(), beside_a_pool(), GlobalAverage()], ids=["fire", "beside a pool", "average"]
)
def test_gradients(layer):
    x = np.random.default_rng(3).standard_normal((2, 4, 5, 3))
    gaps = gradient_gaps(layer, x, np.random.default_rng(4))
    assert max(gaps.values()) < 1e-6, gaps
    assert len(gaps) == 1 + len(layer.params)


def test_the_average_of_each_channel():
    x = np.random.default_rng(0).standard_normal((3, 4, 5, 2))
    np.testing.assert_allclose(GlobalAverage().forward(x), reference.global_average(x), rtol=1e-12)
    assert GlobalAverage().output_shape((4, 5, 2)) == (2,)


def test_the_gradient_of_the_input_is_left_out_when_nobody_needs_it():
    layer, x = beside_a_pool(), np.ones((1, 4, 4, 3))
    grad_output = np.ones(layer.forward(x).shape)
    assert layer.backward(grad_output).shape == x.shape
    wanted = layer.grads["1x1.weight"].copy()
    layer.grads["1x1.weight"][...] = 0
    assert layer.backward(grad_output, input_gradient=False) is None
    np.testing.assert_array_equal(layer.grads["1x1.weight"], wanted)


def test_predict_keeps_nothing_for_backward():
    module = small_fire()
    module.predict(np.ones((1, 4, 4, 3)))
    assert all(branch.saved is None for branch in module["expand"].branches.values())
    with pytest.raises(RuntimeError, match="needs a forward"):
        module["expand"].backward(np.ones((1, 4, 4, 8)))


def test_training_reaches_every_branch():
    both = SideBySide({"a": Conv2D(1, 1, 1), "b": Conv2D(1, 1, 1)})
    both.training = True
    assert both.training
    assert all(branch.training for branch in both.branches.values())


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"SideBySide: branches must give equal rows and columns"):
        SideBySide({"a": Conv2D(2, 1, 1), "b": Conv2D(2, 1, 3)}).forward(np.ones((1, 4, 4, 2)))
    with pytest.raises(ValueError, match=r"np\.newaxis"):
        SideBySide({"a": Conv2D(2, 1, 1)}).forward(np.ones((4, 4, 2)))
    with pytest.raises(ValueError, match=r"GlobalAverage: x must have shape \(N, H, W, C\)"):
        GlobalAverage().forward(np.ones((4, 4)))
    with pytest.raises(TypeError, match="must be layers"):
        SideBySide({"a": Dense})


def test_three_branches():
    kernels = {"1x1": 1, "3x3": 3, "5x5": 5}
    layer = SideBySide(
        {
            n: Conv2D(2, k, k, padding=k // 2, rng=np.random.default_rng(k), **OPTIONS)
            for n, k in kernels.items()
        }
    )
    rng = np.random.default_rng(0)
    gaps = gradient_gaps(layer, rng.standard_normal((1, 4, 4, 2)), rng)
    assert len(gaps) == 7
    assert max(gaps.values()) < 1e-6
    assert layer.window == ((5, 5), (1, 1))


def test_the_window_of_oblong_branches():
    row, column = Conv2D(1, 1, (1, 3), padding=(0, 1)), Conv2D(1, 1, (3, 1), padding=(1, 0))
    both = SideBySide({"row": row, "column": column})
    assert both.window == ((3, 3), (1, 1))
    assert Sequential([both], (8, 8, 1)).summary()[0].receptive_field == (3, 3)
    assert SideBySide({"average": GlobalAverage()}).window is None


def test_predict_leaves_branches_as_they_are():
    block = SideBySide({"deep": Sequential({"conv": Conv2D(1, 1, 1)}), "flat": Conv2D(1, 1, 1)})
    block.predict(np.zeros((1, 2, 2, 1)))
    assert block.branches["deep"]["conv"].saved is None
    mixed = SideBySide({"a": Dropout(0.5), "frozen": Sequential([Dropout(0.5)])})
    mixed.branches["a"].training = True
    x = np.ones((1, 8, 8, 1))
    np.testing.assert_array_equal(mixed.predict(x), np.ones((1, 8, 8, 2)))
    assert mixed.branches["a"].training
    assert not mixed.branches["frozen"].training


@pytest.mark.parametrize(("dtype", "side"), [(np.float32, 1024), (np.float16, 300)])
def test_an_average_over_many_pixels(dtype, side):
    average, value = GlobalAverage(), float(dtype(0.1))
    y = average.forward(np.full((1, side, side, 2), value, dtype))
    assert y.dtype == dtype
    np.testing.assert_allclose(y, value, rtol=1e-6)
    grad = average.backward(np.full((1, 2), 1000, dtype))
    np.testing.assert_allclose(grad, 1000 / side**2, rtol=1e-3)


def test_an_average_of_no_pixels_is_refused():
    with pytest.raises(ValueError, match=r"GlobalAverage: x .* There is no pixel in it"):
        GlobalAverage().forward(np.zeros((1, 0, 3, 2)))
