"""Cards: readable, guess-proof, kind when they do not work, and never without the permission the rules ask for."""

import datetime as dt
import itertools

import pytest
from sqlalchemy.orm import Session

from survey import clock, invite
from survey import models as m

from .conftest import QUICK, TODAY, World, envelope
from .test_receive import WISH, take

REAL_HASHER = invite.HASHER  # taken before the tests put a quick one in its place


def test_a_code_has_no_symbol_that_looks_like_another(session: Session) -> None:
    assert not set("01OILUAEIOU") & set(invite.ALPHABET)
    assert len(set(invite.ALPHABET)) == 28


def test_every_single_mistyped_symbol_is_noticed_without_asking_the_server() -> None:
    for _ in range(20):
        code = invite.new_code()
        for place, wrong in itertools.product(range(len(code)), invite.ALPHABET):
            other = code[:place] + wrong + code[place + 1 :]
            assert other == code or invite.check_symbol(other[:10]) != other[10]


def test_every_swap_of_two_neighbours_is_noticed() -> None:
    for _ in range(200):
        code = invite.new_code()
        for place in range(len(code) - 1):
            other = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert other == code or invite.check_symbol(other[:10]) != other[10]


@pytest.mark.parametrize(
    "shape", [str.lower, lambda c: " ".join(c), lambda c: f" {c[:3]}-{c[3:7]}–{c[7:]} ", invite.grouped]
)
def test_a_child_may_type_small_letters_blanks_and_dashes(session: Session, world: World, shape: object) -> None:
    code = world.card(session)

    assert invite.open_card(session, shape(code), TODAY).age_group == "10-12"  # type: ignore[operator]


def test_a_russian_or_arabic_keyboard_works() -> None:
    assert invite.normal("внктмрху") == "BHKTMPXY"
    assert invite.normal("٢٣٤") == "234"
    assert invite.normal("２３Ｂ") == "23B"


@pytest.mark.parametrize("typed", ["", "ABC", "O" * 11, "<script>", "2" * 5000, "😀" * 11, "\x00" * 11])
def test_nonsense_is_a_typing_mistake_and_nothing_worse(session: Session, world: World, typed: str) -> None:
    with pytest.raises(invite.Mistyped):
        invite.open_card(session, typed, TODAY)


def test_unknown_used_replaced_and_expired_cards_are_told_apart_by_nobody(session: Session, world: World) -> None:
    used = envelope(session, world, 14, "S5")
    take(session, {**used, "answers": {}})
    replaced = world.card(session)
    expired = world.card(session)

    for code, day in ((invite.new_code(), TODAY), (replaced, TODAY), (expired, TODAY + dt.timedelta(days=31))):
        with pytest.raises(invite.Unusable):
            invite.open_card(session, code, day)


def test_a_used_card_cannot_be_opened_again(session: Session, world: World) -> None:
    code = world.card(session)
    opened = invite.open_card(session, code, TODAY)
    opened.card.used_on = TODAY
    session.commit()

    with pytest.raises(invite.Unusable):
        invite.open_card(session, code, TODAY)


@pytest.mark.parametrize("age", [9, 18])
def test_children_under_ten_and_over_seventeen_are_not_invited(session: Session, world: World, age: int) -> None:
    in_round = world.round(session, age)

    with pytest.raises(invite.NotInvited):
        invite.card(session, in_round, "before", world.vera, TODAY, clock.now(), QUICK)


def test_no_card_without_the_permission_the_rules_ask_for(session: Session, world: World) -> None:
    in_round = world.round(session)
    for permission in in_round.child.permissions:
        permission.withdrawn_on = TODAY
    session.commit()

    with pytest.raises(invite.NoPermission):
        invite.card(session, in_round, "before", world.vera, TODAY, clock.now(), QUICK)
    session.get_one(m.Organisation, 1).permission_required = False
    assert invite.card(session, in_round, "before", world.vera, TODAY, clock.now(), QUICK)


def test_no_card_at_a_site_without_two_safe_adults_and_a_helpline(session: Session, world: World) -> None:
    in_round = world.round(session)
    in_round.child.site.helpline_number = ""

    with pytest.raises(invite.NotReady):
        invite.card(session, in_round, "before", world.vera, TODAY, clock.now(), QUICK)


def test_the_code_is_nowhere_in_the_database(session: Session, world: World) -> None:
    code = world.card(session)
    row = session.query(m.Card).one()

    assert code[3:10] not in row.code_hash
    assert row.code_hash.startswith("$argon2id$")


def test_real_cards_are_hashed_slowly() -> None:
    parameters = REAL_HASHER._parameters

    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost) == ("ID", 19 * 1024, 2)


def test_the_age_group_is_that_of_the_day_of_the_visit() -> None:
    born = dt.date(2013, 6, 1)

    assert clock.age_group(born, dt.date(2026, 5, 31)) == "10-12"
    assert clock.age_group(born, dt.date(2026, 6, 1)) == "13-15"
    assert clock.age_group(born, dt.date(2031, 6, 1)) is None


def test_a_second_pass_through_a_stage_is_counted(session: Session, world: World) -> None:
    first = invite.open_round(session, world.children[11], "S5", world.vera, TODAY, clock.now())
    second = invite.open_round(session, world.children[11], "S5", world.vera, TODAY, clock.now())

    assert (first.n, second.n) == (1, 2)


def test_a_visit_uses_up_its_card(session: Session, world: World) -> None:
    sent = envelope(session, world)

    take(session, {**sent, "answers": WISH})

    assert session.query(m.Card).one().used_on == TODAY
