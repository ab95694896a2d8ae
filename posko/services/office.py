"""How every act is done: one person, one transaction, one audit event at least (§5.3; R-004, R-021, R-060..R-070, R-180).

    office = Office.of(settings, engine)
    desk = office.desk(principal, place=Place(device="loket-1", tuk="TUK-01"))
    desk.do(attendance.record_attendance, session_id=7, id_tki="9264729", proof=proof)

An act is a function with `@act`. It gets a `Tx`, asks `tx.permit`, writes its rows and `tx.record`s what it did; all of it is committed
together or not at all. When it raises a `Refused`, nothing of it stays but the record of the refusal: an audit event, and a
deviation where the attempt breaks a rule. An act that records nothing is a mistake of ours and is not committed (DV-X06).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa

from posko.db.audit import AuditWriter
from posko.db.secrets import read_or_make_key
from posko.db.transaction import run_tx
from posko.domain.audit import Actor, Event, Outcome, Place
from posko.domain.errors import Refused
from posko.domain.matrix import Role
from posko.domain.roles import Act, Permission, Principal, permit
from posko.services import deviation_register

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from posko.domain.matrix import Command
    from posko.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

SYSTEM = Actor("system", "posko")
"""Who acts in the steps that the system does by itself (receive, number, publish, return)."""


@dataclass(frozen=True)
class ActMeta:
    """Name of an act in the audit log, and the command of the truth table that it belongs to; None: the system does it."""

    name: str
    command: Command | None


ACTS: dict[str, ActMeta] = {}
"""Every act by name; the test of the permissions walks them."""


def act(
    name: str, command: Command | None
) -> Callable[[Callable[Concatenate[Tx, P], T]], Callable[Concatenate[Tx, P], T]]:
    """Declare a function an act: `name` is what the audit log calls it, `stage.verb`."""

    def declare(function: Callable[Concatenate[Tx, P], T]) -> Callable[Concatenate[Tx, P], T]:
        if name in ACTS:
            raise ValueError(f"two acts are called {name}")
        ACTS[name] = cast("Any", function).meta = ActMeta(name, command)
        return function

    return declare


def server_time(db: sa.Connection) -> datetime:
    """Return the server's time, UTC without zone."""
    return cast("datetime", db.exec_driver_sql("select utc_timestamp(6)").scalar_one())


@dataclass(frozen=True)
class Office:
    """What all desks of one installation share.

    `clock` is the server's; the demo and the tests play exam days with a clock of their own, and then each event says which time was
    played. `keys` are secret, name -> 32 bytes.
    """

    engine: sa.Engine
    audit: AuditWriter
    keys: Mapping[str, bytes]
    clock: Callable[[sa.Connection], datetime] = server_time

    KEYS = ("finger-proof", "secure-code-digest", "secure-code-cipher", "surveillance-seed")

    @classmethod
    def of(cls, settings: Settings, engine: sa.Engine) -> Office:
        """Return the office of an installation: engine of posko_app, keys from the folder of secrets."""
        keys = {name: read_or_make_key(settings.secrets / name) for name in cls.KEYS}
        return cls(engine, AuditWriter.of(settings), keys)

    def close(self) -> None:
        """Write the last event of this process's writers, so that a missing tail of the log shows; before a process ends."""
        with self.engine.begin() as db:
            self.audit.close(db, SYSTEM)

    def desk(self, by: Principal | None, *, place: Place | None = None, auth_event: str | None = None) -> Desk:
        """Return the desk at which one person acts; None: the system itself."""
        return Desk(self, by, place or Place(), auth_event)


@dataclass(frozen=True)
class Desk:
    """One person at one place, signed in by `auth_event`; `seen_at` is when her sign-in was last looked at (UTC, None: it was not)."""

    office: Office
    by: Principal | None
    place: Place
    auth_event: str | None = None
    key: str | None = None
    seen_at: datetime | None = None

    def once(self, key: str) -> Desk:
        """Return this desk for one submission: whoever submits the same key again gets the first answer."""
        return replace(self, key=key)

    def do(self, what: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do one act and return its answer.

        Raises:
            Refused: it may not happen; the refusal is recorded and `reference` names the record.
            Conflict, ConnectionFailed, OutcomeUnknown: as `run_tx`.
        """
        meta: ActMeta = cast("Any", what).meta
        last: list[Tx] = []

        def work(db: sa.Connection) -> T:
            tx = Tx(db, self, meta, self.office.clock(db))
            last[:] = [tx]
            answer = what(tx, *args, **kwargs)
            if not tx.events:
                raise RuntimeError(f"the act {meta.name} recorded nothing")
            return answer

        try:
            return run_tx(self.office.engine, work, idempotency_key=self._key(meta))
        except Refused as refusal:
            self._record(last[0], refusal)
            raise

    def _record(self, tx: Tx, refusal: Refused) -> None:
        refusal.reference = run_tx(self.office.engine, lambda db: _record_refusal(db, tx, refusal))

    def _key(self, meta: ActMeta) -> str | None:
        who = self.by.person_id if self.by else SYSTEM.id
        return None if self.key is None else f"{meta.name}:{who}:{self.key}"


@dataclass
class Tx:
    """One act under way: its open transaction, who does it, and the time that counts for it (UTC, no zone)."""

    db: sa.Connection
    desk: Desk
    meta: ActMeta
    at: datetime
    permission: Permission | None = None
    subject: tuple[str, str] = ("act", "-")
    owner: str | None = None
    events: int = 0
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def by(self) -> Principal | None:
        """Who acts; None: the system."""
        return self.desk.by

    @property
    def person_id(self) -> str:
        """Number of who acts, as rows keep it."""
        return self.actor.id

    @property
    def actor(self) -> Actor:
        """Who acts, as the audit log writes it."""
        if self.by is None:
            return SYSTEM
        if self.by.person_id is None:
            return Actor("public", "umum", Role.PUBLIC)
        behalf = self.permission is not None and self.permission.is_on_behalf
        owner = str(self.by.party) if self.by.party else self.owner or "-"
        return Actor("person", self.by.person_id, self.by.role.value, owner if behalf else None)

    def about(self, entity: str, key: object) -> None:
        """Say whom or what the act is about, so that a refusal names it too."""
        self.subject = (entity, str(key))

    def permit(
        self,
        *,
        how: Act = Act.DO,
        lsp_code: str | None = None,
        tuk_code: str | None = None,
        session_id: int | None = None,
        person_id: str | None = None,
        command: Command | None = None,
    ) -> Permission | None:
        """Ask the truth table for the act's own command (or another one that it needs too); the system itself asks nobody.

        Raises:
            NotPermitted: as `posko.domain.roles.permit`.
        """
        wanted = command or self.meta.command
        if wanted is None or self.by is None:
            if self.by is not None or self.meta.command is not None:
                raise PermissionError(f"{self.meta.name} needs a person with a role, or none")
            return None
        by = self.by
        if by.role is Role.ASESOR and session_id is not None:
            by = replace(by, sessions=_appointed(self.db, by.person_id, session_id))
        self.owner = tuk_code or lsp_code or "-"
        self.permission = permit(
            by, wanted, act=how, lsp_code=lsp_code, tuk_code=tuk_code, session_id=session_id, person_id=person_id
        )
        return self.permission

    def event(
        self, entity: str, key: object, payload: Mapping[str, Any] | None = None, *, outcome: Outcome = "ok"
    ) -> Event:
        """Return an audit event of this act; `record` and `record_many` write it."""
        told: dict[str, Any] = dict(payload or {})
        if self.permission is not None and self.permission.reason:
            told["behalf_reason"] = self.permission.reason[:500]
        if self.desk.office.clock is not server_time:
            told["played_at"] = self.at.isoformat()
        return Event(self.meta.name, self.actor, entity, str(key), outcome, told, self.desk.place, self.desk.auth_event)

    def record(
        self, entity: str, key: object, payload: Mapping[str, Any] | None = None, *, outcome: Outcome = "ok"
    ) -> str:
        """Write one audit event of this act and return its name `WRITER/NUMBER`."""
        return self.record_many([self.event(entity, key, payload, outcome=outcome)])

    def record_many(self, events: Sequence[Event]) -> str:
        """Write audit events in their order and return the name of the last."""
        self.events += len(events)
        return self.desk.office.audit.write_many(self.db, events)


def _appointed(db: sa.Connection, person_id: str | None, session_id: int) -> frozenset[int]:
    """Return the session if this assessor is appointed to it now: the register decides, not what a screen remembers."""
    found = db.scalar(
        sa.text(
            "select session.session_id from posko.exam_session as session"
            " join posko.staff as staff on staff.met_no = session.met_no"
            " where session.session_id = :session and staff.person_id = :person and staff.state = 'ACTIVE'"
        ),
        {"session": session_id, "person": person_id},
    )
    return frozenset() if found is None else frozenset({int(found)})


def _record_refusal(db: sa.Connection, tx: Tx, refusal: Refused) -> str:
    """Write the refusal down in a transaction of its own, and a deviation where the attempt breaks a rule."""
    again = replace(tx, db=db, events=0)
    payload: dict[str, Any] = {"code": refusal.code, **tx.context}
    if refusal.rule is not None:
        payload["rule"] = refusal.rule
    name = again.record(*tx.subject, payload, outcome="refused")
    if refusal.rule is not None:
        deviation_register.note_refusal(again, refusal, payload, audit_event=name)
    return name
