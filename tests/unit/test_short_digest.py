"""The short form of a digest is never what the log would refuse as a NIK."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posko.domain import audit
from posko.domain.short_digest import short_digest

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex).filter(lambda digest: not digest.isdecimal())


@given(DIGESTS)
def test_it_is_the_beginning_of_the_digest_unless_that_is_digits_alone(digest):
    begin = digest[:16]
    assert (short_digest(digest) == begin) is not begin.isdecimal()


@given(st.from_regex(r"[0-9]{16,40}[a-f][0-9a-f]{22,46}", fullmatch=True))
def test_sixteen_digits_in_a_row_never_name_a_key_a_file_or_a_sending(digest):
    made = short_digest(digest)
    assert len(made) == 16
    assert made in digest
    check_in_the_log(made)


def test_a_digest_of_digits_alone_which_somebody_typed_is_taken_too():
    check_in_the_log(short_digest("0" * 64))


def check_in_the_log(name):
    payload = {"file": f"POSKO-00000001-{name}"}
    audit.check(audit.Event("package.note_refused", audit.Actor("system", "test"), "package", name, payload=payload))
