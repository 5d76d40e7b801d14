"""The exported tables as data: which columns there are and what may stand in them (docs/tables.md)."""

from __future__ import annotations

from typing import NamedTuple

STAGES = ("S1", "S2", "S3", "S4", "S5", "S6", "R", "G")
AGE_GROUPS = ("10-12", "13-15", "16-17")
MISSING = ("DK", "IDM", "SK", "NA", "NR")
WAVES = ("before", "after", "reply")
FORMATS = {"X3": ("0", "1", "2"), "X3/X4": ("0", "1", "2", "3")}


class Column(NamedTuple):
    """One column: what it holds, the closed list it comes from, and the table it refers to."""

    name: str
    kind: str = "code"  # code | key | integer | month | flag | text | codes
    values: tuple[str, ...] = ()
    refers: str = ""
    empty: bool = False


class Table(NamedTuple):
    """One table: its columns and the columns that together name a row."""

    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()


def _key(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "key") for name in names)


def _free(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text", empty=True) for name in names)


SITE = Column("site", refers="sites")
CHILD = Column("child", "key", refers="children")
ROUND = Column("round", "key", refers="rounds")
TOPIC = Column("topic", refers="topics")
STAGE = Column("stage", values=STAGES)
AGE = Column("age_group", values=AGE_GROUPS)
MONTH = Column("month", "month")
ABSENT = Column("missing", values=MISSING, empty=True)
CODE = Column("code", "text", empty=True)
LANGUAGE = Column("language")


def _flags(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "flag") for name in names)


TABLES: dict[str, Table] = {
    "sites": Table((Column("site"), Column("country")), ("site",)),
    "children": Table(
        (Column("child", "key"), SITE, Column("sex", values=("F", "M", "X"), empty=True), LANGUAGE), ("child",)
    ),
    "rounds": Table(
        (
            Column("round", "key"),
            CHILD,
            SITE,
            Column("coordinator", "key"),
            STAGE,
            Column("n", "integer"),
            Column("opened", "month"),
            AGE._replace(empty=True),
            *_flags("invited_before", "invited_after", "closed"),
        ),
        ("round",),
    ),
    "visits": Table(
        (
            Column("visit", "key"),
            ROUND,
            CHILD,
            SITE,
            STAGE,
            Column("wave", values=WAVES),
            LANGUAGE,
            AGE,
            Column("n", "integer"),
            MONTH,
            Column("ended", values=("finished", "stopped", "talk")),
            Column("helper", values=("alone", "carer", "staff", "other", "unsaid")),
            Column("held_by", values=("child", "other", "unsaid")),
            Column("watched", values=("yes", "no", "unsaid")),
            Column("retrospective", "flag"),
            *_free("questionnaire", "version", "digest"),
        ),
        ("visit",),
    ),
    "answers": Table(
        (
            Column("visit", "key", refers="visits"),
            ROUND,
            CHILD,
            SITE,
            STAGE,
            Column("wave", values=WAVES),
            AGE,
            LANGUAGE,
            Column("question", refers="questions"),
            Column("construct"),
            TOPIC._replace(empty=True),
            Column("pair", empty=True),
            CODE,
            ABSENT,
            Column("shared", "flag"),
        ),
        ("visit", "question"),
    ),
    "views": Table(
        (ROUND, CHILD, TOPIC, Column("staff", "key"), Column("belief"), Column("first_view"), *_flags("released")),
        ("round", "topic", "staff"),
    ),
    "decisions": Table(
        (
            ROUND,
            CHILD,
            TOPIC,
            Column("staff", "key"),
            Column("decision"),
            MONTH,
            Column("reasons", "codes", refers="reasons", empty=True),
            Column("child_present", values=("yes", "partly", "no"), empty=True),
            Column("took_part", "codes", empty=True),
            Column("amended", "flag"),
            Column("days_from_wish", "integer", empty=True),
            Column("told", "flag"),
            Column("days_to_told", "integer", empty=True),
        ),
        ("round", "topic"),
    ),
    "staff_answers": Table(
        (
            ROUND,
            CHILD,
            STAGE,
            Column("staff", "key"),
            Column("question", refers="questions"),
            Column("construct"),
            Column("pair", empty=True),
            CODE,
            ABSENT,
        ),
        ("round", "staff", "question"),
    ),
    "interviews": Table(
        (
            Column("interview", "key"),
            Column("staff", "key"),
            Column("role"),
            SITE._replace(empty=True),
            Column("question"),
            CODE,
            ABSENT,
        ),
        ("interview", "question"),
    ),
    "refusals": Table((Column("wave", values=WAVES), Column("n", "integer")), ("wave",)),
    "topics": Table(
        (
            Column("topic"),
            Column("name", "text"),
            STAGE,
            Column("scale", values=("nominal", "ordinal")),
            Column("option"),
            Column("position", "integer"),
            *_free("child_label", "staff_label"),
        ),
        ("topic", "option"),
    ),
    "questions": Table(
        (
            Column("question"),
            STAGE._replace(values=(), empty=True),
            Column("asked_of", values=("child", "staff")),
            Column("construct"),
            TOPIC._replace(empty=True),
            Column("pair", empty=True),
            *_free("scale", "wave", "seen_by", "text_10_12", "text_13_15", "text_16_17", "text_staff"),
        ),
        ("question",),
    ),
    "reasons": Table(
        (Column("reason"), Column("label", "text"), Column("kind", values=("best_interest", "system", "other"))),
        ("reason",),
    ),
    "labels": Table(
        (
            Column("names", values=("stage", "topic", "option", "reason")),
            Column("topic", empty=True),
            Column("code"),
            Column("language"),
            Column("label", "text"),
        ),
        ("names", "topic", "code", "language"),
    ),
    "languages": Table(
        (
            Column("questionnaire"),
            Column("version", "integer"),
            Column("digest"),
            LANGUAGE,
            *(Column(name, "integer") for name in ("texts", "reviewed", "tried", "draft", "stale")),
            Column("source"),
        ),
        ("digest", "language"),
    ),
}
OPTIONAL = ("labels", "languages")  # exports made before Heard spoke other languages do not have them

# Where exactly one of the two columns is filled.
EITHER = ("answers", "staff_answers", "interviews")
