"""The frame of the explorers: what is drawn before it stands on the page, as JupyterLab does."""

import pytest
from explorer_harness import run, settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["Convolution", "Occlusion", "ForwardPass"])
def test_what_was_drawn_before_it_stood_on_the_page_has_its_colours_and_its_size(open_page, name):
    page = open_page(f"{name}Explorer.html")
    settle(page)
    found = run(
        page,
        """const figure = document.querySelector("figure[data-explorer]");
        const { Model } = await import("/_static/mount.js");
        const { default: explorer } = await import(`/_static/${figure.dataset.explorer}.js`);
        const el = document.createElement("figure");
        const model = new Model({ ...JSON.parse(figure.dataset.state), about: {} }, "late", explorer.traits);
        explorer.render({ model, el });
        await new Promise(requestAnimationFrame);
        figure.after(el);
        for (let i = 0; i < 12; i++) await new Promise(requestAnimationFrame);
        const drawn = (one) => [...one.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
        return { late: drawn(el), first: drawn(figure) };""",
    )
    assert found["late"] == found["first"]
