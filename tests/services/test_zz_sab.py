import pytest
from posko.services import journeys, handed_rows, return_lines, results
from tests.services import test_replay_machine as m
pytestmark = pytest.mark.server
def sab1(mp):
    real = journeys.side_changed
    mp.setattr(journeys, "side_changed", lambda side, *, stands: real(side, stands=True))
def sab2(mp):
    real = journeys._write
    mp.setattr(journeys, "_write", lambda tx, ids, before, to, *, is_next: real(tx, ids, before, to, is_next=is_next or to == "TESTED"))
def sab3(mp):
    real = journeys.moved
    mp.setattr(journeys, "moved", lambda before, to, attempt: real(before, to, attempt) if to != "BALANCED" else {"x": 1})
def sab4(mp):  # lines of TUK parts carry wrong attempt
    from posko.services import distribution
    from posko.services.handoffs import Line
    import posko.services.handoffs as h
    real = h.send
    def send(tx, hop, **k):
        if hop == "LSP_TO_BNSP" and len(k["lines"]) > 1: k["lines"] = k["lines"][1:]
        return real(tx, hop, **k)
    from posko.services import result_table
    mp.setattr(result_table, "send", send)
@pytest.mark.parametrize("sab", [sab1, sab2, sab3, sab4])
def test_caught(world, monkeypatch, sab):
    sab(monkeypatch)
    with pytest.raises(BaseException) as e:
        m.test_random_histories_are_told_by_the_log_and_close_in_the_ledger(world)
    print(sab.__name__, repr(e.value)[:300].replace("\n"," "))
