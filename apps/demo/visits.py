"""BNSP's unannounced visits in the play: the sample of a week, what was seen, and the seed, published afterwards (§4.2; R-017, R-190)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apps.demo.cast import THIRD
from apps.demo.frauds import HASTY
from posko.services import surveillance

if TYPE_CHECKING:
    import datetime as dt

    from apps.demo.play import Play

_DRAWN = "select 1 from posko.surveillance_draw where week_on = :week"
_DUE = (
    "select frame.session_id from posko.surveillance_frame as frame join posko.exam_session as session"
    " on session.session_id = frame.session_id left join posko.surveillance_visit as visit on visit.session_id = frame.session_id"
    " where frame.is_picked = 1 and session.exam_on = :day and visit.visit_id is null order by frame.session_id"
)
_WAITING = (
    "select count(*) as n from posko.surveillance_draw as drawn join posko.surveillance_frame as frame on frame.draw_id = drawn.draw_id"
    " left join posko.surveillance_visit as visit on visit.session_id = frame.session_id"
    " where drawn.week_on = :week and frame.is_picked = 1 and visit.visit_id is null"
)


@dataclass
class Visits:
    """The visits of one play; `weeks` are those whose sample it drew: Monday -> sessions of the frame."""

    play: Play
    weeks: dict[dt.date, int] = field(default_factory=dict)

    def draw(self, day: dt.date) -> None:
        """Draw the sample of a week in the morning of its first played day; nobody chooses whom it picks."""
        week = surveillance.monday_of(day)
        if not self.play.ask(_DRAWN, week=week):
            self.play.cast.clock.go_to(day, 6)
            self.weeks[week] = self.play.cast.desk(THIRD).do(surveillance.draw, week=week)["sessions"]

    def visit(self, day: dt.date) -> None:
        """Note in the evening what was seen at the sessions that were picked."""
        self.play.cast.clock.go_to(day, 18)
        hasty = set(self.play.frauds.planted.get(HASTY, ()))
        for row in self.play.ask(_DUE, day=day):
            number = int(row["session_id"])
            seen = {"outcome": "CONFORMS", "note": "Jam, daftar hadir, dan asesor sesuai"}
            if str(number) in hasty:
                seen = {"outcome": "DEVIATES", "note": "Peserta sudah pulang ketika kami datang", "rule_id": HASTY}
            self.play.cast.desk(THIRD).do(surveillance.record_visit, session_id=number, **seen)

    def reveal(self) -> list[str]:
        """Publish the seed of each week whose visits are all noted; return a line for each."""
        lines = []
        for week, sessions in self.weeks.items():
            if self.play.ask(_WAITING, week=week)[0]["n"]:
                continue
            done = self.play.cast.desk(THIRD).do(surveillance.reveal, week=week)
            same = "sama" if done["is_same"] else "TIDAK sama"
            lines.append(
                f"Surveilans minggu {week:%d-%m-%Y}: {len(done['picked'])} dari {sessions} sesi dikunjungi mendadak; seed"
                f" {done['seed'][:12]}… dibuka, sampel yang ditarik ulang {same}."
            )
        return lines
