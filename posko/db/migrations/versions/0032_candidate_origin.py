"""Who trained and who sent a candidate, without a look at her own row: what the statistics ask (§4.2; DV-T03, DV-T04)."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the candidates by BLKLN and PPTKIS."""
    op.execute("alter table posko.candidate add key candidate_origin (blkln_code, pptkis_name)")
