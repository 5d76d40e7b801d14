"""How many finished visits per second two worker processes accept durably, beside a bare Flask view on the same
server.

    python -m tests.benchmarks.submit [visits] [connections]

Each post is a whole form of a child (stage S3, wave before), with cookie and token, into SQLite with
synchronous=FULL; the bare view reads the same form and answers. Medians of three rounds; one throw-away round first.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from survey import clock, config, create_app, db, invite, publish, upgrade
from survey import models as m
from survey.child.visits import Visit
from tests import conftest

PORT = 8797
BARE = """
from flask import Flask, request
app = Flask(__name__)
@app.post("/questions")
def questions():
    return str(len(request.form)), 200
"""
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Post = tuple[str, str]  # cookie, body


def main() -> None:
    """Measure and print."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ["HEARD_HOME"] = str(home)
        posts = prepare(home, visits)
        (Path(folder) / "bare.py").write_text(BARE, encoding="utf-8")
        shares = [posts[i::4] for i in range(4)]
        with server("survey:create_app()", folder):
            ours = [rate(share, connections) for share in shares]
        with server("bare:app", folder):
            bare = [rate(share, connections) for share in shares]
    report("heard", ours[1:])
    report("bare view", bare[1:])
    print(f"ratio      {statistics.median(r for r, _ in ours[1:]) / statistics.median(r for r, _ in bare[1:]):.2f}")


def prepare(home: Path, visits: int) -> list[Post]:
    """Return that many finished forms, each with the cookie of its own visit."""
    config.prepare_home(home)
    settings = config.load()
    engine = db.engine(settings.database)
    upgrade.to(engine)
    with db.sessions(engine)() as session:
        world = conftest.settle(session)
        app = create_app(settings)
        made = [post(app, card, document) for card, document in prepared_cards(session, world, visits)]
        session.commit()
    engine.dispose()
    return made


def prepared_cards(session: Session, world: conftest.World, number: int) -> Iterator[tuple[m.Card, m.Questionnaire]]:
    """Yield printed cards, each of a round of its own, with the questionnaire they open."""
    document = publish.latest(session, "child", "S3")
    assert document is not None
    for _ in range(number):
        in_round = invite.open_round(session, world.children[11], "S3", world.vera, conftest.TODAY, clock.now())
        code = invite.card(session, in_round, "before", world.vera, conftest.TODAY, clock.now(), QUICK)
        yield session.query(m.Card).filter_by(round_id=in_round.id, selector=code[:3]).one(), document


def post(app: Flask, card: m.Card, document: m.Questionnaire) -> Post:
    """Return cookie and body of one finished form."""
    visit = Visit(
        card=str(card.id), round=str(card.round_id), wave="before", age_group="10-12", digest=document.digest,
        language="en",
        envelope=str(uuid.uuid4()), rotation=3, step="questions", helper="alone",
    )  # fmt: skip
    with app.test_request_context("/questions"):
        cookie["visit"] = asdict(visit)
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        signed = signer.dumps(dict(cookie))
    fields = {"csrf_token": token, "envelope": visit.envelope, "end": "finished"}
    for question in document.document["questions"]:
        if question["wave"] in ("before", "both") and question["kind"] == "one":
            fields[question["id"].replace(".", "_")] = question["options"]["10-12"][0]
    return str(signed), urllib.parse.urlencode(fields)


@contextmanager
def server(target: str, folder: str) -> Iterator[None]:
    """Run gunicorn with two workers until the block ends."""
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "8", "--worker-class", "gthread",
               "--bind", f"127.0.0.1:{PORT}", "--log-level", "warning", "--chdir", folder, target]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    process = subprocess.Popen(command, env=environment)
    try:
        wait()
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait() -> None:
    """Wait until the server answers."""
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/static/none")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def rate(posts: list[Post], connections: int) -> tuple[float, list[float]]:
    """Send the posts over that many connections; return posts per second and the seconds each took."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        taken = [t for part in pool.map(send, [posts[i::connections] for i in range(connections)]) for t in part]
    return len(posts) / (time.perf_counter() - begun), taken


def send(posts: list[Post]) -> list[float]:
    """Send posts one after the other over one connection."""
    connection, taken = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60), []
    for signed, body in posts:
        begun = time.perf_counter()
        connection.request(
            "POST",
            "/questions",
            body,
            {"Cookie": f"heard={signed}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        reply = connection.getresponse()
        text = reply.read()
        if reply.status not in (200, 303):
            raise SystemExit(f"{reply.status}: {text[:600]!r}")
        taken.append(time.perf_counter() - begun)
    return taken


def report(name: str, rounds: list[tuple[float, list[float]]]) -> None:
    """Print one line."""
    times = sorted(t for _rate, taken in rounds for t in taken)
    p99 = times[int(len(times) * 0.99)] * 1000
    print(
        f"{name:10} {statistics.median(r for r, _ in rounds):7.0f} visits/s"
        f"   p50 {statistics.median(times) * 1000:6.1f} ms   p99 {p99:6.1f} ms"
    )


if __name__ == "__main__":
    main()
