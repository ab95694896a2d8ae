"""What the public verification may read: two views, and nothing below them (§5.4, §14.3; R-022, R-166, R-188).

The first has one row a certificate: what was handed over and its hash, so that an altered row is noticed there too (DV-C05), the state,
and of the holder a masked name: as published, or before that its first letter. No birth date, address, phone, NIK, and of the secure
code only the keyed digest, which is worth nothing without the key. The second has the limits that BNSP set for wrong tries.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

VIEWS = [
    """
    create view posko.public_certificate as
    select certificate.certificate_no, certificate.tki_id, certificate.scheme_code, journey.journey_no, decision.session_id,
        certificate.lsp_code, lsp.lsp_name, decision.sk_no, decision.result, decision.asesor_result, decision.decided_at,
        certificate.secure_code_digest, certificate.certified_on, certificate.valid_until, certificate.status,
        coalesce(
            (select shown.masked_name from posko.publication as shown where shown.journey_id = certificate.journey_id
                order by shown.version desc limit 1),
            concat(upper(left(trim(candidate.full_name), 1)), '***')
        ) as masked_name,
        (select group_concat(hex(line.row_hash)) from posko.handoff_line as line
            where line.journey_id = certificate.journey_id and line.hop = 'LSP_TO_BNSP') as handed_over
    from posko.certificate
    join posko.decision on decision.decision_id = certificate.decision_id
    join posko.journey on journey.journey_id = certificate.journey_id
    join posko.candidate on candidate.journey_id = certificate.journey_id
    join posko.lsp on lsp.lsp_code = certificate.lsp_code
    """,
    """
    create view posko.public_limit as
    select parameter_name, valid_from, value from posko.parameter where left(parameter_name, 13) = 'verification_'
    """,
]


def upgrade() -> None:
    """Create the views."""
    for statement in VIEWS:
        op.execute(statement)
