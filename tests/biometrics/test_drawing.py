"""Minutiae as a drawing for people."""

from xml.etree import ElementTree

import pytest

from biometrics.drawing import svg
from biometrics.minutiae import Impression, Kind, Minutia

NAMES = {"s": "http://www.w3.org/2000/svg"}
DRAWN = Impression(
    2, 357, 392, (Minutia(100, 50, 90.0), Minutia(20, 30, 180.0, Kind.BIFURCATION), Minutia(7, 8, 0.0, Kind.OTHER))
)


def parsed(*args, **options):
    return ElementTree.fromstring(svg(*args, **options))


def test_each_minutia_is_a_shape_of_its_kind_with_a_line_along_its_ridge():
    drawing = parsed(DRAWN)
    first, second, third = drawing.findall("s:g", NAMES)

    assert drawing.get("viewBox") == "0 0 357 392"
    assert first.find("s:circle", NAMES).get("cx") == "100"
    assert third.find("s:circle", NAMES) is not None
    assert second.find("s:rect", NAMES) is not None
    assert first.find("s:line", NAMES).get("y2") == "36.0"  # 90 degrees: upwards
    assert second.find("s:line", NAMES).get("x2") == "6.0"  # 180 degrees: to the left


@pytest.mark.parametrize("marked", [(1,), [1, 1], {1}])
def test_the_marked_ones_stand_out(marked):
    colours = [group.get("stroke") for group in parsed(DRAWN, marked=marked).findall("s:g", NAMES)]

    assert colours[0] == colours[2] != colours[1]


def test_the_drawing_names_itself():
    assert parsed(DRAWN, marked=(0, 2)).find("s:title", NAMES).text == "3 minutia, 2 ditandai"


def test_no_minutiae_are_an_empty_frame():
    drawing = parsed(Impression(0, 5, 5, ()))

    assert drawing.findall("s:g", NAMES) == []
    assert drawing.find("s:rect", NAMES).get("width") == "5"
