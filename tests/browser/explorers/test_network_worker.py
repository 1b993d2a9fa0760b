"""The worker of the trained network: what it names, its stages, its stop; and the pictures that it reads."""

import base64
import io

import numpy as np
import pytest
from helpers import ROOT
from PIL import Image

from alexnet_course.data import photographs
from alexnet_course.data.classes import class_names
from alexnet_course.data.pictures import open_picture
from alexnet_course.explorers.kit import files
from alexnet_course.explorers.kit.base import inline
from alexnet_course.images import ten_views
from alexnet_course.layers import Softmax
from alexnet_course.squeezenet import load_squeezenet, preprocess

CODE = f"""async (given) => {{
  {inline("kit/worker.js")}
  const worker = startWorker(await (await fetch("/worker.txt")).text());
  const words = (asked) => asked.then((value) => value, ({{ message }}) => message);
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const text = (values) => new Promise((done) => {{
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.readAsDataURL(new Blob([values]));
  }});
  %s
}}"""
READ = """
  const found = {};
  for (const [name, file] of Object.entries(given)) {
    found[name] = await words(worker.ask("picture", { source: new Blob([bytes(file)]) }));
    if (found[name].pixels) found[name].pixels = await text(found[name].pixels);
  }
  return found;
"""
RUN = """
  const loaded = await worker.ask("load", { bytes: await (await fetch("/network")).arrayBuffer() });
  const views = given.map((view) => new Float32Array(bytes(view).buffer));
  const steps = [];
  const progress = (step) => steps.push(step);
  const probabilities = await worker.ask("run", { views }, { progress });
  const conv1 = await worker.ask("stage", { name: "conv1" });
  const map = await worker.ask("stage", { name: "conv1", map: 5 });
  const unknown = await words(worker.ask("stage", { name: "cow" }));
  const control = new AbortController();
  const stop = { signal: control.signal, progress: () => control.abort(new Error("enough")) };
  const stopped = await words(worker.ask("run", { views }, stop));
  return {
    labels: loaded.labels, stages: loaded.stages.length, steps, unknown, stopped,
    probabilities: await text(probabilities), conv1: await text(conv1.values), map: await text(map.values),
    shapes: [conv1.shape, map.shape],
  };
"""


@pytest.fixture
def worker(in_browser, serve, tmp_path):
    """Return a function that runs code with the worker, under the policy of the site."""
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href='data:,'><title>Worker</title>")
    (tmp_path / "_headers").write_text((ROOT / "book" / "_headers").read_text(encoding="utf-8"))
    (tmp_path / "worker.txt").write_text(inline("kit/network_worker.js"), encoding="utf-8")
    (tmp_path / "network").write_bytes(files.content("squeezenet.network"))
    return lambda code, argument=None: in_browser(serve(tmp_path), CODE % code, argument)


def encoded(data):
    return base64.b64encode(data).decode()


def floats(text):
    return np.frombuffer(base64.b64decode(text), np.float32)


# ---- the network


def test_the_worker_names_what_python_names_and_keeps_its_stages(worker):
    views = ten_views(photographs.load_photograph("coffee")[np.newaxis], 227)[0, :2]
    inputs = np.concatenate([preprocess(view) for view in views])
    network = load_squeezenet()
    wanted = Softmax().predict(network.predict(inputs))
    found = worker(RUN, [encoded(x.tobytes()) for x in inputs])
    np.testing.assert_allclose(floats(found["probabilities"]), wanted.mean(axis=0), atol=1e-5)
    assert found["labels"] == list(class_names())
    assert [step["view"] for step in found["steps"]] == [0] * found["stages"] + [1] * found["stages"]
    shares = [step["share"] for step in found["steps"]]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert found["steps"][0]["name"] == "conv1"
    assert (found["unknown"], found["stopped"]) == ("cow has given nothing yet", "enough")
    conv1 = network["conv1"].predict(inputs[1:])[0]
    limit = 1e-5 * np.abs(conv1).max()
    np.testing.assert_allclose(floats(found["conv1"]).reshape(conv1.shape), conv1, rtol=0, atol=limit)
    np.testing.assert_allclose(floats(found["map"]).reshape(113, 113), conv1[..., 5], rtol=0, atol=limit)
    assert found["shapes"] == [[113, 113, 64], [113, 113]]


# ---- pictures: the same as open_picture, or refused


def smooth(width, height, channels=3):
    """Return a picture without sharp edges: decoders of JPEG differ there."""
    y, x = np.mgrid[:height, :width]
    waves = [127 + 100 * np.sin(x / width * (3 + c) + y / height * (5 - c)) for c in range(channels)]
    return np.stack(waves, axis=-1).astype(np.uint8)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def turned():
    """Return a JPEG file that asks to be turned by a quarter."""
    image = Image.fromarray(smooth(300, 400))
    exif = image.getexif()
    exif[0x0112] = 6
    return saved(image, "JPEG", quality=95, exif=exif)


def sixteen_bits():
    """Return a PNG file of 16 bits a pixel, in grey."""
    return saved(Image.fromarray(smooth(300, 280, 1)[..., 0].astype(np.uint16) * 257), "PNG")


def transparent():
    pixels = smooth(300, 280, 4)
    pixels[:140, :, 3], pixels[140:, :, 3] = 0, 255
    return saved(Image.fromarray(pixels), "PNG")


def animated():
    first, second = Image.fromarray(smooth(300, 280)), Image.new("RGB", (300, 280), "red")
    return saved(first, "WEBP", save_all=True, append_images=[second], lossless=True)


def filled():
    """Return a JPEG file with bytes before its markers that mean nothing: the standard allows them."""
    whole = saved(Image.fromarray(smooth(300, 280)), "JPEG", quality=95)
    frame = whole.index(b"\xff\xc0")
    return whole[:frame] + b"\xff\xff" + whole[frame:-2] + b"\xff" + whole[-2:]


def gif(**options):
    return saved(Image.fromarray(smooth(300, 280)).quantize(64), "GIF", **options)


RIGHT = {
    "png": lambda: (photographs.FOLDER / "chelsea.png").read_bytes(),
    "jpeg": lambda: saved(Image.fromarray(smooth(401, 299)), "JPEG", quality=95),
    "turned": turned,
    "sixteen bits": sixteen_bits,
    "transparent": transparent,
    "animated": animated,
    "gif": gif,
    "gif with something after its end": lambda: gif(comment=b"drawn; by hand") + b"\0\0;tail",
    "jpeg with fill bytes": filled,
    "bmp": lambda: saved(Image.fromarray(smooth(300, 280)), "BMP"),
    "12,000 wide": lambda: saved(Image.fromarray(smooth(12_000, 1_300)), "JPEG", quality=95),
    "small": lambda: saved(Image.fromarray(smooth(40, 33)), "PNG"),
    "half": lambda: saved(Image.fromarray(smooth(685, 512)), "PNG"),  # 342.5 pixels wide
    "with a film": lambda: saved(Image.fromarray(smooth(300, 280)), "JPEG", quality=95) + b"film" * 9000,
}
WORDS = {
    "one pixel": "The picture has 1 × 1 pixels; its shorter side must have at least 32.",
    "strip": "The picture has 4000 × 40 pixels; the longer side must be at most 10 times the shorter.",
    "bomb": "The picture has 100000 × 100000 pixels; at most 64,000,000 can be read.",
    "text": (
        "This is no picture in a format that this browser reads, or it is damaged. Try a PNG or JPEG file."
    ),
    "cut": "The picture is truncated: its file ends too early.",
}


def bomb():
    """Return a PNG file of a few bytes that promises ten thousand million pixels."""
    file = saved(Image.new("L", (40, 40)), "PNG")
    return file[:16] + (100_000).to_bytes(4, "big") * 2 + file[24:]


def wrong():
    """Return files that must be refused, each with the key of its words."""
    files = {
        "one pixel": saved(Image.new("RGB", (1, 1)), "PNG"),
        "strip": saved(Image.new("RGB", (4000, 40)), "PNG"),
        "bomb": bomb(),
        "text": b"<script>alert(1)</script> is no picture at all, whatever its name says",
        "text empty": b"",
    }
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP"):
        whole = saved(Image.fromarray(smooth(300, 280)), kind)
        files[f"cut {kind}"] = whole[: len(whole) * 2 // 3]
    files["cut GIF whose last byte looks like an end"] = files["cut GIF"] + b";"
    exif = Image.Exif()
    exif[0x9286] = b"a preview inside: \xff\xd8\xff\xd9"
    preview = saved(Image.fromarray(smooth(300, 280)), "JPEG", exif=exif)
    return files | {"cut with a preview": preview[: len(preview) * 2 // 3]}


def test_pictures_are_read_as_python_reads_them(worker):
    files = {name: make() for name, make in RIGHT.items()}
    found = worker(READ, {name: encoded(data) for name, data in files.items()})
    for name, data in files.items():
        assert isinstance(found[name], dict), (name, found[name])
        shape = found[name]["height"], found[name]["width"], 3
        pixels = np.frombuffer(base64.b64decode(found[name]["pixels"]), np.uint8).reshape(shape)
        wanted = open_picture(data)
        assert pixels.shape == wanted.shape, name
        apart = np.abs(pixels.astype(int) - wanted)
        assert apart.max() <= (0 if name == "png" else 6), (name, apart.max())
        assert apart.mean() < 1.0, (name, apart.mean())


def test_a_picture_in_the_colours_of_print_is_read(worker):
    """How four colours become three is the browser's affair; Pillow takes a simple way."""
    data = saved(Image.new("CMYK", (300, 280), (0, 255, 255, 0)), "JPEG", quality=95)
    found = worker(READ, {"red": encoded(data)})["red"]
    red, green, blue = base64.b64decode(found["pixels"])[:3]
    assert (found["width"], found["height"]) == (274, 256)
    assert red > 180
    assert max(green, blue) < 90


def test_what_cannot_be_right_is_refused_in_words(worker):
    files = wrong()
    found = worker(READ, {name: encoded(data) for name, data in files.items()})
    for name in files:
        words = next(text for key, text in WORDS.items() if name.startswith(key))
        assert found[name] == words, name
