"""Every error in words a person can act on; never a stack trace, never what a child typed."""

from flask import Flask, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError


def explain(app: Flask) -> None:
    """Register one page for all errors; the child's room says it in its own way."""
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(code: int, title: str, advice: str) -> tuple[str, int]:
    child = request.blueprint == "child" or (
        request.blueprint is None and not request.path.startswith(("/staff", "/research", "/admin"))
    )
    return render_template(
        "child/error.html" if child else "staff/error.html", title=title, advice=advice, code=code, home=_home(child)
    ), code


def _home(child: bool) -> str:
    """Where the one button of the page leads; nowhere in a process that does not serve that page."""
    wanted = "child.welcome" if child else "staff.home"
    return url_for(wanted) if wanted in current_app.view_functions else ""


def _unknown_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # No page and no link can be built for a host that is not ours.
    return "This is not the address of Heard.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _form_expired(_error: CSRFError) -> tuple[str, int]:
    return _page(
        400, _("Please try again"), _("This page was open for a long time. Go back, and press the button once more.")
    )


def _http(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    nothing = (_("There is nothing here"), _("The page does not exist, or it is not yours to open."))
    titles = {
        403: nothing,  # a process that cannot ask who is there says no more than one where nothing is
        404: nothing,
        405: (_("That does not work here"), _("Go back and use the buttons on the page.")),
        413: (_("That was too much at once"), _("Please shorten what you wrote and try again.")),
        409: (_("This is open in another window"), _("Close the other window and start again from the card.")),
    }
    title, advice = titles.get(code, (_("That could not be read"), _("Please go back and try again.")))
    return _page(code, title, advice)


def _unexpected(error: Exception) -> tuple[str, int]:
    current_app.logger.error("Unexpected %s at %s", type(error).__name__, request.endpoint)
    return _page(
        500,
        _("Something went wrong on our side"),
        _("Nothing you did was wrong. Please tell an adult who looks after the tablet."),
    )
