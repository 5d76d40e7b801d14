"""What a child waits for: bytes and requests to the first question, time until it is there, time per "next" tap;
beside a plain HTML form.

    python -m tests.benchmarks.first_question [rounds]

Real Chromium, empty cache each time, CPU slowed four times. The floor is a form of the same number of questions
without style or typeface and with four lines of script. Medians.
"""

import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from flask_compress import Compress
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from survey import config, create_app, db, upgrade
from tests import conftest
from tests.benchmarks.submit import post, prepared_cards

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
CHROMIUM = os.environ.get("HEARD_CHROMIUM", "/usr/bin/chromium")
OURS, FLOOR = 8798, 8799
SLOWER = 4
WATCH = """
const wait = () => document.querySelector("form[data-ready], form[data-floor]")
  ? requestAnimationFrame(() => {
      window.ready = performance.now();
      window.fetched = performance.getEntriesByType("resource").length + 1;
    }) : requestAnimationFrame(wait);
requestAnimationFrame(wait);
"""
TAP = """async () => {
  const begun = performance.now();
  document.querySelector("[data-next]").click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
FLOOR_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Floor</title><form data-floor>{}"
    "<button type=button data-next>Next</button></form><script src=/f.js></script></html>"
)
FLOOR_QUESTION = (
    "<fieldset{}><legend>Question {}: what would you like?</legend><label><input type=radio name=q{}> No</label>"
    "<label><input type=radio name=q{}> A bit</label><label><input type=radio name=q{}> Yes</label></fieldset>"
)
FLOOR_SCRIPT = (
    'let at=0;const all=document.querySelectorAll("fieldset");document.querySelector("[data-next]").onclick='
    "()=>{all[at].hidden=true;all[at=(at+1)%all.length].hidden=false}"
)


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        cookie = start_ours(Path(folder) / "home")
        start_floor()
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        results: dict[str, list[dict[str, float]]] = {"floor": [], "heard": []}
        for _ in range(rounds + 1):
            results["floor"].append(visit(browser, f"http://127.0.0.1:{FLOOR}/", None))
            results["heard"].append(visit(browser, f"http://127.0.0.1:{OURS}/questions", cookie))
        browser.close()
    medians = {who: {k: statistics.median(r[k] for r in rows[1:]) for k in rows[0]} for who, rows in results.items()}
    for who, row in medians.items():
        print(f"{who:6}" + "".join(f"   {k} {v:9.1f}" for k, v in row.items()))
    ratio = {k: medians["heard"][k] / medians["floor"][k] for k in ("first question ms", "tap ms")}
    print("ratio  " + "   ".join(f"{k} {v:.2f}" for k, v in ratio.items()))


def start_ours(home: Path) -> str:
    """Serve Heard with one opened visit; return its cookie."""
    config.prepare_home(home)
    settings = config.load({"HEARD_HOME": str(home)})
    upgrade.to(db.engine(settings.database))
    with db.sessions(db.engine(settings.database))() as session:
        world = conftest.settle(session)
        app = create_app(settings)
        ((card, document),) = prepared_cards(session, world, 1)
        signed, _body = post(app, card, document)
        session.commit()
    serve(app, OURS)
    return signed


def start_floor() -> None:
    """Serve the plain form."""
    app = Flask("floor")
    questions = "".join(FLOOR_QUESTION.format("" if n == 0 else " hidden", n, n, n, n) for n in range(10))
    app.add_url_rule("/", "page", lambda: FLOOR_PAGE.format(questions))
    app.add_url_rule("/f.js", "script", lambda: app.response_class(FLOOR_SCRIPT, mimetype="text/javascript"))
    Compress(app)
    serve(app, FLOOR)


def serve(app: Any, port: int) -> None:
    """Serve an application in a thread of its own."""
    threading.Thread(target=create_server(app, host="127.0.0.1", port=port, threads=4).run, daemon=True).start()


def visit(browser: Browser, address: str, cookie: str | None) -> dict[str, float]:
    """Open a page with an empty cache and count."""
    context = browser.new_context(viewport={"width": 600, "height": 1024})
    if cookie:
        context.add_cookies([{"name": "heard", "value": cookie, "url": address}])
    page, received = context.new_page(), []
    slow(context, page, received)
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("window.ready")
    row = {
        "KB": sum(received) / 1000,
        "requests": float(len(received)),
        "before the first question": page.evaluate("window.fetched"),
        "first question ms": page.evaluate("window.ready"),
    }
    row["tap ms"] = statistics.median(page.evaluate(TAP) for _ in range(5))
    row["heap MiB"] = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
    context.close()
    return row


def slow(context: BrowserContext, page: Page, received: list[float]) -> None:
    """Slow the processor and count what comes over the wire."""
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))


if __name__ == "__main__":
    main()
