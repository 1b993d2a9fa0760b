"""The still pictures: readable numbers, escaped text, maps as PNG."""

import base64

import numpy as np

from alexnet_course.explorers.kit import drawing


def test_numbers_are_readable_on_every_colour():
    def luminance(colour):
        part = np.array(colour) / 255
        linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    for colour in [drawing.grey(v) for v in range(10)] + [drawing.signed(9)(v) for v in range(-9, 10)]:
        dark = drawing.ink_on(colour) == "#000"
        contrast = (luminance(colour) + 0.05) / 0.05 if dark else 1.05 / (luminance(colour) + 0.05)
        assert contrast >= 4.5


def test_text_in_a_drawing_is_escaped():
    picture = drawing.Drawing(10, 10)
    picture.text(0, 0, "<script>&")
    picture.title(0, 0, "<b>", "a & b")
    assert "&lt;script&gt;&amp;" in picture.parts[0]
    assert "<b>" not in picture.parts[1]
    assert 'alt="&quot;&gt;"' in picture.image(alt='">')


def test_an_embedded_map_is_a_png_of_its_values():
    import io

    from PIL import Image

    values = np.arange(30.0).reshape(5, 6)
    data = base64.b64decode(drawing.png(values, drawing.grey).split(",")[1])
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape == (5, 6, 3)
    assert tuple(pixels[0, 0]) == drawing.grey(0)
    assert tuple(pixels[4, 5]) == drawing.grey(29)
