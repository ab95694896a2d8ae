"""What leaves as a file is in the log, with its digest and without what was searched for (R-021)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import NotPermitted
from posko.domain.refusals import refuse
from posko.domain.roles import Principal, Role
from posko.services import list_export
from posko.services.paging import MOST_ROWS
from tests.support.preparation import WRONG, refused

TOLD = {"list_name": "sertifikat", "kind": "csv", "filters": {}, "rows": 3, "sha256": "a" * 64}


def test_who_took_what_how_filtered_is_written_down(world):
    filters = {"cari": None, "keadaan": "REVOKED"}

    name = world.desk("LS1").do(list_export.note, **{**TOLD, "filters": filters})

    ((actor, action, entity, key, payload),) = world.ask(
        "select actor_id, action, entity, entity_key, payload from posko_audit.audit_event where action = 'list.export'"
    )
    assert (actor, action, entity, key) == ("LS1", "list.export", "export", "sertifikat")
    told = json.loads(payload)
    assert {part: told[part] for part in ("kind", "filters", "rows", "sha256")} == {
        "kind": "csv",
        "filters": {"cari": True, "keadaan": "REVOKED"},
        "rows": 3,
        "sha256": "a" * 64,
    }
    assert "/" in name


def test_a_list_that_is_too_long_for_a_file_is_refused_with_a_sentence(world):
    list_export.check_size(MOST_ROWS)

    refusal = refused(world.desk("LS1"), list_export.note, **{**TOLD, "rows": MOST_ROWS + 1})

    assert str(refusal) == str(refuse("EXPORT_TOO_LONG", most="100.000"))


def test_nobody_exports_without_a_role_of_the_office(world):
    public = world.office.desk(Principal(Role.PUBLIC))

    with pytest.raises(NotPermitted):
        public.do(list_export.note, **TOLD)


def test_wrong_values_are_refused_in_words_and_nothing_is_written_as_done(world):
    desk = world.desk("LS1")
    for value in WRONG:
        for part in ("list_name", "kind", "rows", "sha256"):
            refused(desk, list_export.note, **{**TOLD, part: value})
        if value != {}:
            refused(desk, list_export.note, **{**TOLD, "filters": value})
        if value is not None:
            refused(desk, list_export.note, **{**TOLD, "filters": {"keadaan": value}})
    refused(desk, list_export.note, **{**TOLD, "sha256": "g" * 64})

    assert world.value("select count(*) from posko_audit.audit_event where outcome = 'ok'") == 0
