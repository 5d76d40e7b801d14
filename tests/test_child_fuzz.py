"""Whatever is thrown at the child's doors, they answer in child words: never with a crash."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from .conftest import World, token
from .test_child_walk import Child, envelope_in

NAMES = ("S3.C01", "S3.C01.share", "S3.C12", "S3.C13", "S3.C13.missing", "envelope", "end", "code", "lang", "stop",
         "who", "helper", "answer", "F1", "csrf_token")  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["LEARN", "~SK", "~", "yes", "no", "0", "talk", "erased", "", "\0", "\ufffe", "🫨", "9" * 400]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
POSTS = st.dictionaries(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), st.lists(VALUES, max_size=3), max_size=8
)
DOORS = ("/card", "/before-you-start", "/assent", "/questions", "/reply", "/stop", "/talk")


@pytest.fixture
def child(client: FlaskClient, world: World, session: Session) -> Child:
    """Return a child at the questions."""
    made = Child(client)
    made.arrive(world.card(session))
    return made


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=POSTS, door=st.sampled_from(DOORS), honest=st.booleans())
def test_nothing_that_is_sent_breaks_a_door(child: Child, said: dict[str, list[str]], door: str, honest: bool) -> None:
    with child.client.session_transaction() as cookie:
        before: dict[str, Any] = dict(cookie)
    if honest:
        said = said | {"csrf_token": [token(child.page)], "envelope": [envelope_in(child.page)]}

    answer = child.client.post(door, data=said)

    assert answer.status_code in (200, 303, 400, 409, 422), answer.status_code
    with child.client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
