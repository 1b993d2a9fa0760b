"""The page's products of matrices are NumPy's: by WebAssembly, without it, and where a policy forbids it."""

import shutil

import numpy as np
import pytest
from helpers import ROOT

from alexnet_course.explorers.kit.base import inline

# Rows, depth and columns: of whole tiles and not, and of one number.
SIZES = [(8, 5, 16), (1, 1, 1), (3, 7, 9), (4, 12, 8), (13, 2, 5), (6, 30, 23), (65, 40, 3)]
MULTIPLY = """
async ({ cases, precision, webAssembly }) => {
  let started = 0;
  if (!webAssembly) globalThis.WebAssembly = undefined;
  else {
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class extends Instance {
      constructor(...all) { super(...all); started++; }
    };
  }
  const { addProduct, pack, turned } = await import("/multiply.js");
  const Kind = globalThis[precision];
  const found = cases.map(({ left, right, out, rows, depth, columns }) => {
    const matrix = ({ values, first, row, across }) => {
      const one = { values: Kind.from(values), first, row, column: 1 };
      return across ? turned(one) : one;
    };
    const to = matrix(out);
    addProduct(matrix(left), rows, pack(matrix(right), depth, columns), to);
    return [...to.values];
  });
  return { found, started };
}"""
IN_A_WORKER = """
(text) => new Promise((resolve, reject) => {
  const worker = new Worker(URL.createObjectURL(new Blob([text])));
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
})"""
ASK = """
const values = Float32Array.of(1, 2, 3, 4);
const matrix = { values, first: 0, row: 2, column: 1 };
const out = { ...matrix, values: new Float32Array(4) };
addProduct(matrix, 2, pack(matrix, 2, 2), out);
self.postMessage({ fast: machine() !== null, product: [...out.values] });
"""


def placed(matrix, before, gap, across, rng):
    """Return a matrix inside an array with other numbers around it, as the page is to find it."""
    stored = matrix.T if across else matrix
    rows, columns = stored.shape
    values = rng.normal(0, 9, before + rows * (columns + gap)).astype(np.float32)
    for i, numbers in enumerate(stored):
        start = before + i * (columns + gap)
        values[start : start + columns] = numbers
    return {"values": values.tolist(), "first": before, "row": columns + gap, "across": across}


@pytest.fixture
def folder(tmp_path):
    """A folder with an empty page and the page's modules."""
    for module in (ROOT / "src" / "alexnet_course").glob("*.js"):
        shutil.copy(module, tmp_path)
    (tmp_path / "index.html").write_text(
        "<!doctype html><link rel=icon href='data:,'><title>Products</title>"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("precision", "web_assembly", "started"),
    [("Float32Array", True, 1), ("Float32Array", False, 0), ("Float64Array", True, 0)],
)
def test_products_are_added_and_nothing_else_changes(
    in_browser, serve, folder, precision, web_assembly, started
):
    rng, cases, wanted = np.random.default_rng(0), [], []
    for rows, depth, columns in SIZES:
        for across in (False, True):
            left = rng.standard_normal((rows, depth)).astype(np.float32)
            right = rng.standard_normal((depth, columns)).astype(np.float32)
            out = rng.standard_normal((rows, columns)).astype(np.float32)
            sizes = {"rows": rows, "depth": depth, "columns": columns}
            case = {
                "left": placed(left, 3, 2, across, rng),
                "right": placed(right, 1, 4, not across, rng),
                "out": placed(out, 2, 3, across, rng),
            }
            cases.append(sizes | case)
            values, row = np.array(case["out"]["values"]), case["out"]["row"]
            added = left.astype(float) @ right
            inside = values[2:].reshape(-1, row)  # a view
            inside[:, : row - 3] += added.T if across else added
            wanted.append(values)
    given = {"cases": cases, "precision": precision, "webAssembly": web_assembly}
    answer = in_browser(serve(folder), MULTIPLY, given)
    assert answer["started"] == started
    tolerance = 1e-12 if precision == "Float64Array" else 1e-5
    for found, values in zip(answer["found"], wanted, strict=True):
        np.testing.assert_allclose(found, values, rtol=0, atol=tolerance)


@pytest.mark.parametrize("allowed", [True, False])
def test_the_policy_of_the_book_lets_a_worker_be_fast_and_without_it_the_product_is_the_same(
    in_browser, serve, folder, allowed
):
    headers = (ROOT / "book" / "_headers").read_text(encoding="utf-8")
    policy = headers.split("/\n  Content-Security-Policy: ", 1)[1].split("; frame-ancestors")[0]
    if not allowed:
        policy = policy.replace(" 'wasm-unsafe-eval'", "")
    page = folder / "index.html"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><link'
    page.write_text(page.read_text().replace("<link", meta))
    answer = in_browser(serve(folder), IN_A_WORKER, inline("../multiply.js") + ASK)
    assert answer == {"fast": allowed, "product": [7, 10, 15, 22]}
