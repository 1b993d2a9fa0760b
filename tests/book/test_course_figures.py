"""The figures on a page: their sizes, and the links that show them larger."""

import types

import bs4
import course_figures


def page(tmp_path, body):
    """Return a page's body as the extension leaves it; a.svg is a drawing of 700 by 300."""
    (tmp_path / "a.svg").write_text('<svg width="700" height="300"></svg>', encoding="utf-8")
    builder = types.SimpleNamespace(images={"a.svg": "a.svg"})
    app = types.SimpleNamespace(builder=builder, srcdir=tmp_path)
    return bs4.BeautifulSoup(course_figures.enlargeable(app, body), "html.parser")


def test_a_figure_has_its_size_and_a_link_that_names_its_number(tmp_path):
    caption = '<figcaption><span class="caption-number">Fig. 7 </span>Maps</figcaption>'
    made = page(
        tmp_path, f'<figure><img alt="Three maps" src="../_images/a.svg" />{caption}</figure><p>b</p>'
    )
    image, link = made.img, made.a
    assert (image["width"], image["height"], image["alt"]) == ("700", "300", "Three maps")
    assert (link["href"], link["aria-label"]) == ("../_images/a.svg", "Enlarge figure 7")
    assert image.parent is link.parent
    assert made.p.get_text() == "b"


def test_the_first_figure_comes_after_the_letters_and_the_others_when_the_reader_is_near(tmp_path):
    made = page(tmp_path, '<p><img alt="" src="_images/a.svg" /></p>' * 3)
    assert [image.get("loading") for image in made.find_all("img")] == [None, "lazy", "lazy"]
    assert not made.find_all("img", fetchpriority=True)


def test_a_figure_without_a_number_does_not_take_that_of_the_next_one(tmp_path):
    other = '<figure><img src="b.png" /><span class="caption-number">Fig. 8 </span></figure>'
    made = page(tmp_path, f'<p><img alt="" src="_images/a.svg" /></p>{other}')
    assert [link["aria-label"] for link in made.find_all("a")] == ["Enlarge the figure"]
