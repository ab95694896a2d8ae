"""Pages that take fingers, in Streamlit's test harness: press until a made-up touch counts, prove, sign, put another's finger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.operator import field, press, said, say, texts_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def begins(page: AppTest, text: str) -> Any:
    return next((button for button in page.button if button.label.startswith(text)), None)


def opened(page: AppTest, number: str, name: str = "petugas") -> AppTest:
    page.query_params[name] = number
    return page.run()


def take_all(page: AppTest, most: int = 20) -> AppTest:
    """Press until six touches are kept; a made-up touch may miss, as a real one may."""
    for _ in range(most):
        button = begins(page, "Rekam ")
        if button is None or button.label == say("enrol.from_start"):
            return page
        page = button.click().run()
        assert not page.exception
    raise AssertionError(texts_of(page))


def prove(page: AppTest, most: int = 6) -> AppTest:
    for _ in range(most):
        page = press(page, "finger.take")
        if any(text.startswith("Jari terbukti") for text in said(page, "success")):
            return page
    raise AssertionError(texts_of(page))


def sign(page: AppTest, who: str = "BN1", most: int = 6) -> AppTest:
    for _ in range(most):
        field(page, "second_person.number").set_value(who)
        page = press(page, "second_person.sign")
        if not any("tidak cocok" in text for text in said(page)):
            return page
    raise AssertionError(texts_of(page))


def as_other(page: AppTest) -> AppTest:
    """Choose whose finger the demo puts on the reader."""
    for radio in page.radio:
        if radio.label == say("finger.way"):
            radio.set_value(radio.options[1])
    return page.run()
