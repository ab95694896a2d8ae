"""A TUK on its exam day whose line may be cut: its station, list, queue and door, and what the server holds of it."""

from __future__ import annotations

import datetime as dt

import pytest

from biometrics.nbis_matcher import NbisMatcher
from biometrics.station import day_list, uploading, wire
from biometrics.station.keys import KnownServer
from biometrics.station.link import TurnedAway
from biometrics.station.offline import Door
from biometrics.station.queue import Queue

MATCHER = NbisMatcher()


class Tuk:
    """One TUK on its exam day with a station, a list and a door; `whose` is whose finger lies on the reader."""

    def __init__(self, world, stations, station="ST-1"):
        self.world, self.stations, self.whose = world, stations, "STAFF:TU1"
        self.line = stations.line(station)
        self.folder, self.keys = stations.folder / station, self.line.keys
        self.server = KnownServer.pin(self.folder, self.line.ask(wire.SERVER))
        self.listed = day_list.keep(self.folder, self.line.ask(wire.DAY_LIST), self.keys, self.server)
        self.queue = Queue.open(self.folder, self.keys)
        serial = f"READER-{station.removeprefix('ST-')}"
        self.reader = stations.reader(lambda: self.whose, serial)
        self.door = self.door_at(self.queue)

    def door_at(self, queue):
        return Door(self.listed, queue, self.server, MATCHER, lambda: self.reader, lambda: self.world.now)

    def sign_in(self, whose="STAFF:TU1", person_id="TU1"):
        self.whose = whose
        return self.door.sign_in(person_id)

    def attend(self, tki_id, whose=None):
        self.world.now += dt.timedelta(seconds=20)
        self.whose = whose or f"TKI:{tki_id}"
        return self.door.attend(tki_id)

    def upload(self, queue=None):
        return uploading.send(queue or self.queue, self.line, lambda _line: None)


def rows(world):
    return world.ask(
        "select id_as_typed, outcome, late_seconds is not null from posko.attendance order by attendance_id"
    )


def rules(world):
    return [rule for (rule,) in world.ask("select rule_id from posko.deviation order by deviation_id")]


def refused_code(ask):
    with pytest.raises(TurnedAway) as found:
        ask()
    return found.value.code
