"""In, out, and where a day begins."""

from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from .. import admit, clock, door, language
from ..parts import COOKIE
from . import room
from .forms import SignIn

KNOWN, KNOWN_FOR = "heard_known", 180 * 24 * 3600
FIRST_PAGES = {
    "coordinator": "staff.caseload",
    "psychologist": "staff.caseload",
    "safeguarding_lead": "staff.concerns",
    "researcher": "research.home",
    "admin": "admin.home",
}


@room.get("/")
def home() -> AnyResponse:
    """Go to the first page of the role."""
    endpoint = FIRST_PAGES[g.staff.role]
    return redirect(url_for(endpoint) if endpoint in current_app.view_functions else "/", 303)


@room.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | AnyResponse:
    """Ask for name and password; a wrong one is counted, and which of the two was wrong is not said."""
    if "lang" in request.args:
        session["language"] = language.known(request.args["lang"])
    form = SignIn()
    if form.validate_on_submit():
        secret = _try(form)
        if secret:
            return _signed_in(secret)
    return render_template("staff/sign_in.html", form=form)


@room.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this sign-in on the server, then forget it in the browser."""
    admit.sign_out(g.db, request.cookies.get(COOKIE, ""))
    g.db.commit()
    chosen = language.current()
    session.clear()
    session["language"] = chosen
    flash(_("You are signed out."))
    response = make_response(redirect(url_for(".sign_in"), 303))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=_secure())
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _try(form: SignIn) -> str | None:
    try:
        return admit.sign_in(g.db, form.login.data, form.password.data, clock.now(), known=_is_known(form.login.data))
    except (admit.NotAdmitted, admit.TooManyTries):  # one sentence: who exists, and who is being tried, is not said
        form.form_errors.append(_("The name or the password is not right. After several tries, wait five minutes."))
    finally:
        g.db.commit()  # a failure counts, too
    return None


def _signed_in(secret: str) -> Response:
    # A new page session and a new secret: nothing that was in the browser before the password opens anything after it.
    admit.sign_out(g.db, request.cookies.get(COOKIE, ""))
    g.db.commit()
    language.give_back()  # the last child's language is nobody's business
    wanted, chosen = session.get("after_sign_in"), language.current()
    session.clear()
    session["language"] = chosen
    response = make_response(redirect(_where_to(wanted, secret), 303))
    _remember(response, secret)
    return give_cookie(response, secret)


def give_cookie(response: Response, secret: str) -> Response:
    """Give the browser the secret of its sign-in."""
    response.set_cookie(COOKIE, secret, httponly=True, samesite="Strict", secure=_secure(), path="/")
    return response


def _remember(response: Response, secret: str) -> None:
    """Let the browser know that this person has signed in here before; it opens nothing."""
    signed_in = admit.who(g.db, secret, clock.now())
    if signed_in is not None:
        mark = _signer().dumps(signed_in.staff.login)
        response.set_cookie(
            KNOWN, mark, max_age=KNOWN_FOR, httponly=True, samesite="Strict", secure=_secure(), path="/staff/sign-in"
        )


def _is_known(login: str) -> bool:
    try:
        return bool(_signer().loads(request.cookies.get(KNOWN, ""), max_age=KNOWN_FOR) == login.strip().lower())
    except BadSignature:
        return False


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="known browser")


def _where_to(wanted: str | None, secret: str) -> str:
    """Return the page somebody wanted before signing in, if it is ours and theirs; else their first page."""
    signed_in = admit.who(g.db, secret, clock.now())
    role = signed_in.staff.role if signed_in else ""
    if wanted and role in door.MAY.get(_endpoint(wanted), ()):
        return wanted
    return url_for(".home")


def _endpoint(path: str) -> str:
    parts = urlsplit(path)
    if parts.scheme or parts.netloc:
        return ""
    try:
        endpoint, _arguments = current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return ""
    return str(endpoint)


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
