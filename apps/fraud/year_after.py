"""What follows a decision in the simulated year: certificates, prints, meetings, publication, hand-off, BNP2TKI (§13.11-14.5).

Statements with `:part`, in their order; they read the tables that `year_rows` loads. Numbers follow the time of the decision and, within
a session, the ID TKI, as `certification.issue` gives them; the hash of each row on the hop LSP -> BNSP is the one of `result_table`.
"""

from __future__ import annotations

from posko.domain.certificate_number import SCHEMES

_PREFIX, _CODE = SCHEMES["TLRT"]
_NEW = """posko_fraud.sitting t join posko_fraud.session s on s.session_id = t.session_id and s.part = :part
        join posko.decision d on d.journey_id = t.journey_id and d.session_id = t.session_id"""
_FIELDS = (
    "j.tki_id", "j.scheme_code", "j.journey_no", "d.session_id", "d.lsp_code", "d.sk_no", "d.result", "d.asesor_result", "d.decided_at",
    "c.certificate_no", "lower(hex(c.secure_code_digest))", "c.certified_on", "c.valid_until",
)  # fmt: skip
_TEXTS = ", ".join(f"coalesce(concat(char_length({one}), ':', {one}), '-')" for one in _FIELDS)
_ROW_HASH = f"unhex(sha2(concat_ws(char(31), {_TEXTS}), 256))"
"""`posko.domain.handoff.row_hash` of `result_table.hand_over_fields`, in SQL."""
_CERTIFIED = f"""
    insert into posko.certificate (journey_id, decision_id, tki_id, scheme_code, lsp_code, certificate_no, secure_code_digest,
        secure_code_cipher, certified_on, valid_until, status, status_at)
    select made.journey_id, made.decision_id, made.tki_id, 'TLRT', made.lsp_code,
        concat('{_PREFIX}.{_CODE}.', made.year, '.', lpad(made.place + coalesce(counter.next_serial - 1, 0), 7, '0')),
        left(unhex(sha2(concat('code', made.journey_id), 256)), 16), unhex(sha2(concat('cipher', made.journey_id), 256)),
        made.certified_on, made.certified_on + interval 3 year, 'VALID', made.decided_at
    from (select d.journey_id, d.decision_id, t.tki_id, d.lsp_code, d.decided_at, date(d.decided_at + interval 7 hour) as certified_on,
            year(d.decided_at + interval 7 hour) as year,
            row_number() over (partition by year(d.decided_at + interval 7 hour)
                order by d.decided_at, cast(t.tki_id as unsigned)) as place
        from {_NEW} where d.result = 'K') as made
    left join posko.certificate_counter counter on counter.prefix = '{_PREFIX}' and counter.year = made.year
    order by made.decided_at, made.place"""
_COUNTED = f"""
    replace into posko.certificate_counter (prefix, number_code, year, next_serial)
    select '{_PREFIX}', '{_CODE}', substr(certificate_no, 10, 4), max(cast(right(certificate_no, 7) as unsigned)) + 1
    from posko.certificate group by 3"""
_PRINTS = (
    """create table posko_fraud.print as
        select c.certificate_id, c.lsp_code, n.copy_no, d.decided_at + interval t.print_after microsecond + interval (n.copy_no - 1) * 9 day
                as printed_at,
            concat('BL', right(c.lsp_code, 1), lpad(row_number() over
                (partition by c.lsp_code order by d.decided_at, c.certificate_id, n.copy_no) + :part * 900000, 7, '0')) as blank_no
        from (select 1 as copy_no union all select 2) as n
        join posko_fraud.sitting t on n.copy_no <= 1 + t.is_reprinted and t.part = :part and t.result = 'K'
        join posko.certificate c on c.journey_id = t.journey_id join posko.decision d on d.decision_id = c.decision_id
            and d.session_id = t.session_id
        where d.decided_at + interval t.print_after microsecond + interval (n.copy_no - 1) * 9 day < utc_timestamp()""",
    """insert into posko.blank (blank_no, lsp_code, issued_at, issued_by, state)
        select blank_no, lsp_code, printed_at - interval 20 day, 'BNSP-003', 'USED' from posko_fraud.print order by 1""",
    """insert ignore into posko.blank (blank_no, lsp_code, issued_at, issued_by, state)
        select concat('BR', right(lsp.lsp_code, 1), lpad(n.seq, 7, '0')), lsp.lsp_code, utc_timestamp(6) - interval 30 day, 'BNSP-003',
            if(n.seq % 25 = 0, 'SPOILED', 'FREE')
        from posko.lsp lsp join (select @seq := @seq + 1 as seq from posko.scheme_unit a, posko.closed_day b, (select @seq := 0) z
            limit 200) n where :part = 0""",
    """insert into posko.print_event (certificate_id, copy_no, blank_no, reason, printed_at, printed_by, touched_at)
        select certificate_id, copy_no, blank_no, if(copy_no = 1, null, 'Lembar pertama rusak saat dicetak'), printed_at,
            concat('ADM-', lsp_code), if(:part = 0, printed_at, utc_timestamp(6)) from posko_fraud.print order by 1, 2""",
    "drop table posko_fraud.print",
)
_MEETINGS = (
    """insert ignore into posko.evaluation_meeting (meeting_id, held_on, place, state, minutes, minutes_sha256, opened_at, opened_by,
            closed_at, closed_by, evidence)
        select to_days(meeting_on), meeting_on, 'Kantor BNSP', 'CLOSED', 'Hasil dibahas dan disetujui.',
            unhex(sha2('Hasil dibahas dan disetujui.', 256)), min(met), 'BNSP-003', min(minuted), 'BNSP-003', '{}'
        from posko_fraud.session where part = :part and minuted is not null group by meeting_on""",
    """insert ignore into posko.meeting_participant (meeting_id, person_id, organisation, noted_at)
        select m.meeting_id, p.person_id, coalesce(p.lsp_code, 'BNSP'), m.opened_at from posko.evaluation_meeting m
        join posko.staff p on p.role = 'LSP' or p.person_id = 'BNSP-003'""",
    f"""insert into posko.meeting_item (meeting_id, journey_id, finding, noted_at, noted_by, is_settled)
        select to_days(s.meeting_on), t.journey_id, 'PUBLISH', s.met, 'BNSP-003', 1
        from {_NEW} where s.minuted is not null order by 1, 2""",
    f"""insert into posko.publication (journey_id, meeting_id, version, tki_id, masked_name, result, lsp_code, tuk_code, tested_on,
            certificate_no, certificate_status, published_at)
        select t.journey_id, to_days(s.meeting_on), 1, t.tki_id, concat(left(n.full_name, 1), '***'),
            if(d.result = 'K', 'KOMPETEN', 'BELUM'), s.lsp_code, s.tuk_code, s.exam_on, c.certificate_no, c.status, s.published
        from {_NEW} join posko.candidate n on n.journey_id = t.journey_id
        left join posko.certificate c on c.journey_id = t.journey_id where s.published is not null order by t.sitting_id""",
)


def _batches(hop: str, sender: str, receiver: str, at: str, group: str) -> str:
    return f"""
    insert into posko_fraud.batch (hop, group_key, sender, receiver, sent_at)
    select '{hop}', {group}, {sender}, {receiver}, min({at}) from posko_fraud.session s
    where s.part = :part and {at} is not null and s.present >= if('{hop}' = 'LSP_TO_BNSP', 1, 0) group by 2, 3, 4 order by 5"""


def _lines(hop: str, group: str, fields: str, join: str) -> str:
    return f"""
    insert into posko.handoff_line (batch_id, tki_id, hop, journey_id, attempt_no, row_hash, received_hash, status)
    select b.batch_id, t.tki_id, '{hop}', t.journey_id, t.attempt_no, {fields}, {fields}, 'LOADED'
    from posko_fraud.sitting t join posko_fraud.session s on s.session_id = t.session_id and s.part = :part
    join posko_fraud.batch b on b.hop = '{hop}' and b.group_key = {group} {join} order by 1, 2"""


_DAY = "date_format(s.exam_on, '%Y%m%d')"
_GROUPS = {
    "KONSORSIUM_TO_BNSP": ("'KONSORSIUM'", "'BNSP'", "s.allocated", _DAY),
    "BNSP_TO_LSP": ("'BNSP'", "concat('LSP:', s.lsp_code)", "s.distributed", f"concat({_DAY}, s.lsp_code)"),
    "BNSP_TO_TUK": ("'BNSP'", "concat('TUK:', s.tuk_code)", "s.distributed", f"concat({_DAY}, s.tuk_code)"),
    "LSP_TO_BNSP": ("concat('LSP:', s.lsp_code)", "'BNSP'", "s.decided", "cast(s.session_id as char)"),
    "BNSP_TO_RELAY": ("'BNSP'", "'RELAY'", "s.returned", "date_format(s.meeting_on, '%Y%m%d')"),
}
_DECIDED = """join posko.journey j on j.journey_id = t.journey_id
    join posko.decision d on d.journey_id = t.journey_id and d.session_id = t.session_id
    left join posko.certificate c on c.decision_id = d.decision_id"""
_HANDOFFS = (
    "drop table if exists posko_fraud.batch",
    """create table posko_fraud.batch (batch_id bigint auto_increment primary key, hop varchar(24), group_key varchar(60),
        sender varchar(60), receiver varchar(60), sent_at datetime(6), key (hop, group_key))""",
    "insert into posko_fraud.batch (batch_id, hop) select coalesce(max(batch_id), 0) + 1, '-' from posko.handoff_batch",
    *(_batches(hop, *parts) for hop, parts in _GROUPS.items()),
    """insert into posko.handoff_batch (batch_id, hop, sender, receiver, row_count, rows_sha256, sent_at, received_at, loaded_at,
            rejected_count)
        select batch_id, hop, sender, receiver, 0, unhex(sha2(batch_id, 256)), sent_at,
            sent_at + interval if(hop like 'BNSP_TO%', 18, 0) hour, sent_at + interval if(hop like 'BNSP_TO%', 18, 0) hour, 0
        from posko_fraud.batch where hop <> '-'""",
    *(
        _lines(hop, _GROUPS[hop][3], _ROW_HASH if hop == "LSP_TO_BNSP" else f"unhex(sha2(concat('{hop}', t.sitting_id), 256))",
            _DECIDED if hop in {"LSP_TO_BNSP", "BNSP_TO_RELAY"} else "")
        for hop in _GROUPS
    ),
    """create table posko_fraud.batch_sum (primary key (batch_id)) as
        select batch_id, count(*) as row_count, unhex(sha2(group_concat(row_hash order by row_hash separator ''), 256)) as rows_sha256
        from posko.handoff_line where batch_id >= (select min(batch_id) from posko_fraud.batch) group by batch_id""",
    """update posko.handoff_batch b join posko_fraud.batch_sum f on f.batch_id = b.batch_id set b.row_count = f.row_count,
        b.received_count = f.row_count, b.rows_sha256 = f.rows_sha256, b.received_sha256 = f.rows_sha256""",
    "drop table posko_fraud.batch_sum",
    """insert into posko.allocation_return (batch_id, is_whole, waiting_count, allocated_count, rest_count)
        select b.batch_id, 1, b.row_count, b.row_count, 0 from posko.handoff_batch b join posko_fraud.batch f on f.batch_id = b.batch_id
        where b.hop = 'KONSORSIUM_TO_BNSP'""",
    """insert into posko.balance_check (balance_check_id, batch_id, checked_at, checked_by, is_complete, sent_count, parts_count,
            max_to_mean, findings, released_at, released_by)
        select b.batch_id, b.batch_id, b.sent_at + interval 1 day, 'BNSP-003', 1, b.row_count, b.row_count, 1.2, '[]',
            b.sent_at + interval 1 day, 'BNSP-003'
        from posko.handoff_batch b join posko_fraud.batch f on f.batch_id = b.batch_id where b.hop = 'KONSORSIUM_TO_BNSP'""",
    """insert ignore into posko.distribution (batch_id, balance_check_id, receiver_kind, receiver_code, acknowledged_at, acknowledged_by)
        select f.batch_id, k.batch_id, substr(f.receiver, 1, 3), substr(f.receiver, 5), f.sent_at + interval 18 hour,
            concat('ADM-', substr(f.receiver, 5))
        from posko_fraud.batch f join posko_fraud.batch k on k.hop = 'KONSORSIUM_TO_BNSP' and k.group_key = left(f.group_key, 8)
        where f.hop in ('BNSP_TO_LSP', 'BNSP_TO_TUK')""",
)  # fmt: skip
_RETURNS = (
    """insert into posko.return_batch (return_batch_id, relay_batch_id, row_count, made_at, acknowledged_at)
        select b.batch_id, b.batch_id, b.row_count, b.sent_at, if(b.sent_at < utc_timestamp() - interval 4 day, b.sent_at + interval 4 day,
            null)
        from posko.handoff_batch b join posko_fraud.batch f on f.batch_id = b.batch_id where b.hop = 'BNSP_TO_RELAY'""",
    """update posko.return_line line join posko_fraud.sitting t on t.part = :part and t.tki_id = line.tki_id and t.journey_no = 2
        join posko_fraud.session s on s.session_id = t.session_id and s.returned is not null set line.is_last = 0""",
    f"""insert into posko.return_line (return_batch_id, journey_id, version, tki_id, scheme_code, result, lsp_code, certificate_no,
            certified_on, certificate_status, is_last, acknowledged_at, read_back_no)
        select b.batch_id, t.journey_id, 1, t.tki_id, 'TLRT', if(d.result = 'K', 'KOMPETEN', 'BELUM'), s.lsp_code, c.certificate_no,
            c.certified_on, c.status, row_number() over (partition by t.tki_id order by t.journey_no desc) = 1, s.confirmed,
            if(s.confirmed is null, null, c.certificate_no)
        from {_NEW} left join posko.certificate c on c.journey_id = t.journey_id
        join posko_fraud.batch b on b.hop = 'BNSP_TO_RELAY' and b.group_key = date_format(s.meeting_on, '%Y%m%d')
        where s.returned is not null""",
    """update posko_staging.tki_tlrt tki join posko.return_line line on line.tki_id = tki.id_tki and line.is_last = 1
            and line.acknowledged_at is not null and line.certificate_no is not null
        set tki.kode_lsp = line.lsp_code, tki.no_sertifikasi_kompetensi = line.certificate_no,
            tki.tanggal_sertifikasi_kompetensi = date_format(line.certified_on, '%c/%e/%Y'),
            tki.tanggal_sertifikasi_kompetensi_date = line.certified_on where :part = 0""",
)
_LOGINS = tuple(
    f"""insert into posko.login_attempt (attempted_at, id_as_typed, station_code, outcome)
        select s.{when} - interval 2 minute, {who}, {station}, 'OK' from posko_fraud.session s
        where s.part = :part and s.{when} is not null
        union all select s.{when} - interval 150 second, {typed}, {station}, '{outcome}' from posko_fraud.session s
        where s.part = :part and s.{when} is not null and s.session_id % {rate} = 0"""
    for when, who, station, typed, outcome, rate in (
        (
            "opened",
            "concat('ADM-', s.tuk_code)",
            "concat('ST-', s.tuk_code)",
            "concat('ADM', s.tuk_code)",
            "UNKNOWN_ID",
            37,
        ),
        ("scored", "s.asesor", "concat('ST-', s.tuk_code)", "s.asesor", "NO_MATCH", 29),
        ("decided", "concat('ADM-', s.lsp_code)", "'ST-KANTOR'", "lower(concat('ADM-', s.lsp_code))", "UNKNOWN_ID", 53),
    )
)
_TRIES = (
    """insert ignore into posko.verification_try (subject_kind, subject, window_began_at, slot, tried_at)
        select k.kind, if(k.kind = 'NUMBER', concat('PRT.1025.2026.', lpad(s.session_id, 7, '0')), sha2(concat('asal', s.session_id), 256)),
            date_format(s.published, '%Y-%m-%d %H:00:00') + interval s.session_id % 200 hour, 1,
            date_format(s.published, '%Y-%m-%d %H:00:00') + interval s.session_id % 200 hour + interval 90 second
        from posko_fraud.session s join (select 'NUMBER' as kind union select 'SOURCE') k
        where s.part = :part and s.published is not null and s.session_id % 23 = 0""",
)
AFTER = (_CERTIFIED, _COUNTED, *_PRINTS, *_MEETINGS, *_HANDOFFS, *_RETURNS, *_LOGINS, *_TRIES)
