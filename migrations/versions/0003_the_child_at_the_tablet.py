"""The child at the tablet: who holds it, who can see it, the language of each answer; staff take it back with a PIN."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Plain ADD COLUMN with its own CHECK, the same words for SQLite and PostgreSQL: building a table anew, as Alembic's
# batches do, would lose the triggers that keep what a child said from ever being changed.
COLUMNS = {
    "submission": {
        "held_by": (
            "VARCHAR(6) DEFAULT 'unsaid' NOT NULL"
            " CONSTRAINT ck_submission_held_by_known CHECK (held_by IN ('child', 'other', 'unsaid'))"
        ),
        "watched": (
            "VARCHAR(6) DEFAULT 'unsaid' NOT NULL"
            " CONSTRAINT ck_submission_watched_known CHECK (watched IN ('yes', 'no', 'unsaid'))"
        ),
    },
    "answer": {"language": "VARCHAR(35)"},
    "staff_member": {"pin_hash": "VARCHAR(200)"},
    "sign_in": {"handed_over": "BOOLEAN DEFAULT false NOT NULL", "wrong_pins": "INTEGER DEFAULT 0 NOT NULL"},
}


def upgrade() -> None:
    """Add the columns; what was said before keeps "unsaid" and the language of its visit."""
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def downgrade() -> None:
    """Take them away; everything else stays as it is."""
    for table, columns in COLUMNS.items():
        for name in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
