"""What is due wherever a TKI stands: by her state, and while she is in a session by that session's (§12.1-14.5)."""

from __future__ import annotations

from posko.domain.status import Status

PLACES = {"TUK-1": "MET.1", "TUK-2": "MET.2"}
REFUSED_STATES = {Status.ABSENT, Status.TURNED_AWAY_NO_MATCH, Status.TURNED_AWAY_NOT_REGISTERED}
AFTER_ALL = ("suspend", "appeal", "reinstate", "revoke", "register_again")
"""What may still happen to a certificate whose journey is closed."""
NEXT = {
    None: "send_eligible",
    Status.SENT_TO_KONSORSIUM: "register",
    Status.REGISTERED: "schedule",
    **dict.fromkeys(REFUSED_STATES, "schedule"),
    Status.ALLOCATED: "send_allocation",
    Status.RETURNED_TO_BNSP: "check_balance",
    Status.BALANCED: "release",
    Status.DISTRIBUTED: "acknowledge",
    Status.RESULT_SENT: "evaluate",
    Status.ON_HOLD: "evaluate",
    Status.EVALUATED: "publish",
    Status.PUBLISHED: "make_return",
    Status.SENT_TO_BNP2TKI: "read_back",
    Status.CLOSED: "register_again",
}
"""State of a TKI -> what is due; while she is in a session, the session's state says it."""
NEXT_OF_SESSION = {
    "PLANNED": "open_day",
    "OPEN": "verify",
    "RUNNING": "end",
    "ENDED": "open_scoring",
    "SCORING_OPEN": "score",
    "SCORED": "receive",
    "CLOSED": "decide",
}
IN_SESSION = {Status.ACKNOWLEDGED, Status.PRESENT, Status.TESTED, Status.ASSESSED}
