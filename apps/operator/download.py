"""What a download button gives out: made when it is pressed, for the same person with the same right, in her language (R-021, R-045)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apps.operator import session
from apps.operator.messages import language, speaking
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from posko.services.office import Desk


def guarded(desk: Desk, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file, in the language of now.

    A button may be pressed long after its page was made, and outside any run of it: so it is asked first whether the same person is still
    signed in with the same right; if not, `Refused` is raised and Streamlit says that there is no file.
    """
    still, tongue = session.witness(), language()

    def made() -> bytes:
        now = still()
        if desk.by is None or now.by != replace(desk.by, on_behalf=None, party=None):
            raise refuse("SESSION_OVER")
        with speaking(tongue):
            return make()

    return made
