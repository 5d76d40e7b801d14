"""Who may read which rows: a matrix of roles and kinds of row, through every way the ORM has of asking."""

import uuid
from typing import Any

import pytest
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, aliased, sessionmaker

from survey import clock, decide, scope
from survey import models as m

from .conftest import World, envelope
from .test_receive import SEAL, WISH, take

GUARDED = scope.GUARDED
CASELOAD = {
    m.Child, m.ChildIdentity, m.Assignment, m.Permission, m.Round, m.Card, m.Submission, m.View, m.Release, m.Decision,
    m.Reply, m.StaffForm, m.StaffAnswer,
}  # fmt: skip


@pytest.fixture
def lived(session: Session, world: World) -> World:
    """A child has answered, shared one wish of two, written a sentence and asked for help."""
    sent = envelope(session, world)
    answers = {**WISH, "S3.C02": {"code": "KIN"}, "S3.C12": {"code": "0"}, "S3.C13": {"text": "secret"}}
    take(session, {**sent, "answers": answers, "talk": True, "ended": "talk"})
    take(session, {**sent, "id": str(uuid.uuid4()), "answers": {}})
    return world


def seen(sessions: sessionmaker[Session], staff: m.StaffMember, kind: type[m.Base]) -> list[Any]:
    """What somebody sees of a kind of row."""
    with scope.session(sessions, staff) as own:
        return list(own.scalars(select(kind)))


def test_a_coordinator_sees_no_answer_before_locking_the_own_view(
    sessions: sessionmaker[Session], lived: World
) -> None:
    assert seen(sessions, lived.vera, m.Answer) == []


def test_after_the_lock_only_the_shared_wish_of_that_topic_appears(
    sessions: sessionmaker[Session], session: Session, lived: World
) -> None:
    for topic in ("D3.1", "D3.2"):
        decide.lock(session, lived.round(session), topic, "DK", "DK", lived.vera, clock.now())
    session.commit()

    assert [a.question for a in seen(sessions, lived.vera, m.Answer)] == ["S3.C01"]


def test_the_coordinator_of_another_village_sees_nothing_at_all(sessions: sessionmaker[Session], lived: World) -> None:
    for kind in GUARDED:
        assert seen(sessions, lived.staff["pavel"], kind) == [], kind


@pytest.mark.parametrize("login", ["marta", "admin"])
def test_researchers_and_administrators_see_no_row_about_a_child(
    sessions: sessionmaker[Session], lived: World, login: str
) -> None:
    for kind in GUARDED:
        assert seen(sessions, lived.staff[login], kind) == [], kind


def test_the_safeguarding_lead_sees_concerns_of_the_own_site_and_no_names(
    sessions: sessionmaker[Session], lived: World
) -> None:
    assert len(seen(sessions, lived.staff["galina"], m.Concern)) == 3
    for kind in GUARDED:
        if kind not in (m.Concern, m.SetAside):
            assert seen(sessions, lived.staff["galina"], kind) == [], kind


def test_no_coordinator_sees_a_concern_or_what_was_set_aside(sessions: sessionmaker[Session], lived: World) -> None:
    for kind in (m.Concern, m.SetAside, m.RefusalCount, m.Record):
        assert seen(sessions, lived.vera, kind) == []


def test_a_case_that_was_handed_over_is_gone(sessions: sessionmaker[Session], session: Session, lived: World) -> None:
    for held in session.scalars(select(m.Assignment).where(m.Assignment.staff_id == lived.vera.id)):
        held.until = clock.today()
    session.commit()

    assert seen(sessions, lived.vera, m.Child) == []


OTHER = aliased(m.Child)
NAMED = aliased(m.ChildIdentity)


def _through_an_alias() -> Select[Any]:
    return (
        select(NAMED.case_number).select_from(m.ChildIdentity).join(NAMED, NAMED.child_id != m.ChildIdentity.child_id)
    )


def _outer() -> Select[Any]:
    return select(m.Site.code, OTHER.id).outerjoin(OTHER, OTHER.site_id == m.Site.id)


WAYS = {
    "entity": lambda s: s.scalars(select(m.Child)).all(),
    "column": lambda s: s.scalars(select(m.Child.id)).all(),
    "alias": lambda s: s.scalars(select(aliased(m.Child))).all(),
    "count": lambda s: [1] * (s.scalar(select(func.count()).select_from(m.Child)) or 0),
    "join": lambda s: s.scalars(select(m.Round.id).join(m.Child)).all(),
    "exists": lambda s: [x for x in [s.scalar(select(m.Site.id).where(select(m.Child.id).exists()))] if x],
    "subquery": lambda s: s.scalars(select(select(m.Child.id).subquery().c.id)).all(),
    "joined alias": lambda s: s.execute(_through_an_alias()).all(),
    "alias alone in a join": lambda s: s.execute(
        select(m.Site.code, OTHER.id).join(OTHER, OTHER.site_id == m.Site.id)
    ).all(),
    "outer joined alias": lambda s: [row for row in s.execute(_outer()).all() if row[1]],
    "legacy": lambda s: s.query(m.Child).all(),
    "update": lambda s: [1] * s.execute(update(m.Child).values(sex="X")).rowcount,
    "delete": lambda s: [1] * s.execute(delete(m.Permission)).rowcount,
}


@pytest.mark.parametrize("way", WAYS)
def test_there_is_no_way_around_the_scope(sessions: sessionmaker[Session], lived: World, way: str) -> None:
    with scope.session(sessions, lived.staff["pavel"]) as own:
        assert not WAYS[way](own)


@pytest.mark.parametrize("way", set(WAYS) - {"update", "delete"})
def test_the_own_caseload_is_seen_every_way(sessions: sessionmaker[Session], lived: World, way: str) -> None:
    with scope.session(sessions, lived.vera) as own:
        assert WAYS[way](own)


def test_a_child_of_another_caseload_cannot_be_fetched_by_its_key(
    sessions: sessionmaker[Session], lived: World
) -> None:
    with scope.session(sessions, lived.staff["pavel"]) as own:
        assert own.get(m.Child, lived.children[11].id) is None
        assert own.get(m.ChildIdentity, lived.children[11].id) is None


def test_following_a_relationship_does_not_lead_around_the_scope(sessions: sessionmaker[Session], lived: World) -> None:
    with scope.session(sessions, lived.vera) as own:
        said = own.scalars(select(m.Submission)).one()

        assert said.answers == []


def test_every_kind_of_row_about_a_child_is_guarded() -> None:
    free = {
        m.Organisation, m.Site, m.SafeAdult, m.StaffMember, m.StaffSite, m.SignIn, m.Questionnaire,
        m.TranslationReview, m.Clip,
    }  # fmt: skip
    mapped = {mapper.class_ for mapper in m.Base.registry.mappers}

    assert mapped == set(GUARDED) | free


def test_the_text_of_an_answer_cannot_be_moved_to_another_place(session: Session, lived: World) -> None:
    row = session.scalars(select(m.Answer).where(m.Answer.question == "S3.C13")).one()

    with pytest.raises(Exception, match="cannot be opened"):
        SEAL.open(row.sealed_text or b"", f"answer:{uuid.uuid4()}:S3.C13")


def test_two_coordinators_taking_turns_each_see_only_their_own(
    sessions: sessionmaker[Session], session: Session, lived: World
) -> None:
    held = session.scalars(select(m.Assignment).where(m.Assignment.staff_id == lived.vera.id)).all()
    held[0].staff_id = lived.staff["pavel"].id
    session.commit()
    own = {"vera": {one.child_id for one in held[1:]}, "pavel": {held[0].child_id}}

    for login in (
        "vera",
        "pavel",
        "lidia",
        "pavel",
        "vera",
        "galina",
        "pavel",
    ):  # a statement kept for one must not serve another
        found = {child.id for child in seen(sessions, lived.staff[login], m.Child)}
        assert found == own.get(login, found if login == "lidia" else set())
        with scope.session(sessions, lived.staff[login]) as opened:
            names = {row.case_number for row in opened.execute(_through_an_alias())}
        assert login == "lidia" or len(names) == (len(found) if len(found) > 1 else 0)


def test_a_child_who_answers_again_and_keeps_it_has_taken_the_sharing_back(
    sessions: sessionmaker[Session], session: Session, lived: World
) -> None:
    decide.lock(session, lived.round(session), "D3.1", "DK", "DK", lived.vera, clock.now())
    session.commit()
    assert len(seen(sessions, lived.vera, m.Answer)) == 1

    take(session, {**envelope(session, lived), "answers": {"S3.C01": {"code": "FAMILY"}}})

    assert seen(sessions, lived.vera, m.Answer) == []
    in_round = lived.round(session).id
    assert decide.shared_wish(session, in_round, "D3.1") is None
    session.close()
    with scope.session(sessions, lived.vera) as own:
        assert decide.shared_wish(own, in_round, "D3.1") is None
