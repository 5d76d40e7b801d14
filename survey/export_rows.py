"""The rows of each exported table, and the columns they fill. The meaning of each column is in docs/tables.md."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from . import clock, export_languages, publish
from . import models as m
from .export_words import MEANING

Row = tuple[Any, ...]
Name = Callable[[str, object], str]
Make = Callable[[Session, Name], Iterator[Row]]

INTEGERS = {
    "n", "invited_before", "invited_after", "closed", "retrospective", "version", "shared", "released", "amended",
    "days_from_wish", "told", "days_to_told", "position", "texts", "reviewed", "tried", "draft", "stale",
}  # fmt: skip
NOTHING_TICKED = "NONE"
IN_ORDER = ("topics", "questions", "options", "reasons", "labels", "languages")
TEXT_GROUPS = ("10-12", "13-15", "16-17", "staff")
CODEBOOK_COLUMNS = ("table", "column", "type", "label", "values")


def sites(session: Session, _name: Name) -> Iterator[Row]:
    """Site and country."""
    for row in session.execute(select(m.Site.code, m.Site.country)):
        yield tuple(row)


def children(session: Session, name: Name) -> Iterator[Row]:
    """One row per child with at least one round."""
    has_round = select(m.Round.id).where(m.Round.child_id == m.Child.id).exists()
    for child, site, sex, language in session.execute(
        select(m.Child.id, m.Site.code, m.Child.sex, m.Child.language).join(m.Site).where(has_round)
    ):
        yield name("c", child), site, sex, language


def rounds(session: Session, name: Name) -> Iterator[Row]:
    """One row per child × stage × pass."""
    invited = {tuple(row) for row in session.execute(select(m.Card.round_id, m.Card.wave).distinct())}
    for row, born, site in session.execute(
        select(m.Round, m.Child.born_month, m.Site.code).join(m.Child, m.Child.id == m.Round.child_id).join(m.Site)
    ):
        yield (
            name("r", row.id), name("c", row.child_id), site, name("p", row.coordinator_id), row.stage, row.n,
            _month(row.opened_on), clock.age_group(born, row.opened_on),
            int((row.id, "before") in invited), int((row.id, "after") in invited), int(row.closed_on is not None),
        )  # fmt: skip


def visits(session: Session, name: Name) -> Iterator[Row]:
    """One row per finished or stopped visit."""
    for said, stage, child, site, title, version in session.execute(_visits()):
        yield (
            name("v", said.id), name("r", said.round_id), name("c", child), site, stage, said.wave, said.language,
            said.age_group, said.n, _month(said.received_on), said.ended, said.helper, said.held_by, said.watched,
            int(said.retrospective), title, version, said.digest,
        )  # fmt: skip


def answers(session: Session, name: Name) -> Iterator[Row]:
    """One row per question put in a visit, but for open texts and what only the safeguarding lead may read."""
    about = {q["question"]: q for q in _questions(session)}
    query = (
        select(m.Answer, m.Submission, m.Round.stage, m.Round.child_id, m.Site.code)
        .join(m.Submission, m.Submission.id == m.Answer.submission_id)
        .join(m.Round, m.Round.id == m.Submission.round_id)
        .join(m.Child, m.Child.id == m.Round.child_id)
        .join(m.Site)
        .where(m.Answer.seen_by != "safeguarding", m.Answer.sealed_text.is_(None))
    )
    for answer, said, stage, child, site in session.execute(query):
        question = about.get(answer.question, {})
        yield (
            name("v", said.id), name("r", said.round_id), name("c", child), site, stage, said.wave, said.age_group,
            answer.language or said.language, answer.question, question.get("construct"), answer.topic,
            question.get("pair"), answer.code, answer.missing, int(answer.shared),
        )  # fmt: skip


def views(session: Session, name: Name) -> Iterator[Row]:
    """Belief and first view."""
    shown = select(m.Release.id).where(m.Release.view_id == m.View.id).exists()
    for view, child, released in session.execute(
        select(m.View, m.Round.child_id, shown).join(m.Round, m.Round.id == m.View.round_id)
    ):
        yield (
            name("r", view.round_id), name("c", child), view.topic, name("p", view.staff_id), view.belief,
            view.first_view, int(released),
        )  # fmt: skip


def decisions(session: Session, name: Name) -> Iterator[Row]:
    """The decisions in force, with what became of the reply."""
    later = aliased(m.Decision)
    wished = _wish_days(session)
    query = (
        select(m.Decision, m.Round.child_id, m.Reply.told_on)
        .join(m.Round, m.Round.id == m.Decision.round_id)
        .join(m.Reply, m.Reply.decision_id == m.Decision.id)
        .outerjoin(later, later.amends_id == m.Decision.id)
        .where(later.id.is_(None))
    )
    for made, child, told_on in session.execute(query):
        yield (
            name("r", made.round_id), name("c", child), made.topic, name("p", made.staff_id), made.option,
            _month(made.decided_on), " ".join(sorted(made.reasons)), made.child_present,
            " ".join(sorted(made.took_part)),
            int(made.amends_id is not None), _days(wished.get((made.round_id, made.topic)), made.decided_on),
            int(told_on is not None), _days(made.decided_on, told_on),
        )  # fmt: skip


def staff_answers(session: Session, name: Name) -> Iterator[Row]:
    """Finished perception, obstacle and gatekeeping forms."""
    about = {q["question"]: q for q in _questions(session)}
    query = (
        select(m.StaffAnswer, m.StaffForm, m.Round.child_id, m.Round.stage)
        .join(m.StaffForm, m.StaffForm.id == m.StaffAnswer.form_id)
        .join(m.Round, m.Round.id == m.StaffForm.round_id)
        .where(m.StaffForm.finished_on.is_not(None), m.StaffAnswer.text.is_(None))
    )
    for answer, form, child, stage in session.execute(query):
        question = about.get(answer.question, {})
        yield (
            name("r", form.round_id), name("c", child), stage, name("p", form.staff_id), answer.question,
            question.get("construct"), question.get("pair"), _ticked(answer), answer.missing,
        )  # fmt: skip


def interviews(session: Session, name: Name) -> Iterator[Row]:
    """Closed answers of finished interviews."""
    query = (
        select(m.StaffAnswer, m.StaffForm, m.StaffMember)
        .join(m.StaffForm, m.StaffForm.id == m.StaffAnswer.form_id)
        .join(m.StaffMember, m.StaffMember.id == m.StaffForm.staff_id)
        .where(m.StaffForm.round_id.is_(None), m.StaffForm.finished_on.is_not(None), m.StaffAnswer.text.is_(None))
    )
    for answer, form, staff in session.execute(query):
        site = staff.sites[0].code if len(staff.sites) == 1 else ""
        for question, code in _lines(answer):
            yield name("i", form.id), name("p", staff.id), staff.role, site, question, code, answer.missing


def refusals(session: Session, _name: Name) -> Iterator[Row]:
    """How often children said no or later, of the whole organisation, to the nearest five.

    Any finer, and the rounds with a card and no visit would say which children they were.
    """
    query = select(m.RefusalCount.wave, func.sum(m.RefusalCount.n)).group_by(m.RefusalCount.wave)
    for wave, n in session.execute(query):
        yield wave, 5 * round(n / 5)


def topics(session: Session, _name: Name) -> Iterator[Row]:
    """One row per option; ordinal lists run from least to most, as in the published questionnaires."""
    for topic in publish.catalogue(session).topics.values():
        ordinal = topic.scale == "ordinal"
        options = sorted(topic.options, key=lambda o: int(o.code)) if ordinal else topic.options
        for position, option in enumerate(options, start=1):
            yield topic.id, topic.name, topic.stage, topic.scale, option.code, position, option.child, option.staff


def questions(session: Session, _name: Name) -> Iterator[Row]:
    """Every question of the newest published questionnaires."""
    for row in _questions(session):
        yield tuple(row[column] for column in QUESTION_COLUMNS)


def options(session: Session, _name: Name) -> Iterator[Row]:
    """The options of every question of the newest published questionnaires, with their words; rows of grids too."""
    for row in publish.newest(session):
        groups = row.document["texts"]["en"]
        for question in row.document["questions"]:
            words = [groups.get(group, {}).get("questions", {}).get(question["id"], {}) for group in TEXT_GROUPS]
            for kind in ("options", "rows"):
                labels = [found.get(kind, {}) for found in words]
                for code in dict.fromkeys(code for found in labels for code in found):
                    yield question["id"], kind.removesuffix("s"), code, *(found.get(code) for found in labels)


def reasons(session: Session, _name: Name) -> Iterator[Row]:
    """Why a decision may differ from a wish."""
    for reason in publish.catalogue(session).reasons.values():
        yield reason.code, reason.label, reason.kind


def labels(session: Session, _name: Name) -> Iterator[Row]:
    """What stages, topics, their options and reasons are called, in every language they are published in."""
    for language in publish.languages(session):
        words = publish.catalogue(session, language)
        for stage in words.stages.values():
            yield "stage", None, stage.id, language, stage.title
        for topic in words.topics.values():
            yield "topic", None, topic.id, language, topic.name
            for option in topic.options:
                yield "option", topic.id, option.code, language, option.staff
        for reason in words.reasons.values():
            yield "reason", None, reason.code, language, reason.label


QUESTION_COLUMNS = (
    "question", "stage", "asked_of", "construct", "topic", "pair", "scale", "wave", "seen_by",
    "text_10_12", "text_13_15", "text_16_17", "text_staff",
)  # fmt: skip
TABLES: tuple[tuple[str, tuple[str, ...], Make], ...] = (
    ("sites", ("site", "country"), sites),
    ("children", ("child", "site", "sex", "language"), children),
    ("rounds", ("round", "child", "site", "coordinator", "stage", "n", "opened", "age_group", "invited_before",
                "invited_after", "closed"), rounds),
    ("visits", ("visit", "round", "child", "site", "stage", "wave", "language", "age_group", "n", "month", "ended",
                "helper", "held_by", "watched", "retrospective", "questionnaire", "version", "digest"), visits),
    ("answers", ("visit", "round", "child", "site", "stage", "wave", "age_group", "language", "question", "construct",
                 "topic", "pair", "code", "missing", "shared"), answers),
    ("views", ("round", "child", "topic", "staff", "belief", "first_view", "released"), views),
    ("decisions", ("round", "child", "topic", "staff", "decision", "month", "reasons", "child_present", "took_part",
                   "amended", "days_from_wish", "told", "days_to_told"), decisions),
    ("staff_answers", ("round", "child", "stage", "staff", "question", "construct", "pair", "code", "missing"),
     staff_answers),
    ("interviews", ("interview", "staff", "role", "site", "question", "code", "missing"), interviews),
    ("refusals", ("wave", "n"), refusals),
    ("topics", ("topic", "name", "stage", "scale", "option", "position", "child_label", "staff_label"), topics),
    ("questions", QUESTION_COLUMNS, questions),
    ("options", ("question", "kind", "code", "text_10_12", "text_13_15", "text_16_17", "text_staff"), options),
    ("reasons", ("reason", "label", "kind"), reasons),
    ("labels", ("names", "topic", "code", "language", "label"), labels),
    ("languages", export_languages.COLUMNS, export_languages.languages),
)  # fmt: skip


def codebook() -> Iterator[Row]:
    """Yield (table, column, type, label, values) for every column of every table."""
    for table, columns, _make in TABLES:
        for column in columns:
            yield (table, column, *MEANING[column])


def _visits() -> Any:
    return (
        select(
            m.Submission, m.Round.stage, m.Round.child_id, m.Site.code, m.Questionnaire.name, m.Questionnaire.version
        )
        .join(m.Round, m.Round.id == m.Submission.round_id)
        .join(m.Child, m.Child.id == m.Round.child_id)
        .join(m.Site)
        .join(m.Questionnaire, m.Questionnaire.digest == m.Submission.digest)
    )


def _wish_days(session: Session) -> dict[tuple[Any, str | None], dt.date]:
    query = (
        select(m.Submission.round_id, m.Answer.topic, func.max(m.Submission.received_on))
        .join(m.Answer, m.Answer.submission_id == m.Submission.id)
        .where(m.Answer.topic.is_not(None))
        .group_by(m.Submission.round_id, m.Answer.topic)
    )
    return {(round_id, topic): day for round_id, topic, day in session.execute(query)}


def _questions(session: Session) -> Iterator[dict[str, Any]]:
    for row in publish.newest(session):
        for question in row.document["questions"]:
            yield _described(row, question)


def _described(row: m.Questionnaire, question: dict[str, Any]) -> dict[str, Any]:
    texts = row.document["texts"]["en"]
    words = {
        group: texts[group]["questions"][question["id"]]["text"]
        for group in texts
        if question["id"] in texts[group]["questions"]
    }
    return {
        "question": question["id"], "stage": row.stage, "asked_of": "child" if row.asked_of == "child" else "staff",
        "construct": question["construct"].replace("+", "_").replace(" ", "_"),
        "topic": question["topic"], "pair": question["pair"], "scale": question.get("format") or question["topic"],
        "wave": question["wave"], "seen_by": question["seen_by"],
        "text_10_12": words.get("10-12"), "text_13_15": words.get("13-15"), "text_16_17": words.get("16-17"),
        "text_staff": words.get("staff"),
    }  # fmt: skip


def _lines(answer: m.StaffAnswer) -> Iterator[tuple[str, str]]:
    # A grid ("FIN:2 DOC:0") becomes a line per row (IC.12a.FIN 2), as in the codebook of the interviews.
    grid = [code.partition(":") for code in answer.codes if ":" in code]
    if not grid:
        yield answer.question, _ticked(answer)
    for row, _between, value in grid:
        yield f"{answer.question}.{row}", value


def _ticked(answer: m.StaffAnswer) -> str:
    # Looked at the list and ticked nothing: an answer too.
    return "" if answer.missing else " ".join(sorted(answer.codes)) or NOTHING_TICKED


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def _days(earlier: dt.date | None, later: dt.date | None) -> int | None:
    return None if earlier is None or later is None else (later - earlier).days
