"""The deviation rules: paragraph, severity, and whether the act is prevented at entry (P) or found later (D) (requirements section 7).

Severity B blocks, H holds the result until a case is closed, W warns and opens a case, I informs. Where the requirements name two
(DV-I07, DV-S02, DV-A07) the one of the moment of entry stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["B", "H", "W", "I"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One deviation rule."""

    paragraph: str
    severity: Severity
    mode: Literal["P", "D"]


RULES: Mapping[str, Rule] = {
    "DV-E01": Rule("3.1", "B", "P"),
    "DV-E02": Rule("3.1", "B", "P"),
    "DV-E03": Rule("3.1", "H", "D"),
    "DV-E04": Rule("3.1", "W", "D"),
    "DV-E05": Rule("10.1", "B", "P"),
    "DV-E06": Rule("10.1", "W", "D"),
    "DV-E07": Rule("3.1", "H", "D"),
    "DV-E08": Rule("5.1", "W", "D"),
    "DV-E09": Rule("law", "B", "P"),
    "DV-E10": Rule("10.1", "W", "P"),
    "DV-E11": Rule("10.1", "W", "P"),
    "DV-I01": Rule("3.3", "W", "P"),
    "DV-I02": Rule("3.3", "W", "D"),
    "DV-I03": Rule("3.3", "H", "D"),
    "DV-I04": Rule("3.3", "W", "D"),
    "DV-I05": Rule("3.3", "H", "P"),
    "DV-I06": Rule("3.3/3.4", "H", "P"),
    "DV-I07": Rule("3.3", "B", "P"),
    "DV-I08": Rule("3.3", "H", "D"),
    "DV-I09": Rule("8.2", "W", "D"),
    "DV-I10": Rule("6.1", "H", "P"),
    "DV-I11": Rule("5.1", "W", "D"),
    "DV-I12": Rule("8.2", "W", "P"),
    "DV-A01": Rule("12.5", "B", "P"),
    "DV-A02": Rule("12.5", "W", "D"),
    "DV-A03": Rule("3.2", "B", "P"),
    "DV-A04": Rule("12.5", "B", "P"),
    "DV-A05": Rule("3.4", "B", "P"),
    "DV-A06": Rule("3.4", "B", "P"),
    "DV-A07": Rule("3.4", "W", "P"),
    "DV-A08": Rule("3.4", "H", "P"),
    "DV-A09": Rule("9.2", "W", "D"),
    "DV-A10": Rule("12.5", "W", "D"),
    "DV-A11": Rule("12.8", "B", "P"),
    "DV-A12": Rule("12.8", "W", "D"),
    "DV-A13": Rule("Gambar 5", "W", "P"),
    "DV-S01": Rule("13.3", "B", "P"),
    "DV-S02": Rule("13.3", "B", "P"),
    "DV-S03": Rule("13.3", "W", "D"),
    "DV-S04": Rule("13.6", "B", "P"),
    "DV-S05": Rule("13.3", "B", "P"),
    "DV-S06": Rule("13.6", "W", "D"),
    "DV-S07": Rule("1.6", "W", "P"),
    "DV-S08": Rule("5.6", "W", "D"),
    "DV-S09": Rule("13.x", "I", "D"),
    "DV-N01": Rule("13.7", "B", "P"),
    "DV-N02": Rule("9.4", "B", "P"),
    "DV-N03": Rule("13.7", "W", "D"),
    "DV-N04": Rule("13.7", "H", "D"),
    "DV-N05": Rule("13.10", "H", "P"),
    "DV-N06": Rule("13.10", "B", "P"),
    "DV-N07": Rule("13.x", "H", "D"),
    "DV-N08": Rule("13.x", "W", "D"),
    "DV-C01": Rule("13.11", "H", "D"),
    "DV-C02": Rule("13.11", "B", "P"),
    "DV-C03": Rule("13.12", "W", "D"),
    "DV-C04": Rule("13.13", "W", "D"),
    "DV-C05": Rule("13.14", "H", "D"),
    "DV-C06": Rule("14.1", "B", "P"),
    "DV-C07": Rule("14.4", "W", "D"),
    "DV-C08": Rule("14.5", "H", "D"),
    "DV-C09": Rule("12.1", "W", "D"),
    "DV-X01": Rule("1.4", "B", "P"),
    "DV-X02": Rule("12.5", "W", "P"),
    "DV-X03": Rule("9.1", "W", "D"),
    "DV-X04": Rule("5.4", "W", "P"),
    "DV-X05": Rule("5.3", "H", "D"),
    "DV-X06": Rule("5.3", "H", "D"),
    "DV-T01": Rule("4.2", "W", "D"),
    "DV-T02": Rule("4.2", "W", "D"),
    "DV-T03": Rule("4.2", "W", "D"),
    "DV-T04": Rule("4.2", "W", "D"),
    "DV-T05": Rule("4.2", "W", "D"),
    "DV-T06": Rule("4.2", "W", "D"),
    "DV-T07": Rule("4.2", "I", "D"),
}
"""Rule id -> rule."""
