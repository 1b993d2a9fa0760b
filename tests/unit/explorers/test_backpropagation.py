"""The backpropagation explorer in Python."""

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.explorers import BackpropagationExplorer
from alexnet_course.losses import cross_entropy

PARTS = BackpropagationExplorer.part.words


def kernel_weight(row, column, m):
    """Return the index of a weight of filter m."""
    return int(np.ravel_multi_index((row, column, 0, m), tile.KERNELS.shape))


def test_it_starts_where_the_chapter_asks():
    explorer = BackpropagationExplorer()
    assert (explorer.value, round(explorer.gradient, 4)) == (3, -1.4205)
    assert np.unravel_index(explorer.index, tile.MAPS.shape[1:]) == (2, 2, 1)
    assert explorer._sentence() == (
        "Responses, number 37: 3, gradient −1.4205. Moved by 0.1, it should change the loss by −0.1421, "
        "and changes it by −0.1383."
    )


def test_the_numbers_are_those_of_the_tile():
    values = BackpropagationExplorer().values
    np.testing.assert_array_equal(values["image"], tile.X.ravel())
    np.testing.assert_array_equal(values["responses"], tile.MAPS.ravel())
    np.testing.assert_array_equal(values["pooled"], tile.POOLED.ravel())
    np.testing.assert_array_equal(values["hidden"], tile.HIDDEN.ravel())
    np.testing.assert_array_equal(values["logits"], tile.LOGITS.ravel())
    np.testing.assert_array_equal(values["shares"].round(4), tile.PROBABILITIES.ravel())
    assert values["loss"].round(4) == tile.LOSS


def test_the_gradients_are_those_of_the_network(tile_network):
    for label, name in enumerate(tile.CLASSES):
        x = (tile.IMAGES[[label]] - tile.MEAN_IMAGE).astype(float)
        _, grad_logits = cross_entropy(tile_network.forward(x), [label])
        grad_image = tile_network.backward(grad_logits)
        gradients = BackpropagationExplorer(picture=name).gradients
        np.testing.assert_allclose(gradients["image"], grad_image.ravel(), atol=1e-12)
        for part, key in (
            ("kernels", "conv.weight"),
            ("biases", "conv.bias"),
            ("hidden weights", "hidden.weight"),
        ):
            np.testing.assert_allclose(gradients[part], tile_network.grads[key].ravel(), atol=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_a_small_move_of_any_number_does_what_its_gradient_says(part):
    for index in (0, 1, 2):
        explorer = BackpropagationExplorer(part=part, index=index, nudge=1e-6)
        slope = (explorer.moved_loss - explorer.loss) / 1e-6
        if (part, index) != ("kernels", 1):  # which has a corner
            assert slope == pytest.approx(explorer.gradient, abs=1e-4)


def test_at_a_tie_the_loss_has_a_corner_and_the_gradient_one_of_its_slopes():
    explorer = BackpropagationExplorer(part="kernels", index=kernel_weight(2, 2, 1), nudge=1e-6)
    above = (explorer.moved_loss - explorer.loss) / 1e-6
    explorer.nudge = -1e-6
    below = (explorer.loss - explorer.moved_loss) / 1e-6
    assert above == pytest.approx(0, abs=1e-4)
    assert below == pytest.approx(-2.1758, abs=1e-4)
    assert explorer.gradient == pytest.approx(0, abs=1e-12)


def test_the_curve_goes_through_the_loss():
    explorer = BackpropagationExplorer(nudge=1)
    assert len(explorer.curve) == 41
    assert explorer.curve[20] == explorer.loss
    assert explorer.curve[-1] == explorer.moved_loss
    assert explorer.forecast == explorer.loss + explorer.gradient


def test_a_share_moved_below_zero_has_no_loss():
    explorer = BackpropagationExplorer(part="shares", index=0, nudge=-1)
    assert np.isnan(explorer.moved_loss)
    assert explorer._sentence().endswith("and changes it by no number.")


def test_an_assignment_loses_what_the_first_pool_paid():
    explorer = BackpropagationExplorer(assign=True)
    assert explorer.gradient == 0
    assert explorer.wrong == 7
    assert explorer.gradients["biases"].round(4).tolist() == [0, 1.4205, 0]
    assert explorer._sentence().endswith("With = for +=, 7 of 97 parameters have a wrong gradient.")
    assert BackpropagationExplorer().wrong == 0


def test_an_index_past_the_end_means_the_last_number():
    explorer = BackpropagationExplorer(part="logits", index=74)
    assert explorer.value == tile.LOGITS[0, 2]
    assert explorer.moved_loss != explorer.loss


@pytest.mark.parametrize("part", PARTS)
def test_the_still_picture_frames_the_number_it_shows(part):
    svg = BackpropagationExplorer(part=part, index=4)._static_picture()
    frames = sum("#b0136c" in drawn for drawn in svg.parts)
    assert frames == (
        part in ("image", "responses", "pooled", "hidden", "active", "logits", "shares", "loss")
    )
