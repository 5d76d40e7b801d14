"""A year in the life of one child's case, lived through the same doors as a real one.

What is built in, so that the report has something to find: at assessment (S2) staff say far more often than children
that they asked; the long-term home (D3.2) is decided otherwise than wished more often than anything else; one centre
answers late; some children refuse, skip or stop, and some share nothing.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import clock, decide, enrol, fill, flag, invite, publish, receive, reply
from .. import models as m
from ..catalogue import Catalogue, Topic
from ..instrument import order
from ..seal import Seal
from .people import SLOW_SITE

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # cards of the past: nobody holds them
HARD_TOPIC = "D3.2"
OVERRATED_STAGE = "S2"
SAID = (
    "That I can call my brother.",
    "More football.",
    "I like my new school.",
    "Please ask me earlier.",
    "Nothing else.",
)
SAID_IN = {
    "ru": ("Чтобы я мог звонить брату.", "Больше футбола.", "Мне нравится новая школа.", "Больше ничего."),
    "uk": ("Щоб я міг дзвонити братові.", "Більше футболу.", "Мені подобається нова школа.", "Більше нічого."),
    "sw": ("Nataka kumpigia ndugu yangu simu.", "Mpira zaidi.", "Ninapenda shule yangu mpya.", "Hakuna kingine."),
}
PRESENT = ("yes", "yes", "partly", "no")


@dataclass(frozen=True)
class Life:
    """What the year needs at hand."""

    session: Session
    seal: Seal
    catalogue: Catalogue
    documents: Mapping[tuple[str, str], m.Questionnaire]
    today: dt.date
    rng: random.Random
    spoken: dict[str, Catalogue] = field(default_factory=dict)

    def words(self, language: str) -> Catalogue:
        """Return the topics and reasons in the words of a child's language."""
        if language not in self.spoken:
            self.spoken[language] = publish.catalogue(self.session, language)
        return self.spoken[language]

    def happens(self, chance: float) -> bool:
        """Return whether something of this probability happens."""
        return self.rng.random() < chance

    def later(self, day: dt.date, least: int, most: int) -> dt.date:
        """Return a day some days later."""
        return day + dt.timedelta(days=self.rng.randint(least, most))


def plan(life: Life, child: m.Child) -> Iterator[tuple[str, dt.date]]:
    """Yield the stages a child passes this year, each with the day it opens."""
    first = max(child.came_on, life.today - dt.timedelta(days=365))
    stage, day = (1 if child.came_on == first else life.rng.choice((2, 3, 3, 4))), life.later(first, 1, 40)
    while day < life.today and stage <= 6:
        yield f"S{stage}", day
        stage, day = stage + 1, life.later(day, 45, 75)
        if stage == 6 and life.happens(0.4):
            stage = 5


def live(life: Life, child: m.Child, coordinator: m.StaffMember) -> None:
    """Live through the year of one child."""
    given = max(child.came_on, life.today - dt.timedelta(days=380))
    enrol.permission(life.session, child, life.rng.choice(("guardian", "authority")), given, coordinator, _noon(given))
    for stage, day in plan(life, child):
        if clock.age_group(child.born_month, day) is None:
            continue
        in_round = invite.open_round(life.session, child, stage, coordinator, day, _noon(day))
        _pass(life, in_round, coordinator)


def _pass(life: Life, in_round: m.Round, coordinator: m.StaffMember) -> None:
    visited = life.later(in_round.opened_on, 1, 5)
    wishes = _visit(life, in_round, "before", visited, coordinator)
    locked = life.later(visited, 1, 6)
    if locked > life.today or ((life.today - locked).days < 20 and life.happens(0.5)):
        return  # still on the coordinator's desk
    views = {topic: _lock(life, in_round, topic, wishes, coordinator, locked) for topic in _topics(life, in_round)}
    decided = life.later(locked, 3, 18)
    if decided > life.today:
        return
    for topic, view in views.items():
        _decide(life, in_round, topic, view, wishes.get(topic.id), coordinator, decided)
    _perception(life, in_round, coordinator, decided)
    _visit(life, in_round, "after", life.later(decided, 3, 9), coordinator)
    _answer_the_child(life, in_round, coordinator, decided)


def _visit(life: Life, in_round: m.Round, wave: str, on: dt.date, by: m.StaffMember) -> dict[str, str]:
    """One visit; return the wishes as (topic → code)."""
    if on > life.today or life.happens(0.05):
        return {}
    printed = max(on - dt.timedelta(days=1), in_round.opened_on)
    try:
        code = invite.card(life.session, in_round, wave, by, printed, _noon(printed), QUICK)
        opened = invite.open_card(life.session, code, on)
    except invite.NotInvited:
        return {}
    if life.happens(0.06):
        invite.refuse(life.session, in_round.id, wave, on)
        return {}
    document = life.documents["child", "reply" if wave == "reply" else in_round.stage]
    envelope = _envelope(life, opened, document)
    receive.submission(life.session, life.seal, envelope, on)
    topics = {q["id"]: q["topic"] for q in document.document["questions"] if q["topic"]}
    return {topics[q]: a["code"] for q, a in envelope["answers"].items() if q in topics and "code" in a}


def _envelope(life: Life, opened: invite.Invitation, document: m.Questionnaire) -> dict[str, Any]:
    questions = order.sitting(document.document, opened.card.wave, opened.age_group)
    stopped = life.happens(0.04)
    asked = questions[: life.rng.randint(1, len(questions))] if stopped else questions
    language = _language(opened.round.child, document)
    answers = {q["id"]: _said(life, q, opened, language) for q in asked}
    if answers.get("F1", {}).get("code") == "0" or "code" not in answers.get("F1", {"code": ""}):
        answers.pop("F2", None)
    if language != "en" and life.happens(0.05):  # began in English, then changed the language
        next(iter(answers.values()))["language"] = "en"
    helper = life.rng.choice(("alone", "alone", "alone", "staff", "carer"))
    return {
        "id": str(_uuid(life.rng)), "card": str(opened.card.id), "digest": document.digest, "language": language,
        "ended": "stopped" if stopped else "finished", "helper": helper, **_present(life, helper),
        "rotation": life.rng.randrange(60), "talk": False, "answers": answers,
    }  # fmt: skip


def _language(child: m.Child, document: m.Questionnaire) -> str:
    return child.language if child.language in document.document["languages"] else "en"


def _present(life: Life, helper: str) -> dict[str, str]:
    """Who holds the tablet and who can see it: more often not the child, and somebody, where one sits beside."""
    near = helper != "alone"
    held = life.rng.choices(("child", "other", "unsaid"), (80, 8, 12) if near else (88, 1, 11))[0]
    watched = life.rng.choices(("yes", "no", "unsaid"), (35, 50, 15) if near else (6, 82, 12))[0]
    return {"held_by": held, "watched": watched}


def _said(life: Life, question: dict[str, Any], opened: invite.Invitation, language: str) -> dict[str, Any]:
    if question["kind"] == "text":
        return {"text": life.rng.choice(SAID_IN.get(language, SAID))} if life.happens(0.25) else {"missing": "SK"}
    if life.happens(0.09):
        return {"missing": life.rng.choice([c for c in question["missing"] if c != "NA"])}
    options = question["options"][opened.age_group]
    if question["topic"]:
        return {"code": _wished(life, question["topic"], options), "shared": life.happens(0.85)}
    return {"code": _felt(life, question, opened, options)}


def _wished(life: Life, topic: str, options: list[str]) -> str:
    weights = [6, 4, 3, 2, 1][: len(options)]
    if topic == HARD_TOPIC:
        weights = [9 if code == "PARENTS" else 1 for code in options]
    return life.rng.choices(options, weights)[0]


def _felt(life: Life, question: dict[str, Any], opened: invite.Invitation, options: list[str]) -> str:
    """Higher is better on every scale but WORRY."""
    good = 0.92 if question["seen_by"] == "safeguarding" else _quality(opened.round)
    if question["construct"] == "WORRY":
        good = 0.06
    if question["construct"] in ("INFLUENCE", "FEEDBACK"):
        good -= 0.15
    if opened.age_group == "10-12" and question["construct"] in ("AUDIENCE", "INFLUENCE"):
        good -= 0.1
    top = len(options) - 1
    return str(sum(life.happens(good) for _ in range(top)))


def _quality(in_round: m.Round) -> float:
    """How well this coordinator listens at this stage (fixed by their key, between 0.55 and 0.85)."""
    own = (in_round.coordinator_id.int % 7) / 20
    return 0.55 + own - (0.25 if in_round.stage == OVERRATED_STAGE else 0)


def _topics(life: Life, in_round: m.Round) -> list[Topic]:
    return life.catalogue.topics_of(in_round.stage)


def _lock(
    life: Life, in_round: m.Round, topic: Topic, wishes: Mapping[str, str], by: m.StaffMember, on: dt.date
) -> m.View:
    codes = [option.code for option in topic.options]
    wish = wishes.get(topic.id)
    belief = wish if wish and life.happens(0.45 + _quality(in_round) / 3) else life.rng.choice([*codes, decide.UNSURE])
    first = wish if wish and life.happens(0.2) else life.rng.choice(codes[:3])
    if topic.id == HARD_TOPIC:
        first = life.rng.choices(("STAY", "KIN", "NEWFAM"), (7, 2, 1))[0]
    view = decide.lock(life.session, in_round, topic.id, belief, first, by, _noon(on))
    decide.release(life.session, view, by, _noon(on))
    return view


def _decide(
    life: Life, in_round: m.Round, topic: Topic, view: m.View, wish: str | None, by: m.StaffMember, on: dt.date
) -> None:
    follows = 0.1 if topic.id == HARD_TOPIC else 0.2 + _quality(in_round) / 2
    option = wish if wish and life.happens(follows) else view.first_view
    shared = decide.shared_wish(life.session, in_round.id, topic.id)
    differs = shared is not None and shared.code is not None and shared.code != option
    reasons = _reasons(life) if differs else ()
    outcome = decide.Outcome(option, on, life.rng.choice(PRESENT), ("COORDINATOR",), reasons)
    language = in_round.child.language
    theirs = life.words(language)
    words = reply.draft(
        theirs.topics[topic.id], shared.code if shared else None, option, [theirs.reasons[code] for code in reasons],
        language,
    )  # fmt: skip
    made = decide.close(life.session, in_round, topic.id, outcome, words, by, _noon(on))
    if life.happens(0.02):
        corrected = decide.Outcome(option, on, "yes", ("COORDINATOR",), reasons, "The child was present after all.")
        decide.close(
            life.session, in_round, topic.id, corrected, words, by, _noon(on, 15), made, "Presence was noted wrongly."
        )


def _reasons(life: Life) -> tuple[str, ...]:
    codes = ("NOPLACE", "SAFETY", "FAMILY", "CASELOAD", "LAW", "MONEY", "HEALTH", "TIME")
    return tuple(life.rng.choices(codes, (6, 5, 5, 4, 3, 3, 2, 2), k=1 + life.happens(0.2)))


def _perception(life: Life, in_round: m.Round, by: m.StaffMember, on: dt.date) -> None:
    document = life.documents["staff", in_round.stage]
    form = fill.begin(life.session, document, by, on, _noon(on), in_round)
    entries = {}
    for question in document.document["questions"]:
        if question["format"] == "X3":
            kind = 0.88 if in_round.stage == OVERRATED_STAGE else _quality(in_round) + 0.12
            entries[question["id"]] = fill.Entry((str(sum(life.happens(kind) for _ in range(2))),))
        elif question["kind"] == "many":
            entries[question["id"]] = fill.Entry(
                tuple(life.rng.sample(question["options"]["staff"], life.rng.randint(0, 2)))
            )
    fill.save(life.session, form, entries, _noon(on))
    fill.finish(life.session, form, by, on, _noon(on))


def _answer_the_child(life: Life, in_round: m.Round, by: m.StaffMember, decided: dt.date) -> None:
    slow = in_round.child.site.code == SLOW_SITE
    written = life.later(decided, 22, 45) if slow else life.later(decided, 1, 9)
    recent = (life.today - decided).days < 40
    if written > life.today or life.happens(0.5 if recent else 0.15 if slow else 0.03):
        return
    owed = reply.of_round(life.session, in_round.id)
    best = life.words(in_round.child.language).reasons["SAFETY"].child_words
    for one in owed:
        words = reply.Draft(one.wished, one.decided, one.because or best, one.next_step)
        reply.write(life.session, one, words, by, _noon(written))
    read = life.later(written, 1, 5)
    if read <= life.today and life.happens(0.9):
        for one in owed:
            reply.tell(one, read, "card")
        invite.close_round(life.session, in_round, by, read, _noon(read))
        _visit(life, in_round, "reply", read, by)


def read_concerns(life: Life, leads: Mapping[str, m.StaffMember]) -> None:
    """The lead of each country has read every concern within days and closed it; the newest are still open."""
    session = life.session
    for concern in session.scalars(select(m.Concern).order_by(m.Concern.raised_on, m.Concern.id)):
        read = life.later(concern.raised_on, 0, 2)
        if read < life.today - dt.timedelta(days=7):
            outcome = "no_risk" if concern.level == "read" else life.rng.choice(("spoken_to", "spoken_to", "referred"))
            lead = leads[session.get_one(m.Site, concern.site_id).country]
            flag.close(session, concern, outcome, "Synthetic note.", lead, _noon(read))


def documents(session: Session) -> dict[tuple[str, str], m.Questionnaire]:
    """Return the published questionnaires by whom they ask and about what."""
    rows = session.scalars(select(m.Questionnaire).where(m.Questionnaire.name != publish.CATALOGUE))
    return {(row.asked_of, row.stage or ""): row for row in rows}


def _noon(day: dt.date, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def _uuid(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
