"""Whatever is sent, no crash and a clear page: generated posts to every door of every room.

`HEARD_FUZZ_POSTS` sets how many per database (10,000 by default, so 20,000 a run).
"""

import os
import random
import re
import uuid
from urllib.parse import urlencode

from flask import Flask
from flask import session as cookie
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import clock, decide
from survey import models as m

from .conftest import World, sign_in, token

FORM = "application/x-www-form-urlencoded"
POSTS = int(os.environ.get("HEARD_FUZZ_POSTS", "10000"))
ROLES = (None, "vera", "galina", "marta", "admin")
NASTY = (
    "", " ", "0", "1", "2", "-1", "9", "DK", "SK", "LEARN", "FAMILY", "on", "y", "true", "null", "None", "NaN",
    "sNaN", "1e999999", "Infinity", "１２", "١٢", "1_2", "+12", "9" * 5000, "2024-02-30", "0001-01-01",
    "9999-12-31", "2026-13-01", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "=1+1",
    "'; DROP TABLE child; --", "../../etc/passwd", "\x00", "a\x00b", "\ud83d", "\ufffe", "\u202eabc", "😀",
    "Z̷̛͐" * 40, "x" * 3000, "finished", "stopped", "talk", "yes", "no", "later", "before", "after", "reply",
    "S3", "G", "coordinator", "\r\n\r\n", "\u200b",
)  # fmt: skip
# Not asked: signing out, and what would end the fuzzer's own sign-in.
SPARED = {"staff.sign_out", "admin.leave", "admin.pass_phrase"}


def test_no_generated_post_ends_in_a_crash(app: Flask, session: Session, world: World) -> None:
    keys = seeds(session, world)
    clients = {role: visitor(app, role) for role in ROLES}
    fields = {role: known_fields(app, client, keys) for role, client in clients.items()}
    rng = random.Random(20)
    rules = [r for r in app.url_map.iter_rules() if r.methods and "POST" in r.methods and r.endpoint not in SPARED]
    crashed = []

    for number in range(POSTS):
        rule, role = rng.choice(rules), rng.choice(ROLES)
        client = clients[role]
        if role is None and number % 50 == 0:
            open_visit(client, world, session, rng)
        path = filled(str(rule), keys, rng)
        reply = client.post(path, data=body(rng, fields[role], client), content_type=FORM)
        if reply.status_code >= 500:
            crashed.append((role, path, reply.status_code))
        if role and reply.status_code == 303 and reply.headers.get("Location", "").endswith("/staff/sign-in"):
            clients[role] = visitor(app, role)

    assert crashed == []


def seeds(session: Session, world: World) -> list[str]:
    """Make one of everything, and return keys that lead somewhere (and some that do not)."""
    in_round = world.round(session)
    decide.lock(session, in_round, "D3.1", "LEARN", "LEARN", world.vera, clock.now())
    session.commit()
    kinds = (m.Child, m.Round, m.Site, m.StaffMember, m.SafeAdult)
    found = [str(row.id) for kind in kinds for row in session.scalars(select(kind))]
    session.rollback()  # an open transaction would keep everybody else out of SQLite
    return [*found, str(uuid.uuid4()), "x", "../x"]


def visitor(app: Flask, role: str | None) -> FlaskClient:
    """Return a browser, signed in or not."""
    client = app.test_client()
    if role:
        sign_in(client, role)
    return client


def open_visit(client: FlaskClient, world: World, session: Session, rng: random.Random) -> None:
    """Type the code of a fresh card and walk some steps."""
    code = world.card(
        session, rng.choice((11, 14, 17)), rng.choice(("S3", "S5")), rng.choice(("before", "after", "reply"))
    )
    session.rollback()
    page = client.get("/").text
    client.post("/card", data={"csrf_token": token(page), "code": code})
    with client.session_transaction() as own:
        if "visit" in own and rng.random() < 0.7 and own["visit"]["wave"] != "reply":
            own["visit"] = {**own["visit"], "step": "questions"}


def known_fields(app: Flask, client: FlaskClient, keys: list[str]) -> list[str]:
    """Return the names of the fields of every page this visitor can open."""
    names = {
        "code",
        "end",
        "envelope",
        "assent",
        "helper",
        "login",
        "password",
        "S3_C01",
        "S3_C01_share",
        "S3_C13",
        "S3_C12",
    }
    for rule in app.url_map.iter_rules():
        for key in keys[:8] if rule.arguments else [""]:
            page = client.get(filled(str(rule), [key], random.Random(1)))
            if page.mimetype == "text/html":
                names |= set(re.findall(r'name="([^"]+)"', page.text))
    return sorted(names - {"viewport", "csrf_token", "google"})


def filled(rule: str, keys: list[str], rng: random.Random) -> str:
    """Put keys, topics, stages and numbers into the blanks of a rule."""

    def blank(match: re.Match[str]) -> str:
        if "int:" in match[0]:
            return str(rng.choice((0, 1, 2, 99)))
        if "uuid:" in match[0] or "id" in match[1]:
            return rng.choice(keys)
        return rng.choice(("D3.1", "D3.2", "S3", "before", "reply", "x", "child/child.css"))

    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", blank, rule)


def body(rng: random.Random, names: list[str], client: FlaskClient) -> bytes:
    """Return some fields with some values, mostly with the right token."""
    data: list[tuple[str, str]] = []
    for name in rng.sample(names, min(len(names), rng.randint(0, 14))):
        for _ in range(rng.choice((1, 1, 1, 2))):
            data.append((name, rng.choice(NASTY)))
    if rng.random() < 0.9:
        data.append(("csrf_token", token_of(client)))
    with client.session_transaction() as own:
        if "visit" in own and rng.random() < 0.9:
            data.append(("envelope", own["visit"]["envelope"]))
    return urlencode(data, errors="surrogatepass").encode()


def token_of(client: FlaskClient) -> str:
    """Return a good token for this browser, without loading a page."""
    with client.application.test_request_context(), client.session_transaction() as own:
        own.setdefault("csrf_token", uuid.uuid4().hex)
        cookie["csrf_token"] = own["csrf_token"]
        made: str = generate_csrf()
    return made
