"""Errors that POSKO raises on purpose.

PoskoError
├── ConfigurationError   a setting, a file or an account is missing or wrong            exit 3
├── ConnectionFailed     a server does not answer or refuses the account                exit 3
│   └── OutcomeUnknown   the line was cut during a commit: ask before repeating
├── LeaseHeld            another run holds the lease                                    exit 4
├── Conflict             somebody changed the same thing meanwhile                      exit 5
├── Refused              an act that may not happen; the refusal itself is recorded     exit 5
│   ├── IllegalMove      the state of the thing does not allow the act (DV-X01)
│   └── NotPermitted     the role, or its own LSP, TUK or session, does not allow it
├── DataRefused          the data, as a whole, must not be taken over                   exit 1
│   ├── ContractBroken   the source lacks a column or a table of the contract
│   ├── SourceShrank     the source lost more rows than the configured share
│   └── TotalsDiffer     the control totals of the two sides differ
└── BadInput             a file or an option that a person gave is wrong                exit 2

The text of each is a sentence in Indonesian: it names what is wrong and what to do.
"""


class PoskoError(Exception):
    """Base of every error that POSKO raises on purpose; `exit_code` is what a command returns for it."""

    exit_code = 1


class ConfigurationError(PoskoError):
    """A setting, a file or an account is missing or wrong."""

    exit_code = 3


class ConnectionFailed(PoskoError):
    """A server does not answer, cuts the connection or refuses the account."""

    exit_code = 3


class OutcomeUnknown(ConnectionFailed):
    """The line was cut while a commit was under way: the act happened wholly or not at all, and nobody here knows which."""


class LeaseHeld(PoskoError):
    """Another run holds the lease, or took it over while this one slept."""

    exit_code = 4


class Conflict(PoskoError):
    """Somebody changed the same thing meanwhile; nothing was written."""

    exit_code = 5


class Refused(PoskoError):
    """An act that may not happen; nothing of it was written, and the boundary records the refusal in a new transaction.

    `rule` is the deviation rule that the attempt breaks (requirements section 7), where there is one. `code` names the sentence in the
    catalogue of refusals. `reference` is the audit event that recorded the refusal, so that whoever reads the sentence can have it found.
    """

    exit_code = 5
    reference: str | None = None

    def __init__(self, sentence: str, *, rule: str | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.code = code or type(self).__name__


class IllegalMove(Refused):
    """The state of a TKI, session or case may not become that one from where it stands (DV-X01)."""

    def __init__(self, sentence: str, *, rule: str | None = "DV-X01") -> None:
        super().__init__(sentence, rule=rule)


class NotPermitted(Refused):
    """The role has no right to the command, or the right does not reach this LSP, TUK, session or person (DV-X04)."""


class BadInput(PoskoError):
    """A file or an option that a person gave is wrong; nothing was changed."""

    exit_code = 2


class DataRefused(PoskoError):
    """The data, as a whole, must not be taken over; nothing was changed."""


class ContractBroken(DataRefused):
    """The source lacks a table or a column of the contract (R-027, R-094)."""


class SourceShrank(DataRefused):
    """The source lost more rows than the configured share; no tombstone was written."""


class TotalsDiffer(DataRefused):
    """The control totals of source and staging differ; the message names the ranges (R-182)."""
