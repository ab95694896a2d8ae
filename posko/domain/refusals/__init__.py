"""The catalogue of refusals: what a person reads when an act may not happen, and the rule that it would have broken.

One module a stage; each holds `SENTENCES`, code -> sentence in Indonesian with the rule of requirements section 7 where there is
one. A sentence names what is wrong and what to do. Services raise `refuse(CODE, ...)` and write no text of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.errors import Refused
from posko.domain.refusals import (
    access,
    attend,
    audit,
    certify,
    common,
    decide,
    deviation,
    duplicate,
    enrol,
    package,
    publish,
    reader_page,
    register,
    registry,
    station,
    surveillance,
)
from posko.domain.refusals.common import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CATALOGUE", "PARTS", "Sentence", "refuse"]

PARTS = (
    common,
    access,
    registry,
    register,
    attend,
    decide,
    certify,
    publish,
    deviation,
    station,
    duplicate,
    enrol,
    reader_page,
    audit,
    package,
    surveillance,
)

CATALOGUE: Mapping[str, Sentence] = {code: sentence for part in PARTS for code, sentence in part.SENTENCES.items()}
"""Code -> sentence; a test sees to it that no code stands in two parts."""


def refuse(code: str, **values: object) -> Refused:
    """Return the refusal of this code; `values` fill its sentence.

    Raises:
        KeyError: the catalogue has no such code, or the sentence needs a value that is missing.
    """
    sentence = CATALOGUE[code]
    return Refused(sentence.text.format(**values), rule=sentence.rule, code=code)
