"""The house: places, people, cases, answers, decisions, replies, concerns, record"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Rows that are facts: nobody may change them, whatever the code tries. (They can be erased: a child's right.)
APPEND_ONLY = ("questionnaire", "submission", "answer", "view", "release", "decision", "record")


def upgrade() -> None:
    """Build the house."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("permission_required", sa.Boolean(), nullable=False),
        sa.Column("answer_within_days", sa.Integer(), nullable=False),
        sa.Column("card_valid_days", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.CheckConstraint("answer_within_days BETWEEN 1 AND 90", name=op.f("ck_organisation_answer_within_reach")),
        sa.CheckConstraint("card_valid_days BETWEEN 1 AND 90", name=op.f("ck_organisation_card_expires")),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=True),
        sa.Column("asked_of", sa.String(length=12), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_questionnaire_version_counts_from_one")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("name", "version", name="uq_questionnaire_never_changes"),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("helpline_name", sa.String(length=120), nullable=False),
        sa.Column("helpline_number", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("from_outside", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('coordinator', 'psychologist', 'safeguarding_lead', 'researcher', 'admin')",
            name=op.f("ck_staff_member_role_known"),
        ),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= joined_on", name=op.f("ck_staff_member_leaves_after_joining")
        ),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_staff_member_login_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_member_login")),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("born_month", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("sex IN ('F', 'M', 'X')", name=op.f("ck_child_sex_known")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_child_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_child_site_id"), "child", ["site_id"], unique=False)

    op.create_table(
        "record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_record_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.create_index(op.f("ix_record_staff_id"), "record", ["staff_id"], unique=False)

    op.create_table(
        "refusal_count",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=2), nullable=False),
        sa.Column("wave", sa.String(length=6), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'R', 'G')", name=op.f("ck_refusal_count_stage_known")
        ),
        sa.CheckConstraint("wave IN ('before', 'after', 'reply')", name=op.f("ck_refusal_count_wave_known")),
        sa.CheckConstraint("n >= 0", name=op.f("ck_refusal_count_counts")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_refusal_count_site_id")),
        sa.PrimaryKeyConstraint("site_id", "stage", "wave", "month", name=op.f("pk_refusal_count")),
    )
    op.create_table(
        "safe_adult",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("from_outside", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_safe_adult_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_adult")),
        sa.UniqueConstraint("site_id", "name", name="uq_safe_adult_named_once"),
    )
    op.create_index(op.f("ix_safe_adult_site_id"), "safe_adult", ["site_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_sign_in_staff_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_staff_id"), "sign_in", ["staff_id"], unique=False)

    op.create_table(
        "staff_site",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_staff_site_site_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_site_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "site_id", name=op.f("pk_staff_site")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_assignment_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_assignment_child_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_assignment_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_child_id"), "assignment", ["child_id"], unique=False)
    op.create_index(op.f("ix_assignment_staff_id"), "assignment", ["staff_id"], unique=False)

    op.create_table(
        "child_identity",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_child_identity_child_id")),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_child_identity")),
        sa.UniqueConstraint("case_number", name=op.f("uq_child_identity_case_number")),
    )
    op.create_table(
        "permission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("given_by IN ('guardian', 'authority', 'court')", name=op.f("ck_permission_given_by_known")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_permission_child_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff_member.id"], name=op.f("fk_permission_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permission")),
    )
    op.create_index(op.f("ix_permission_child_id"), "permission", ["child_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("coordinator_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=2), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'R', 'G')", name=op.f("ck_round_stage_known")
        ),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_round_closes_after_opening")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_round_counted_from_one")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_round_child_id")),
        sa.ForeignKeyConstraint(["coordinator_id"], ["staff_member.id"], name=op.f("fk_round_coordinator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("child_id", "stage", "n", name="uq_round_once_per_pass"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_round_child_id"), "round", ["child_id"], unique=False)

    op.create_table(
        "card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.String(length=6), nullable=False),
        sa.Column("selector", sa.String(length=3), nullable=False),
        sa.Column("code_hash", sa.String(length=120), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.CheckConstraint("wave IN ('before', 'after', 'reply')", name=op.f("ck_card_wave_known")),
        sa.CheckConstraint("expires_on >= printed_on", name=op.f("ck_card_expires_after_printing")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_card_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_card_round_id"), "card", ["round_id"], unique=False)
    op.create_index("ix_card_selector", "card", ["selector"], unique=False)

    op.create_table(
        "concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=5), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("outcome_note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("level IN ('red', 'amber', 'read')", name=op.f("ck_concern_level_known")),
        sa.CheckConstraint(
            "outcome IN ('spoken_to', 'referred', 'no_risk', 'duplicate')", name=op.f("ck_concern_outcome_known")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_concern_closed_only_by_a_person")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_concern_closed_only_with_an_outcome")
        ),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name=op.f("ck_concern_seen_by_a_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff_member.id"], name=op.f("fk_concern_closed_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_concern_round_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["staff_member.id"], name=op.f("fk_concern_seen_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_concern_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("submission_id", "rule", name="uq_concern_raised_once"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_concern_site_id"), "concern", ["site_id"], unique=False)
    op.create_index(op.f("ix_concern_submission_id"), "concern", ["submission_id"], unique=False)

    op.create_table(
        "set_aside",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("looked_at_on", sa.Date(), nullable=True),
        sa.Column("looked_at_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "reason IN ('age', 'card', 'card_used_twice', 'changed', 'content', 'questionnaire')",
            name=op.f("ck_set_aside_reason_known"),
        ),
        sa.CheckConstraint(
            "(looked_at_on IS NULL) = (looked_at_by IS NULL)", name=op.f("ck_set_aside_somebody_looked")
        ),
        sa.ForeignKeyConstraint(["looked_at_by"], ["staff_member.id"], name=op.f("fk_set_aside_looked_at_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_set_aside_round_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_set_aside_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("content_hash", "reason", name="uq_set_aside_kept_once"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_set_aside_site_id"), "set_aside", ["site_id"], unique=False)

    op.create_table(
        "staff_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["questionnaire.digest"], name=op.f("fk_staff_form_digest")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_staff_form_round_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_form_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_form")),
    )
    op.create_index(op.f("ix_staff_form_round_id"), "staff_form", ["round_id"], unique=False)
    op.create_index(op.f("ix_staff_form_staff_id"), "staff_form", ["staff_id"], unique=False)

    op.create_table(
        "view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("belief", sa.String(length=20), nullable=False),
        sa.Column("first_view", sa.String(length=20), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_view_round_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_view_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
        sa.UniqueConstraint("round_id", "topic", name="uq_view_locked_once"),
    )
    op.create_index(op.f("ix_view_round_id"), "view", ["round_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("option", sa.String(length=20), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=400), nullable=False),
        sa.Column("weighing", sa.Text(), nullable=False),
        sa.Column("child_present", sa.String(length=6), nullable=False),
        sa.Column("took_part", sa.String(length=400), nullable=False),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("amendment_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("NOT differs OR reasons <> ''", name=op.f("ck_decision_reason_when_it_differs")),
        sa.CheckConstraint("child_present IN ('yes', 'partly', 'no')", name=op.f("ck_decision_child_present_known")),
        sa.CheckConstraint(
            "(amends_id IS NULL) = (amendment_reason IS NULL)", name=op.f("ck_decision_amendment_says_why")
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["decision.id"], name=op.f("fk_decision_amends_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_decision_round_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_decision_staff_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_decision_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("amends_id", name=op.f("uq_decision_amends_id")),
    )
    op.create_index(op.f("ix_decision_round_id"), "decision", ["round_id"], unique=False)
    op.create_index(
        "uq_decision_one_original",
        "decision",
        ["round_id", "topic"],
        unique=True,
        sqlite_where=sa.text("amends_id IS NULL"),
        postgresql_where=sa.text("amends_id IS NULL"),
    )

    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locked_at <= released_at", name=op.f("ck_release_wish_shown_only_after_own_view")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_release_staff_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_release_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_view_id"), "release", ["view_id"], unique=False)

    op.create_table(
        "staff_answer",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=30), nullable=False),
        sa.Column("codes", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("missing", sa.String(length=3), nullable=True),
        sa.CheckConstraint("missing IN ('DK', 'SK', 'NA')", name=op.f("ck_staff_answer_missing_known")),
        sa.ForeignKeyConstraint(["form_id"], ["staff_form.id"], name=op.f("fk_staff_answer_form_id")),
        sa.PrimaryKeyConstraint("form_id", "question", name=op.f("pk_staff_answer")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("wave", sa.String(length=6), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("age_group", sa.String(length=5), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("ended", sa.String(length=8), nullable=False),
        sa.Column("helper", sa.String(length=8), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("retrospective", sa.Boolean(), nullable=False),
        sa.CheckConstraint("age_group IN ('10-12', '13-15', '16-17')", name=op.f("ck_submission_age_group_known")),
        sa.CheckConstraint("ended IN ('finished', 'stopped', 'talk')", name=op.f("ck_submission_ended_known")),
        sa.CheckConstraint(
            "helper IN ('alone', 'carer', 'staff', 'other', 'unsaid')", name=op.f("ck_submission_helper_known")
        ),
        sa.CheckConstraint("wave IN ('before', 'after', 'reply')", name=op.f("ck_submission_wave_known")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_submission_card_id")),
        sa.ForeignKeyConstraint(["digest"], ["questionnaire.digest"], name=op.f("fk_submission_digest")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_submission_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("card_id", name="uq_submission_one_visit_per_card"),
        sa.UniqueConstraint("round_id", "wave", "n", name="uq_submission_counted_within_the_round"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_submission_round_id"), "submission", ["round_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=8), nullable=True),
        sa.Column("seen_by", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("missing", sa.String(length=3), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "NOT shared OR (seen_by = 'team' AND topic IS NOT NULL)", name=op.f("ck_answer_only_wishes_are_shared")
        ),
        sa.CheckConstraint("missing IN ('DK', 'IDM', 'SK', 'NA', 'NR')", name=op.f("ck_answer_missing_known")),
        sa.CheckConstraint("seen_by IN ('team', 'aggregate', 'safeguarding')", name=op.f("ck_answer_seen_by_known")),
        sa.CheckConstraint(
            (
                "(code IS NOT NULL AND sealed_text IS NULL AND missing IS NULL)"
                " OR (code IS NULL AND sealed_text IS NOT NULL AND missing IS NULL)"
                " OR (code IS NULL AND sealed_text IS NULL AND missing IS NOT NULL)"
            ),
            name=op.f("ck_answer_an_answer_or_its_absence"),
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_answer_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", "question", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_topic", "answer", ["topic"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("wished", sa.String(length=300), nullable=False),
        sa.Column("decided", sa.String(length=300), nullable=False),
        sa.Column("because", sa.String(length=600), nullable=False),
        sa.Column("next_step", sa.String(length=600), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_how", sa.String(length=4), nullable=True),
        sa.CheckConstraint("told_how IN ('card', 'talk')", name=op.f("ck_reply_told_how_known")),
        sa.CheckConstraint("(told_on IS NULL) = (told_how IS NULL)", name=op.f("ck_reply_how_it_was_told")),
        sa.CheckConstraint("(written_by IS NULL) = (written_at IS NULL)", name=op.f("ck_reply_somebody_wrote_it")),
        sa.CheckConstraint(
            "told_on IS NULL OR written_at IS NOT NULL", name=op.f("ck_reply_written_before_it_is_told")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_reply_decision_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reply_round_id")),
        sa.ForeignKeyConstraint(["written_by"], ["staff_member.id"], name=op.f("fk_reply_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_reply_decision_id")),
    )
    op.create_index(op.f("ix_reply_round_id"), "reply", ["round_id"], unique=False)
    for table in APPEND_ONLY:
        _protect(table)


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f'CREATE TRIGGER {table}_is_append_only BEFORE UPDATE ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = '23000'; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_is_append_only BEFORE UPDATE ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
    )


def _unprotect(table: str) -> None:
    op.execute(
        f"DROP TRIGGER {table}_is_append_only" + ("" if op.get_bind().dialect.name == "sqlite" else f' ON "{table}"')
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {table}_is_append_only()")


def downgrade() -> None:
    """Take it down again."""
    for table in APPEND_ONLY:
        _unprotect(table)
    op.drop_table("reply")
    op.drop_table("answer")
    op.drop_table("submission")
    op.drop_table("staff_answer")
    op.drop_table("release")
    op.drop_table("decision")
    op.drop_table("view")
    op.drop_table("staff_form")
    op.drop_table("set_aside")
    op.drop_table("concern")
    op.drop_table("card")
    op.drop_table("round")
    op.drop_table("permission")
    op.drop_table("child_identity")
    op.drop_table("assignment")
    op.drop_table("staff_site")
    op.drop_table("sign_in")
    op.drop_table("safe_adult")
    op.drop_table("refusal_count")
    op.drop_table("record")
    op.drop_table("child")
    op.drop_table("staff_member")
    op.drop_table("site")
    op.drop_table("questionnaire")
    op.drop_table("organisation")
