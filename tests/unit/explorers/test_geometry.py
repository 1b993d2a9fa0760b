"""The geometry explorer in Python."""

from alexnet_course import explorers


def test_geometry_starts_with_the_pixel_that_224_loses():
    explorer = explorers.GeometryExplorer()
    assert (explorer.output_size, explorer.unused) == (54, 1)
    assert not explorer.reached[223]
    explorer.rounding = "ceil"
    assert explorer.output[-1].tolist() == [216, 226]


def test_geometry_stacks_layers_while_a_window_fits():
    explorer = explorers.GeometryExplorer(size=13, kernel_size=3, stride=1, layers=3)
    assert explorer.output_sizes == [11, 9, 7]
    assert explorer.receptive_field == (7, 1)
    assert explorers.GeometryExplorer(size=30, layers=3).output_sizes == [5]


def test_geometry_without_a_window():
    explorer = explorers.GeometryExplorer(size=5, kernel_size=7)
    assert explorer.output.shape == (0, 0)
    assert explorer.unused == 5
    assert "no window fits" in explorer._figure()


def test_geometry_counts_the_pixels_that_a_long_stride_skips():
    assert explorers.GeometryExplorer(size=10, kernel_size=2, stride=4).unused == 4


def test_unread_pixels_are_counted():
    def said(size):
        return explorers.GeometryExplorer(size=size, kernel_size=3, stride=3)._sentence()

    assert said(9).endswith("output size 3; every pixel is read.")
    assert said(10).endswith("output size 3; 1 pixel is read by no window.")
    assert said(11).endswith("output size 3; 2 pixels are read by no window.")
