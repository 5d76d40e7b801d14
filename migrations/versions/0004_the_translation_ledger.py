"""The translation ledger: which sentence of a language was reviewed by whom, and tried with how many children."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = "translation_review"
ENOUGH = (
    "state <> 'tried' OR (children IS NOT NULL AND children >= 5 AND place <> '' AND tried_on IS NOT NULL)"
)  # fmt: skip


def upgrade() -> None:
    """Open the ledger."""
    op.create_table(
        NAME,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("book", sa.String(length=14), nullable=False),
        sa.Column("context", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("target_text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reviewer", sa.String(length=120), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'reviewed', 'tried')", name=op.f("ck_translation_review_state_known")),
        sa.CheckConstraint("language <> '' AND book <> ''", name=op.f("ck_translation_review_in_a_language")),
        sa.CheckConstraint(
            "length(source) = 32 AND length(target) = 32", name=op.f("ck_translation_review_of_these_very_words")
        ),
        sa.CheckConstraint("reviewer <> ''", name=op.f("ck_translation_review_somebody_looked")),
        sa.CheckConstraint(ENOUGH, name=op.f("ck_translation_review_tried_with_enough_children_somewhere")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_translation_review_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_review")),
    )
    op.create_index("ix_translation_review_of", NAME, ["language", "book", "at"], unique=False)
    _protect()


def _protect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f'CREATE TRIGGER {NAME}_is_append_only BEFORE UPDATE ON "{NAME}" '
            f"BEGIN SELECT RAISE(ABORT, '{NAME} is append-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {NAME}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{NAME} is append-only' USING ERRCODE = '23000'; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {NAME}_is_append_only BEFORE UPDATE ON "{NAME}" '
        f"FOR EACH ROW EXECUTE FUNCTION {NAME}_is_append_only()"
    )


def downgrade() -> None:
    """Close it; the translations stay, and are drafts again."""
    op.drop_table(NAME)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {NAME}_is_append_only()")
