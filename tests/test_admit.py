"""Staff come in with a password and go out for good."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import admit, clock, enrol
from survey import models as m

from .conftest import PASSWORD, TODAY, World

NOW = clock.now()


def test_the_right_password_opens_a_sign_in_of_which_only_a_hash_is_kept(session: Session, world: World) -> None:
    secret = admit.sign_in(session, " VERA ", PASSWORD, NOW)

    found = admit.who(session, secret, NOW)
    assert found is not None
    assert found.staff.login == "vera"
    assert secret not in session.scalars(select(m.SignIn)).one().secret_hash


@pytest.mark.parametrize(
    ("login", "password"), [("vera", "wrong"), ("nobody", PASSWORD), ("", ""), ("vera", "x" * 9999)]
)
def test_a_wrong_name_and_a_wrong_password_sound_the_same(
    session: Session, world: World, login: str, password: str
) -> None:
    with pytest.raises(admit.NotAdmitted):
        admit.sign_in(session, login, password, NOW)


def test_wrong_passwords_make_the_next_try_wait_but_never_lock_out(session: Session, world: World) -> None:
    for _ in range(admit.FREE_TRIES):
        with pytest.raises(admit.NotAdmitted):
            admit.sign_in(session, "vera", "wrong", NOW)

    with pytest.raises(admit.TooManyTries):
        admit.sign_in(session, "vera", PASSWORD, NOW)
    assert admit.sign_in(session, "vera", PASSWORD, NOW + admit.SLOWEST)


def test_signing_out_means_out(session: Session, world: World) -> None:
    secret = admit.sign_in(session, "vera", PASSWORD, NOW)

    admit.sign_out(session, secret)

    assert admit.who(session, secret, NOW) is None
    admit.touch(session, secret, NOW)  # a request that was under way cannot bring it back
    assert admit.who(session, secret, NOW) is None


@pytest.mark.parametrize(("idle", "open_for"), [(31, 31), (1, 8 * 60 + 1)])
def test_a_sign_in_ends_after_half_an_hour_of_rest_and_after_a_working_day(
    session: Session, world: World, idle: int, open_for: int
) -> None:
    secret = admit.sign_in(session, "vera", PASSWORD, NOW)
    later = NOW + dt.timedelta(minutes=open_for)
    session.scalars(select(m.SignIn)).one().seen_at = later - dt.timedelta(minutes=idle)

    assert admit.who(session, secret, later) is None


def test_who_has_left_is_out_at_once(session: Session, world: World) -> None:
    secret = admit.sign_in(session, "vera", PASSWORD, NOW)

    world.vera.left_on = TODAY - dt.timedelta(days=1)

    assert admit.who(session, secret, NOW) is None
    with pytest.raises(admit.NotAdmitted):
        admit.sign_in(session, "vera", PASSWORD, NOW)


def test_a_new_password_ends_every_sign_in(session: Session, world: World) -> None:
    secret = admit.sign_in(session, "vera", PASSWORD, NOW)

    admit.change_password(session, world.vera, enrol.HASHER.hash("another-long-password"))

    assert admit.who(session, secret, NOW) is None


def test_two_sign_ins_at_a_time_are_enough(session: Session, world: World) -> None:
    secrets = [admit.sign_in(session, "vera", PASSWORD, NOW + dt.timedelta(seconds=n)) for n in range(3)]

    assert [admit.who(session, s, NOW) is not None for s in secrets] == [False, True, True]


@pytest.mark.parametrize("cookie", [None, "", "x", "'; drop table sign_in", "é" * 100])
def test_a_made_up_cookie_opens_nothing(session: Session, world: World, cookie: str | None) -> None:
    assert admit.who(session, cookie, NOW) is None


@pytest.mark.parametrize("weak", ["short", "verA-and-more-words", "x" * 11])
def test_weak_passwords_are_refused(session: Session, world: World, weak: str) -> None:
    with pytest.raises(enrol.WeakPassword):
        enrol.staff(session, "vera", "V", "coordinator", weak, [], TODAY)


def test_a_pass_phrase_is_strong_enough_and_made_anew() -> None:
    made = {enrol.pass_phrase() for _ in range(50)}

    assert len(made) == 50
    assert all(len(phrase) >= enrol.PASSWORD_LENGTH for phrase in made)
