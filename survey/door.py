"""The door to the staff's rooms: closed unless this page says who may open it.

Every endpoint of the staff, research and admin rooms is listed here with its roles; one that is missing is refused to
everybody, and a test walks every route of the application against this list. The child's room has no sign-in: a card
opens a visit. While a tablet is with a child, everything but the child's room leads to one page that asks for a PIN.
"""

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from . import admit, clock, db, hand, scope
from .parts import COOKIE, database

WITH_A_CHILD = "staff.tablet"  # the one page of ours that opens while the tablet is with a child
OPEN = {"static", "voice", "staff.sign_in", WITH_A_CHILD}
CASE = ("coordinator", "psychologist")
LEAD = ("safeguarding_lead",)
ADMIN = ("admin",)
EVERYBODY = ("coordinator", "psychologist", "safeguarding_lead", "researcher", "admin")

MAY: dict[str, tuple[str, ...]] = {
    "staff.home": EVERYBODY,
    "staff.sign_out": EVERYBODY,
    "staff.account": EVERYBODY,
    "staff.hand_over": EVERYBODY,
    "staff.caseload": CASE,
    "staff.child": CASE,
    "staff.add_child": CASE,
    "staff.child_language": CASE,
    "staff.permission": CASE,
    "staff.open_round": CASE,
    "staff.round": CASE,
    "staff.close_round": CASE,
    "staff.card": CASE,
    "staff.decision": CASE,
    "staff.lock": CASE,
    "staff.show_wish": CASE,
    "staff.decide": CASE,
    "staff.amend": CASE,
    "staff.perception": CASE,
    "staff.interviews": CASE,
    "staff.begin_interview": CASE,
    "staff.interview": CASE,
    "staff.section": CASE,
    "staff.finish_interview": CASE,
    "staff.replies": CASE,
    "staff.reply": CASE,
    "staff.tell": CASE,
    "staff.concerns": LEAD,
    "staff.concern": LEAD,
    "staff.take": LEAD,
    "staff.close_concern": LEAD,
    "staff.identify": LEAD,
    "admin.home": ADMIN,
    "admin.hand_over": ADMIN,
    "admin.organisation": ADMIN,
    "admin.sites": ADMIN,
    "admin.new_site": ADMIN,
    "admin.site": ADMIN,
    "admin.safe_adult": ADMIN,
    "admin.remove_safe_adult": ADMIN,
    "admin.staff_members": ADMIN,
    "admin.new_staff_member": ADMIN,
    "admin.staff_member": ADMIN,
    "admin.pass_phrase": ADMIN,
    "admin.leave": ADMIN,
    "admin.come_back": ADMIN,
    "admin.questionnaires": ADMIN,
    "admin.languages": ADMIN,
    "admin.language": ADMIN,
    "admin.language_files": ADMIN,
    "admin.language_file": ADMIN,
    "admin.accept_language_file": ADMIN,
    "admin.voices": ADMIN,
    "admin.studio": ADMIN,
    "admin.take_back": ADMIN,
    "research.home": EVERYBODY,
    "research.report": EVERYBODY,
    "research.report_style": EVERYBODY,
    "research.report_file": EVERYBODY,
    "research.codebook": EVERYBODY,
    "research.exports": ("researcher",),
}

# Who is let in may send more than a form here; what is too much for a clip, the page itself can then say.
MAY_SEND = {"admin.studio": 32 * 1024 * 1024, "admin.language_files": 4 * 1024 * 1024}


def guard(app: Flask) -> None:
    """Open a session for every request: scoped to whoever is signed in, or bare for the child's room."""
    app.before_request(_enter)
    app.teardown_request(_leave)


def _enter() -> AnyResponse | None:
    g.db = g.staff = None
    if _is_with_a_child():
        return _to_the_pin()
    if request.endpoint is None or request.endpoint == "static":
        return None
    if request.blueprint == "child" or request.endpoint in OPEN:
        g.db = _for(request.method, database().sessions())
        return None
    return _enter_as_staff(request.endpoint)


def _is_with_a_child() -> bool:
    """Must this request be turned away, because the tablet is with a child? What is not for children is; so is every
    address that leads nowhere."""
    if request.blueprint == "child" or request.endpoint in ("static", "voice", WITH_A_CHILD):
        return False
    secret = request.cookies.get(COOKIE)
    if not secret:
        return False
    with db.read_only(database().sessions()) as own:
        return hand.with_child(own, secret, clock.now()) is not None


def _to_the_pin() -> AnyResponse:
    """Lead to the page that asks for the PIN; a process that does not serve it stays closed."""
    if WITH_A_CHILD not in current_app.view_functions:
        abort(403)
    return redirect(url_for(WITH_A_CHILD), 303)


def _enter_as_staff(endpoint: str) -> AnyResponse | None:
    secret, at = request.cookies.get(COOKIE), clock.now()
    with database().sessions() as own, own.begin():
        signed_in = admit.who(own, secret, at)
        if signed_in is None:
            return _to_sign_in()
        admit.touch(own, secret or "", at)
        staff = signed_in.staff
        own.expunge_all()
    if staff.role not in MAY.get(endpoint, ()):
        abort(404)
    if endpoint in MAY_SEND:
        request.max_content_length = MAY_SEND[endpoint]
    g.staff, g.db = staff, _for(request.method, scope.session(database().sessions, staff))
    return None


def _for(method: str, opened: Session) -> Session:
    # A page that is only looked at need not wait for whoever is writing.
    return db.read_only(opened) if method in ("GET", "HEAD") else opened


def _to_sign_in() -> AnyResponse:
    if "staff.sign_in" not in current_app.view_functions:
        abort(403)
    if request.method == "GET":
        session["after_sign_in"] = request.path
    response: Response | AnyResponse = redirect(url_for("staff.sign_in"), 303)
    return response


def _leave(_error: BaseException | None = None) -> None:
    opened = g.pop("db", None)
    if opened is not None:
        opened.close()
