"""The people and places of the demonstration: all invented, all labelled synthetic."""

import datetime as dt
import random
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from .. import enrol
from .. import models as m
from ..translation import complete
from ..translation.languages import DEFAULT

PASSWORD = "river-stone-lantern"  # noqa: S105 -- printed on the screen of a synthetic organisation
PIN = "2580"  # takes a tablet back that was handed to a child
PLACES = (
    # code, name, country, time zone, helpline, share of the children
    ("BERYOZA", "Beryoza village", "RU", "Europe/Moscow", "8-800-000-00-01", 20),
    ("SOSNA", "Sosna village", "RU", "Europe/Moscow", "8-800-000-00-01", 19),
    ("KLYON", "Klyon village", "RU", "Europe/Moscow", "8-800-000-00-01", 17),
    ("LIPA", "Lipa village", "RU", "Europe/Moscow", "8-800-000-00-01", 16),
    ("JUA", "Jua centre", "KE", "Africa/Nairobi", "0800-000-002", 17),
    ("MTO", "Mto centre", "KE", "Africa/Nairobi", "0800-000-002", 16),
    ("NYOTA", "Nyota centre", "KE", "Africa/Nairobi", "0800-000-002", 15),
)
SLOW_SITE = "NYOTA"
READY_AGES = (11, 14, 17)  # three children for whom a card is always ready
READY_LANGUAGES = ("en", "ru", "uk")
SPOKEN = {"RU": ("ru", "ru", "ru", "ru", "ru", "ru", "uk", "en"), "KE": ("sw", "sw", "sw", "en", "en")}
COORDINATORS = (
    ("vera", "Vera Orlova", "BERYOZA"),
    ("pavel", "Pavel Zimin", "SOSNA"),
    ("nina", "Nina Belova", "KLYON"),
    ("oleg", "Oleg Titov", "LIPA"),
    ("wanjiku", "Wanjiku Njoroge", "JUA"),
    ("otieno", "Otieno Ouma", "MTO"),
    ("amina", "Amina Hassan", "NYOTA"),
    ("irina", "Irina Fomina", "BERYOZA"),
)
OTHERS = (
    ("lidia", "Lidia Maslova", "psychologist", ("BERYOZA", "SOSNA", "KLYON", "LIPA"), False),
    ("baraka", "Baraka Mwangi", "psychologist", ("JUA", "MTO", "NYOTA"), False),
    ("galina", "Galina Petrova", "safeguarding_lead", ("BERYOZA", "SOSNA", "KLYON", "LIPA"), False),
    ("joyce", "Joyce Wairimu", "safeguarding_lead", ("JUA", "MTO", "NYOTA"), False),
    ("ruth", "Ruth Achieng", "safeguarding_lead", tuple(place[0] for place in PLACES), True),
    ("marta", "Marta Lind", "researcher", (), True),
    ("admin", "Anton Admin", "admin", (), False),
)
GIVEN = {
    "RU": (
        "Anya", "Boris", "Vika", "Gleb", "Dasha", "Yegor", "Zhenya", "Zoya", "Ilya", "Kira", "Lev", "Mila", "Nastya",
        "Oleg", "Polina", "Roma", "Sonya", "Timur", "Ulya", "Fedya", "Yana", "Tolya", "Marina", "Kostya",
    ),
    "KE": (
        "Achieng", "Baraka", "Chebet", "Daudi", "Esther", "Faraji", "Grace", "Hamisi", "Imani", "Juma", "Kamau",
        "Lulu", "Makena", "Neema", "Odhiambo", "Pendo", "Rehema", "Salim", "Tatu", "Wambui", "Zawadi", "Zuri",
    ),
}  # fmt: skip


@dataclass
class World:
    """Everybody, by their handiest name."""

    sites: dict[str, m.Site] = field(default_factory=dict)
    staff: dict[str, m.StaffMember] = field(default_factory=dict)
    children: list[m.Child] = field(default_factory=list)
    coordinator: dict[m.Child, m.StaffMember] = field(default_factory=dict)


def settle(session: Session, children: int, today: dt.date, rng: random.Random) -> World:
    """Bring in the sites, the staff and the children."""
    here = enrol.organisation(session, "Demonstration organisation", synthetic=True)
    here.languages = " ".join((DEFAULT, *complete.languages()))
    world = World()
    begun = today - dt.timedelta(days=400)
    for place in PLACES:
        _site(session, world, place, begun)
    for login, name, code in COORDINATORS:
        world.staff[login] = enrol.staff(session, login, name, "coordinator", PASSWORD, [world.sites[code]], begun)
    for login, name, role, codes, outside in OTHERS:
        made = enrol.staff(session, login, name, role, PASSWORD, [world.sites[c] for c in codes], begun)
        made.from_outside = outside
        world.staff[login] = made
    pin = enrol.HASHER.hash(PIN)
    for one in world.staff.values():
        one.pin_hash = pin if one.role in ("coordinator", "psychologist") else None
    offered = here.languages.split()
    for number in range(children):
        child = _child(session, world, number, today, rng)
        spoken = _spoken(child.site.country, number)
        child.language = spoken if spoken in offered else DEFAULT
    session.flush()
    return world


def _site(session: Session, world: World, place: tuple[str, str, str, str, str, int], begun: dt.date) -> None:
    code, name, country, zone, helpline, _share = place
    made = enrol.site(session, code, name, country, zone, begun)
    made.helpline_name, made.helpline_number = "Children's helpline", helpline
    enrol.safe_adult(session, made, "Galina Petrova" if country == "RU" else "Joyce Wairimu", "here")
    enrol.safe_adult(session, made, "Ruth Achieng", "outside", "000-000", from_outside=True)
    world.sites[code] = made


def _spoken(country: str, number: int) -> str:
    """The language a child reads best; by chance, but not of the year's chance: the same seed makes the same year."""
    if number < len(READY_LANGUAGES):
        return READY_LANGUAGES[number]
    return random.Random(number).choice(SPOKEN[country])  # noqa: S311 -- a simulation


def _child(session: Session, world: World, number: int, today: dt.date, rng: random.Random) -> m.Child:
    code = PLACES[0][0] if number < len(READY_AGES) else rng.choices([p[0] for p in PLACES], [p[5] for p in PLACES])[0]
    age = READY_AGES[number] if number < len(READY_AGES) else rng.randint(10, 17)
    site = world.sites[code]
    born = dt.date(today.year - age, rng.randint(1, today.month), 1)
    came = today - dt.timedelta(days=rng.randint(60, 900))
    name = rng.choice(GIVEN[site.country])
    made = enrol.child(session, name, f"{code[:2]}-{number + 1:03}", site, born, came, rng.choice("FM"))
    holders = [login for login, _name, where in COORDINATORS if where == code]
    holder = world.staff[holders[0] if number < len(READY_AGES) else rng.choice(holders)]
    psychologist = world.staff["lidia" if site.country == "RU" else "baraka"]
    for staff in (holder, psychologist):
        enrol.assign(session, made, staff, came)
    world.children.append(made)
    world.coordinator[made] = holder
    return made
