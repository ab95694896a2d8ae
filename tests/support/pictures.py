"""Pictures for the tests of fingers: the committed prints, and what is no finger."""

import datetime as dt
import io

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from biometrics.synthetic import committed
from biometrics.types import Assurance, Encoding, Sample

AT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC).replace(tzinfo=None)
NONCE = "0" * 32
WIDTH, HEIGHT = 357, 392


def finger(name="1-2-1"):
    """A committed print: person, finger and touch."""
    with Image.open(committed.FOLDER / f"{name}.png") as picture:
        return picture.convert("L")


def sample(picture, *, ppi=500):
    """A picture as a reader would have delivered it."""
    return Sample(picture.tobytes(), *picture.size, ppi, "file", "-", AT, NONCE, Assurance.FILE)


def record(data):
    """A minutiae record as a reader would have delivered it."""
    return Sample(data, WIDTH, HEIGHT, 500, "file", "-", AT, NONCE, Assurance.FILE, Encoding.ISO_19794_2)


def packed(picture, kind="PNG", **options):
    """The bytes of a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _grey(values):
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _random(seed):
    return np.random.default_rng(seed).normal(size=(HEIGHT, WIDTH))


def _landscape():
    hills = sum(gaussian_filter(_random(seed), 2.0**seed) * 3**seed for seed in range(5))
    sky = np.linspace(230, 120, HEIGHT)[:, None]
    return _grey(np.where(np.arange(HEIGHT)[:, None] < 150 + 20 * hills[0], sky, 90 + 12 * hills))


def _portrait():
    picture = Image.new("L", (WIDTH, HEIGHT), 200)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((90, 60, 270, 300), fill=150)
    for left in (130, 200):
        pen.ellipse((left, 150, left + 30, 165), fill=40)
    pen.arc((140, 210, 220, 250), 10, 170, fill=60, width=6)
    pen.rectangle((60, 310, 300, 392), fill=70)
    return _grey(gaussian_filter(np.asarray(picture).astype(float), 2) + 4 * _random(9))


def page(size, turned=0):
    """A page of text."""
    picture = Image.new("L", (500, 500), 255)
    pen = ImageDraw.Draw(picture)
    for line in range(60):
        pen.text((5, int(1.2 * size * line)), f"Peserta {line} hadir di TUK dengan sidik jari. " * 3, font_size=size)
    return picture.rotate(turned, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _checks():
    down, right = np.mgrid[:HEIGHT, :WIDTH]
    return _grey((down // 9 + right // 9) % 2 * 255)


def _stripes():
    return _grey(127 + 120 * np.cos(2 * np.pi * np.mgrid[:HEIGHT, :WIDTH][0] / 9))


def _labyrinth():
    noise = _random(3)
    lines = gaussian_filter(noise, 2) - gaussian_filter(noise, 3.2)
    return _grey(128 + 80 * lines / lines.std())


def _square_code():
    return _grey(np.kron(np.random.default_rng(4).integers(0, 2, (40, 36)), np.ones((10, 10))) * 255)


NO_FINGERS = {
    "white": Image.new("L", (WIDTH, HEIGHT), 255),
    "black": Image.new("L", (WIDTH, HEIGHT), 0),
    "grey": Image.new("L", (WIDTH, HEIGHT), 128),
    "one dot": _grey(np.where(np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) == 70_000, 0, 255)),
    "noise": _grey(128 + 60 * _random(1)),
    "soft noise": _grey(128 + 400 * gaussian_filter(_random(2), 2)),
    "labyrinth": _labyrinth(),
    "landscape": _landscape(),
    "portrait": _portrait(),
    "page": page(14),
    "small print": page(10),
    "headline": page(24),
    "slanted page": page(18, 7),
    "stripes": _stripes(),
    "checks": _checks(),
    "square code": _square_code(),
    "gradient": _grey(np.tile(np.linspace(0, 255, WIDTH), (HEIGHT, 1))),
    "one pixel": Image.new("L", (1, 1), 0),
    "one row": _grey(np.random.default_rng(5).integers(0, 256, (1, 4000))),
    "one column": _grey(np.random.default_rng(6).integers(0, 256, (4000, 1))),
}
