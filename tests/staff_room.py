"""What the tests of the staff's room share: a browser per person, forms sent as a person sends them, shared wishes."""

import uuid
from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import clock, decide, publish, reply
from survey import models as m

from .conftest import TODAY, World, envelope, sign_in, token
from .test_receive import take

QUESTION = {"D3.1": "S3.C01", "D3.2": "S3.C02", "D3.3": "S3.C03", "D3.4": "S3.C04"}


def browser(app: Flask, login: str) -> FlaskClient:
    """Return the browser of somebody who is signed in."""
    client = app.test_client()
    sign_in(client, login)
    return client


def send(client: FlaskClient, page: str, to: str = "", **filled: object) -> TestResponse:
    """Open a page and send a form of it."""
    return client.post(to or page, data={"csrf_token": token(client.get(page).text), **filled})


def share(session: Session, world: World, answers: Mapping[str, Mapping[str, object]], age: int = 11) -> None:
    """A child finishes the first visit of the planning stage with these answers, by topic."""
    given = {QUESTION[topic]: answer for topic, answer in answers.items()}
    take(session, {**envelope(session, world, age), "answers": given})
    session.commit()


def round_of(session: Session, world: World, age: int = 11, stage: str = "S3") -> str:
    """Return the address of a round."""
    return f"/staff/round/{world.round(session, age, stage).id}"


def topic_of(session: Session, world: World, topic: str = "D3.1", age: int = 11) -> str:
    """Return the address of a topic of the planning round."""
    return f"{round_of(session, world, age)}/topic/{topic}"


def lock(client: FlaskClient, page: str, belief: str = "FAMILY", first_view: str = "HEALTH") -> TestResponse:
    """Lock a view through the page."""
    return send(client, page, f"{page}/lock", belief=belief, first_view=first_view)


def decision(option: str, *reasons: str, **other: object) -> dict[str, object]:
    """Return the form of a decision."""
    return {
        "option": option, "reasons": list(reasons), "decided_on": TODAY.isoformat(), "child_present": "yes",
        "took_part": ["CHILD", "COORDINATOR"], "weighing": "We talked it over.", **other,
    }  # fmt: skip


def owed(session: Session, world: World, topic: str = "D3.1", option: str = "HEALTH") -> uuid.UUID:
    """Lock and decide one topic behind the pages; return the answer that is owed."""
    in_round = world.round(session)
    decide.lock(session, in_round, topic, "FAMILY", "HEALTH", world.vera, clock.now())
    known = publish.catalogue(session).topic(topic)
    assert known is not None
    outcome = decide.Outcome(option, TODAY, "yes", ("COORDINATOR",), ("NOPLACE",))
    draft = reply.draft(known, None, option, [])
    made = decide.close(session, in_round, topic, outcome, draft, world.vera, clock.now())
    found = next(one for one in reply.of_round(session, in_round.id) if one.decision_id == made.id)
    session.commit()
    return found.id


def count(session: Session, kind: type[m.Base]) -> int:
    """Return how many rows of a kind there are, and let go of the store."""
    found = session.query(kind).count()
    session.commit()
    return found
