"""How far down the pages of a PDF reach that Chromium has printed; enough of the format for that."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
NUMBER = re.compile(rb"[-+]?[\d.]+")
TOKEN = re.compile(rb"<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\)])*\)|/?[^\s/\[\]<>()]+")
IDENTITY = (1, 0, 0, 1, 0, 0)


def times(a, b):
    """Return the transformation that does `a`, then `b`, both as six numbers of PDF."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def heights(content):
    """Return the heights, in points from the lower edge, at which a page has words and pictures."""
    now, before, numbers, found = IDENTITY, [], [], []
    text = IDENTITY
    for token in TOKEN.findall(content):
        if NUMBER.fullmatch(token):
            numbers.append(float(token))
            continue
        match token:
            case b"q":
                before.append(now)
            case b"Q":
                now = before.pop()
            case b"cm":
                now = times(numbers[-6:], now)
            case b"Tm":
                text = tuple(numbers[-6:])
            case b"Tj" | b"TJ":
                found.append(times(text, now)[5])
            case b"Do":  # a picture, which fills a square of side 1
                found.append(min(now[5], now[5] + now[3]))
        if token[:1] not in b"/<(":
            numbers = []
    return found


def lowest(pdf):
    """Return (height of the page, lowest height of anything on it) in points, page by page."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}

    def referred(body, name):
        return [int(number) for number in re.findall(rb"(\d+) 0 R", re.search(name, body, re.DOTALL)[1])]

    def leaves(number):
        if b"/Kids" not in objects[number]:
            return [objects[number]]
        kids = referred(objects[number], rb"/Kids\s*\[(.*?)\]")
        return [page for kid in kids for page in leaves(kid)]

    (catalog,) = (body for body in objects.values() if b"/Type /Catalog" in body)
    (root,) = referred(catalog, rb"/Pages (\d+ 0 R)")
    pages = []
    for page in leaves(root):
        height = float(re.search(rb"/MediaBox\s*\[[^\]]*?([\d.]+)\s*\]", page)[1])
        (number,) = referred(page, rb"/Contents (\d+ 0 R)")
        content = zlib.decompressobj().decompress(objects[number].partition(b"stream\n")[2])
        pages.append((height, min(heights(content), default=height)))
    return pages
