"""The voices: sentences read aloud, for children who do not read easily."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the clips."""
    op.create_table(
        "clip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("said", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("mp3", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('recorded', 'draft')", name=op.f("ck_clip_kind_known")),
        sa.CheckConstraint(
            "length(said) = 12 AND length(trim(said, '0123456789abcdef')) = 0",
            name=op.f("ck_clip_said_is_the_mark_of_a_text"),
        ),
        sa.CheckConstraint("language <> ''", name=op.f("ck_clip_in_a_language")),
        sa.CheckConstraint("length(mp3) > 0", name=op.f("ck_clip_can_be_heard")),
        sa.CheckConstraint("seconds > 0 AND seconds <= 60", name=op.f("ck_clip_no_longer_than_a_minute")),
        sa.CheckConstraint("made_by <> ''", name=op.f("ck_clip_somebody_made_it")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip")),
    )
    op.create_index("ix_clip_heard", "clip", ["language", "said", "kind", "made_at"], unique=False)


def downgrade() -> None:
    """Take it down again; recordings are lost with it."""
    op.drop_table("clip")
