"""Settings: one documented place, one example file that is true."""

import re

import pytest

from posko.domain.errors import ConfigurationError
from posko.settings import PROJECT_ROOT, Settings, load_settings


def test_the_example_file_names_every_setting_with_its_default_and_nothing_else() -> None:
    text = (PROJECT_ROOT / "posko.env.example").read_text("utf-8")
    shown = dict(re.findall(r"^#?POSKO_([A-Z_]+)=(.*)$", text, re.MULTILINE))
    expected = {
        name.upper(): "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert shown == expected


def test_every_setting_is_described_in_the_example_file() -> None:
    text = (PROJECT_ROOT / "posko.env.example").read_text("utf-8")
    assert all(field.description and f"# {field.description}\n" in text for field in Settings.model_fields.values())


def test_a_wrong_value_is_refused_with_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSKO_RECEIVE_LOADERS", "banyak")
    with pytest.raises(ConfigurationError, match="POSKO_RECEIVE_LOADERS"):
        load_settings()


def test_a_password_in_an_address_is_not_shown_when_settings_are_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSKO_DATABASE_URL", "mysql://orang:rahasia-sekali@host/")
    assert "rahasia-sekali" not in repr(load_settings())
