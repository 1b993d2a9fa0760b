"""The arithmetic of the trained networks' units, as the worker finds it: what Python's layers say of each."""

import numpy as np
import pytest
from helpers import ROOT

from alexnet_course.explorers import ForwardPassExplorer
from alexnet_course.explorers.forward_pass import STAGES
from alexnet_course.explorers.kit import files
from alexnet_course.explorers.kit.base import inline

CODE = f"""async ({{ network, values, units, votes, names }}) => {{
  {inline("kit/worker.js")}
  const worker = startWorker(await (await fetch("/worker.txt")).text());
  await worker.ask("load", {{ bytes: await (await fetch(network)).arrayBuffer() }});
  await worker.ask("run", {{ views: [Float32Array.from(values)] }});
  const plain = (found) => Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, ArrayBuffer.isView(value) ? [...value] : value]),
  );
  const found = {{ units: [], votes: [] }};
  for (const unit of units) found.units.push(plain(await worker.ask("unit", unit)));
  for (const vote of votes) found.votes.push(plain(await worker.ask("votes", vote)));
  found.summaries = (await worker.ask("summaries", {{ names }})).map(plain);
  worker.end();
  return found;
}}"""
CLOSE = 1e-4  # of the largest number of an array


@pytest.fixture
def worker(in_browser, serve, tmp_path):
    """Return a function that runs the code above with the worker, under the policy of the site."""
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href='data:,'><title>Worker</title>")
    (tmp_path / "_headers").write_text((ROOT / "book" / "_headers").read_text(encoding="utf-8"))
    (tmp_path / "worker.txt").write_text(inline("kit/network_worker.js"), encoding="utf-8")
    for name in ("squeezenet", "miniature"):
        (tmp_path / name).write_bytes(files.content(f"{name}.network"))
    return lambda argument: in_browser(serve(tmp_path), CODE, argument)


def explorers(network, **picture):
    """Return an explorer for each of some units of every stage: a corner, the largest, and two others."""
    rng, found = np.random.default_rng(0), []
    for at, stage in enumerate(STAGES[network]):
        rows, columns = stage["shape"][:-1] or [1, 1]
        maps = stage["shape"][-1]
        first = ForwardPassExplorer(network=network, stage=at, **picture)
        largest = np.unravel_index(first.output.argmax(), (rows, columns, maps))
        others = [rng.integers([rows, columns, maps]) for _ in range(2)]
        for row, column, number in ((0, 0, maps - 1), largest, *others):
            place = {"row": int(row), "column": int(column), "map": int(number)}
            found.append(ForwardPassExplorer(network=network, stage=at, **place, **picture))
    return found


def asked(explorer):
    """Return what the page asks the worker of an explorer's unit."""
    stages = STAGES[explorer.network]
    before = stages[max(0, explorer.stage - 1)]["layers"][-1]
    number, row, column = explorer.place
    layers = stages[explorer.stage]["layers"]
    return {"before": before, "layers": layers, "map": number, "row": row, "column": column}


def close(ours, theirs):
    theirs = np.asarray(theirs, dtype=float).ravel()
    return np.allclose(np.ravel(ours), theirs, rtol=0, atol=CLOSE * max(1, np.abs(theirs).max(initial=0)))


@pytest.mark.parametrize(
    ("network", "picture"),
    [("SqueezeNet", {"photograph": "coffee"}), ("miniature", {"clothes": 5})],
    ids=["squeezenet", "miniature"],
)
def test_each_unit_is_computed_as_python_does(worker, network, picture):
    units = explorers(network, **picture)
    ends = [
        ForwardPassExplorer(network=network, stage=len(STAGES[network]) - 1, map=m, **picture) for m in (0, 5)
    ]
    last = max(at for at, stage in enumerate(STAGES[network]) if stage["kind"] in ("convolution", "dense"))
    names = [stage["layers"][-1] for stage in STAGES[network]]
    vote = {"before": names[last - 1], "name": STAGES[network][last]["layers"][0], "scores": names[-2]}
    found = worker(
        {
            "network": f"/{network.lower()}",
            "values": ForwardPassExplorer(network=network, stage=0, **picture).output.ravel().tolist(),
            "units": [asked(unit) for unit in units],
            "votes": [vote | {"map": end.place[0]} for end in ends],
            "names": names,
        }
    )
    for unit, ours in zip(units, found["units"], strict=True):
        theirs = unit.arithmetic
        assert set(ours) == set(theirs), unit
        for name, value in theirs.items():
            assert close(ours[name], value), (unit.name, unit.place, name)
        if "filter" in ours:
            sum_ = np.dot(np.ravel(ours["window"]), np.ravel(ours["filter"])) + ours["bias"]
            assert close(sum_, ours["value"]), (unit.name, unit.place)
            assert ours["passed"] in (0, ours["value"])
        elif unit.name.startswith("pool"):
            assert ours["passed"] in ours["window"]
    for end, ours in zip(ends, found["votes"], strict=True):
        for name, value in end.votes.items():
            assert close(ours[name], value), name
        assert close(np.sum(ours["parts"]) + ours["bias"], ours["score"])
    for at, ours in enumerate(found["summaries"]):
        output = ForwardPassExplorer(network=network, stage=at, **picture).output[0].astype(float)
        sums = output.reshape(-1, output.shape[-1]).sum(axis=0)
        assert close(sums[ours["order"]], np.sort(sums)[::-1]), at
        assert sorted(ours["order"]) == list(range(output.shape[-1]))
        assert close(ours["deviation"], output.std())
        assert ours["zeros"] == pytest.approx((output == 0).mean(), abs=1e-3)
        assert ours["limit"] <= np.abs(output).max() * 1.0001
