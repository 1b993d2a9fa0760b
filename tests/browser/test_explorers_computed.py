"""What the explorers' page computes, beside NumPy."""

import json

import explorer_harness
import numpy as np
import pytest
from explorer_harness import run

from alexnet_course.data import tile
from alexnet_course.explorers import (
    AlexNetExplorer,
    ConvolutionExplorer,
    DenseExplorer,
    DropoutExplorer,
    GeometryExplorer,
    ImagesExplorer,
    NormalizationExplorer,
    PoolingExplorer,
    ReLUExplorer,
    SoftmaxExplorer,
)
from alexnet_course.explorers.convolution import PRESETS
from alexnet_course.geometry import receptive_field

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def harness(serve, tmp_path_factory):
    return serve(
        explorer_harness.write(tmp_path_factory.mktemp("computed"), {"empty.html": explorer_harness.page()})
    )


@pytest.fixture
def open_page(browser, harness):
    context = browser.new_context()

    def open_(name, mounted):
        page = context.new_page()
        page.goto(harness + name)
        return page

    yield open_
    context.close()


def close(ours, theirs):
    """Compare a matrix of the page with NumPy's."""
    theirs = np.asarray(theirs, dtype=float)
    np.testing.assert_allclose(np.array(ours, dtype=float).reshape(theirs.shape), theirs, rtol=0, atol=1e-9)


def test_geometry_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        GeometryExplorer(
            size=int(rng.integers(1, 257 if i % 2 else 20)),
            kernel_size=int(rng.integers(1, 16)),
            stride=int(rng.integers(1, 9)),
            padding=int(rng.integers(0, 8)),
            rounding=rng.choice(["floor", "ceil"]).item(),
            layers=int(rng.integers(1, 6)),
        )
        for i in range(300)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js');
        return input.map((s) => {
          const sizes = m.chain(s);
          return [m.outputSize(s), sizes, m.reached(s), m.receptiveField(s, sizes.length, 0)];
        });""",
        [explorer._state() for explorer in explorers],
    )
    assert {len(explorer.output_sizes) for explorer in explorers} >= {0, 1, 5}
    for explorer, (size, sizes, reached, seen) in zip(explorers, found, strict=True):
        assert size == explorer.output_size
        assert sizes == explorer.output_sizes
        assert reached == explorer.reached.tolist()
        field, jump = receptive_field([(explorer.kernel_size, explorer.stride)] * len(sizes))
        assert (seen["field"], seen["jump"]) == (field, jump)
        steps = sum(explorer.stride**layer for layer in range(len(sizes)))
        assert seen["first"] == -explorer.padding * steps


def test_convolution_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    cases, expected = [], []
    for i in range(400):
        size = int(rng.choice([3, 5, 7, 8, 13, 16, 24, 32, 57]))
        picture = rng.choice(["tile", "photograph", "digit", "dot"]).item()
        if i % 5 == 0:
            picture = rng.uniform(-3, 3, (size, size))
        kernel = rng.choice(PRESETS).item() if i % 2 else rng.uniform(-2, 2, (rng.integers(1, 12),) * 2)
        explorer = ConvolutionExplorer(
            picture=picture,
            size=size if i % 10 else int(rng.integers(3, 20)),
            kernel=kernel,
            kernel_size=int(rng.integers(1, 12)),
            stride=int(rng.integers(1, 6)),
            padding=int(rng.integers(0, 6)),
            bias=float(rng.uniform(-9, 9)),
        )
        cases.append(explorer._state())
        expected.append(
            (explorer.image, explorer.weight, explorer.output, explorer.unused, explorer.output_size)
        )
    for size, stride in ((227, 4), (224, 4), (227, 1)):
        explorer = ConvolutionExplorer(
            picture="photograph", size=size, kernel="Gabor", kernel_size=11, stride=stride
        )
        cases.append(explorer._state())
        expected.append(
            (explorer.image, explorer.weight, explorer.output, explorer.unused, explorer.output_size)
        )
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js'), { PICTURES } = await import('/_static/pictures.js');
        return input.map((s) => {
          const own = typeof s.picture !== 'string';
          const image = m.resample(own ? { kind: 'own', rows: s.picture } : PICTURES[s.picture], s.size);
          const kernel = m.weights(s);
          const seen = m.reached(s).filter(Boolean).length;
          return [image, kernel, m.convolve(image, kernel, s), s.size ** 2 - seen ** 2, m.outputSize(s)];
        });""",
        cases,
    )
    for ours, theirs in zip(found, expected, strict=True):
        for got, wanted in zip(ours, theirs, strict=True):
            close(got, wanted)


def test_dropout_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        DropoutExplorer(
            values=rng.uniform(-99, 99, rng.integers(1, 9)),
            rate=float(rng.uniform(0, 0.95) if i % 2 else rng.integers(0, 20) / 20),
            convention=rng.choice(["inverted", "2012"]).item(),
            seed=int(rng.integers(1, 1001 if i % 10 == 0 else 30)),
        )
        for i in range(200)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js');
        return input.map((s) => [m.dropout(s), m.runningMeans(s)]);""",
        [explorer._state() for explorer in explorers],
    )
    for explorer, (drawn, means) in zip(explorers, found, strict=True):
        assert drawn["coins"] == explorer.coins.tolist()  # whole numbers over a power of two: exactly equal
        assert drawn["mask"] == explorer.mask.tolist()
        close(drawn["scale"], explorer.scale)
        close(drawn["training"], explorer.output)
        close(drawn["test"], explorer.test_output)
        close(means, explorer.means)


def test_the_window_of_the_page_is_the_window_of_python(open_page):
    explorer = ConvolutionExplorer(size=9, kernel_size=4, stride=2, padding=2, row=3, column=0)
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js');
        return m.windowAt(input.image, input.state, 3, 0);""",
        {"image": explorer.image.tolist(), "state": explorer._state()},
    )
    close([[tap["value"] for tap in row] for row in found], explorer.window)
    assert [[tap["outside"] for tap in row] for row in found] == [[True, True, False, False]] * 4


def test_pooling_equals_numpy(open_page):
    rng = np.random.default_rng(1)
    cases, expected = [], []
    for i in range(200):
        size, names = int(rng.integers(1, 13)), ["left edge", "top edge", "bright column", "photograph"]
        own = rng.integers(-3, 4, (size, size)) if i % 4 else rng.normal(size=(size, size))  # whole: ties
        pool = PoolingExplorer(
            picture=rng.choice(names).item() if i % 3 == 0 else own,
            pool_size=int(rng.integers(1, 6)),
            stride=int(rng.integers(1, 6)),
            padding=int(rng.integers(0, 3)),
        )
        cases.append(pool._state())
        expected.append((pool.image, pool.output, pool.wins))
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js'), { mapOf } = await import('/_static/pooling.js');
        return input.map((s) => {
          const image = mapOf(s.picture), { output, wins } = m.maxPool(image, s);
          return [image, output, wins];
        });""",
        cases,
    )
    for ours, theirs in zip(found, expected, strict=True):
        for got, wanted in zip(ours, theirs, strict=True):
            close(got, wanted)


def test_activations_equal_numpy(open_page):
    rng = np.random.default_rng(2)
    cases = [
        ReLUExplorer(map=map_, function=function, bias=bias)
        for map_ in ("left edge", "top edge", "bright column")
        for function in ("ReLU", "tanh", "sigmoid")
        for bias in [-9, -1, 0, 1, 9, *rng.uniform(-9, 9, 8)]
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const { ACTIVATIONS } = await import('/_static/maths.js');
        const { responses } = await import('/_static/relu.js');
        return input.map((s) => {
          const z = responses(s), { value, slope } = ACTIVATIONS[s.function];
          return [z, z.map((row) => row.map(value)), z.map((row) => row.map(slope))];
        });""",
        [explorer._state() for explorer in cases],
    )
    for ours, explorer in zip(found, cases, strict=True):
        for got, wanted in zip(ours, (explorer.z, explorer.output, explorer.slope), strict=True):
            close(got, wanted)


def test_normalization_equals_numpy(open_page):
    rng = np.random.default_rng(3)
    cases = [
        NormalizationExplorer(
            responses=rng.uniform(-20, 20, rng.integers(2, 13)),
            n=int(rng.choice([1, 3, 5, 7, 9])),
            k=rng.uniform(0.1, 10),
            alpha=rng.choice([0, 1e-4, rng.uniform(0, 10)]),
            beta=rng.uniform(0, 2),
            convention=rng.choice(["paper", "alpha / n", "half width"]).item(),
            map=int(rng.integers(0, 12)),
        )
        for _ in range(300)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const { normalize } = await import('/_static/maths.js');
        return input.map((s) => normalize(s.responses, s));""",
        [explorer._state() for explorer in cases],
    )
    for ours, explorer in zip(found, cases, strict=True):
        close([one["result"] for one in ours], explorer.output)
        studied = ours[min(explorer.map, len(ours) - 1)]
        assert (studied["first"], studied["last"]) == explorer.neighbours


def test_softmax_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        SoftmaxExplorer(
            **dict(zip(tile.CLASSES, rng.uniform(-10, 10, 3).round(1), strict=True)),
            truth=rng.choice(tile.CLASSES).item(),
            temperature=rng.choice([0.1, 0.5, 1, 1.4, 2, 10]).item(),
            raised=bool(rng.integers(2)),
            shifted=bool(rng.integers(3)),
        )
        for _ in range(300)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js');
        return input.map(([logits, temperature, shifted, truth]) => {
          const { exponentials, shares, gradient, loss } = m.softmax({ logits, temperature, shifted, truth });
          return [exponentials, shares, gradient, [loss]].map((row) => row.map(String));
        });""",
        [
            [
                (explorer.scores * explorer.temperature).tolist(),
                explorer.temperature,
                explorer.shifted,
                tile.CLASSES.index(explorer.truth),
            ]
            for explorer in explorers
        ],
    )
    assert {np.isfinite(explorer.loss) for explorer in explorers} == {True, False}
    for explorer, (exponentials, shares, gradient, loss) in zip(explorers, found, strict=True):
        theirs = np.array(exponentials, float)
        np.testing.assert_allclose(theirs, explorer.exponentials, rtol=1e-9, atol=1e-9)
        close(shares, explorer.probabilities)
        close(gradient, explorer.gradient)
        close(loss, [explorer.loss])


def test_dense_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        DenseExplorer(picture=rng.uniform(-99, 99, 12), order=order)
        for order in ("H, W, C", "C, H, W")
        for _ in range(50)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js');
        const { TILE_NETWORK: t } = await import('/_static/tile_network.js');
        return input.map((s) => {
          const x = m.flattenOrder([2, 2, 3], s.order).map((i) => s.picture[i]);
          const hidden = m.dense(x, t.hiddenWeight, t.hiddenBias);
          return [x, hidden, m.dense(hidden.map((v) => Math.max(v, 0)), t.outputWeight, t.outputBias)];
        });""",
        [explorer._state() for explorer in explorers],
    )
    for explorer, values in zip(explorers, found, strict=True):
        for ours, theirs in zip(values, (explorer.features, explorer.hidden, explorer.logits), strict=True):
            close(ours, theirs)


def test_any_dense_layer_and_any_image_equal_numpy(open_page):
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(40):
        inputs, outputs = (int(n) for n in rng.integers(1, 7, 2))
        rows, columns, maps = shape = [int(n) for n in rng.integers(1, 5, 3)]
        image = np.arange(rows * columns * maps).reshape(shape)
        x, weight, bias = (rng.normal(size=size) for size in (inputs, (inputs, outputs), outputs))
        cases.append(
            {
                "sent": [x.tolist(), weight.tolist(), bias.tolist(), shape],
                "wanted": [x @ weight + bias, image.ravel(), image.transpose(2, 0, 1).ravel()],
            }
        )
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/maths.js');
        return input.map(([x, weight, bias, shape]) => [m.dense(x, weight, bias),
          m.flattenOrder(shape, 'H, W, C'), m.flattenOrder(shape, 'C, H, W')]);""",
        [case["sent"] for case in cases],
    )
    for case, values in zip(cases, found, strict=True):
        for ours, theirs in zip(values, case["wanted"], strict=True):
            close(ours, theirs)


def random_settings(rng):
    """Return settings of which about half make a network."""
    start = AlexNetExplorer()
    settings = {"size": int(rng.integers(16, 257)), "groups": int(rng.integers(1, 5))}
    for name, most in [
        ("kernel_sizes", 15),
        ("strides", 8),
        ("paddings", 7),
        ("filters", 24),
        ("features", 40),
    ]:
        numbers = list(getattr(start, name))
        if name in ("filters", "features"):
            numbers = (4 * rng.integers(1, most // 4 + 1, len(numbers)) - (rng.random() < 0.1)).tolist()
        for place in rng.integers(0, len(numbers), rng.integers(0, 3)):
            if name not in ("filters", "features"):
                numbers[place] = int(rng.integers(0 if name == "paddings" else 1, most + 1))
        settings[name] = numbers
    return settings


def test_alexnet_equals_python(open_page):
    page = open_page("empty.html", mounted=False)
    rng = np.random.default_rng(2)
    explorers = [AlexNetExplorer(**random_settings(rng)) for _ in range(300)] + [AlexNetExplorer(groups=2)]
    found = page.evaluate(
        """async (states) => {
          const { network } = await import('/_static/network.js');
          const { TABLE } = await import('/_static/network_table.js');
          return states.map((state) => network(TABLE, state));
        }""",
        [explorer._state() for explorer in explorers],
    )
    names = ("name", "shape", "parameters", "products", "field", "jump", "first", "unused")
    for explorer, theirs in zip(explorers, found, strict=True):
        rows = [tuple(row[name] for name in names) for row in theirs["rows"]]
        assert rows == [(row[0], list(row.shape), *row[2:8]) for row in explorer.rows]
        assert theirs.get("broken") == (explorer.broken and explorer.broken._asdict())
    assert {explorer.broken is None for explorer in explorers} == {True, False}


def test_images_equal_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        ImagesExplorer(
            row=int(rng.integers(57)), column=int(rng.integers(89)), size=int(rng.integers(8, 65)),
            mirror=bool(rng.integers(2)), mean=bool(rng.integers(2)),
        )
        for _ in range(60)
    ]  # fmt: skip
    code = """async (states) => {
      const m = await import('/_static/maths.js'), { THUMBNAIL } = await import('/_static/thumbnail.js');
      const photograph = m.pixelRows(THUMBNAIL);
      return JSON.stringify(states.map((s) => [m.cropPlace(photograph, s),
        m.channels(m.crop(photograph, s), s.mean ? THUMBNAIL.mean : [0, 0, 0])]));
    }"""
    page = open_page("empty.html", mounted=False)
    found = json.loads(page.evaluate(code, [explorer._state() for explorer in explorers]))
    for explorer, (place, maps) in zip(explorers, found, strict=True):
        assert (place["row"], place["column"]) == explorer.place
        np.testing.assert_allclose(np.moveaxis(maps, 0, -1), explorer.output, rtol=0, atol=1e-9)
