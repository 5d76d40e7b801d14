"""My own sign-in: the PIN, and the tablet that goes to a child and comes back."""

from flask import current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import Length

from .. import admit, clock, hand, language
from .. import models as m
from ..parts import COOKIE
from . import room
from .forms import needed, said
from .sign_in import give_cookie

OF_A_CHILD = ("visit", "goodbye", "look")  # what a child's visit leaves in the browser's session
DIGITS = {"inputmode": "numeric", "autocomplete": "off", "data-1p-ignore": ""}


class Pin(FlaskForm):  # type: ignore[misc]
    """A PIN, and the password that says who sets it."""

    pin = PasswordField(
        _l("New PIN"), [needed(_l("Write a PIN.")), Length(max=40)], render_kw=DIGITS,
        description=_l("Four to eight digits. It takes a tablet back from a child and opens nothing else."),
    )  # fmt: skip
    password = PasswordField(
        _l("Password"), [needed(_l("Write your password.")), Length(max=500)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip


class TakeBack(FlaskForm):  # type: ignore[misc]
    """What only the adult knows."""

    entered = PasswordField(
        _l("Your PIN"), [needed(_l("Write your PIN.")), Length(max=500)], render_kw={**DIGITS, "autofocus": True}
    )


@room.route("/account", methods=["GET", "POST"])
def account() -> str | Response | tuple[str, int]:
    """Set or change the PIN; hand the tablet to a child."""
    form, mine = Pin(), g.db.get_one(m.StaffMember, g.staff.id)
    if not form.validate_on_submit():
        return render_template("staff/account.html", form=form, mine=mine), 422 if form.errors else 200
    try:
        hand.choose_pin(g.db, mine, form.password.data, form.pin.data, clock.now())
    except (hand.NotAPin, hand.TooEasy) as error:
        said(form.pin, _too_easy() if isinstance(error, hand.TooEasy) else _("A PIN has four to eight digits."))
    except (admit.NotAdmitted, admit.TooManyTries):
        said(form.password, _("The password is not right. After several tries, wait five minutes."))
    g.db.commit()  # a wrong password counts, too
    if form.errors:
        return render_template("staff/account.html", form=form, mine=mine), 422
    flash(_("The PIN is set."))
    return redirect(url_for(".account"), 303)


def _too_easy() -> str:
    return str(_("This PIN is found at once. Do not use one digit only, or digits in a row."))


@room.post("/hand_over")
def hand_over() -> Response:
    """Give the tablet to a child: our rooms close, nothing of them stays in the browser, nobody is signed out."""
    if not children_here():
        flash(elsewhere(), "wrong")
        return redirect(url_for(".account"), 303)
    hand.over(g.db, request.cookies.get(COOKIE, ""), clock.now())
    g.db.commit()
    chosen = language.current()
    session.clear()
    session["language"], session["handed_over"] = chosen, True
    response: Response = make_response(redirect("/", 303))
    response.headers["Clear-Site-Data"] = '"cache"'  # the back button finds none of our pages
    return response


@room.route("/tablet", methods=["GET", "POST"])
def tablet() -> str | Response | tuple[str, int]:
    """Ask for the PIN. While a child has the tablet, every address of ours leads here."""
    secret, form = request.cookies.get(COOKIE, ""), TakeBack()
    signed_in = hand.with_child(g.db, secret, clock.now())
    if signed_in is None:
        session.pop("handed_over", None)
        return redirect(url_for(".home" if admit.who(g.db, secret, clock.now()) else ".sign_in"), 303)
    if signed_in.staff.pin_hash is None:
        form.entered.label.text = _("Your password")
        form.entered.render_kw = {"autocomplete": "off", "autofocus": True}
    if not form.validate_on_submit():
        return render_template("staff/tablet.html", form=form), 422 if form.errors else 200
    return _take_back(form, secret)


@room.app_template_global("children_here")
def children_here() -> bool:
    """Does this process serve the child's pages, so that there is something to hand over?"""
    return "child" in current_app.blueprints


@room.app_template_global("children_elsewhere")
def elsewhere() -> str:
    """Where to go when it does not."""
    return str(_("Children answer at another address. Sign out here first, then open it on the tablet."))


def _take_back(form: TakeBack, secret: str) -> Response | tuple[str, int]:
    try:
        new = hand.back(g.db, secret, form.entered.data, clock.now())
    except hand.WrongPin:
        said(form.entered, _("That is not right. After five wrong entries you sign in again."))
        return render_template("staff/tablet.html", form=form), 422
    except hand.TriedTooOften:
        flash(_("There were five wrong entries. Sign in again."))
        return redirect(url_for(".sign_in"), 303)
    except hand.NotHandedOver:  # ended, or taken back, by what was sent a moment earlier
        return redirect(url_for(".sign_in"), 303)
    finally:
        g.db.commit()  # what was entered counts, right or wrong
    _forget_the_child()
    return give_cookie(make_response(redirect(url_for(".home"), 303)), new)


def _forget_the_child() -> None:
    """Only an adult who is known again ends a visit: five wrong entries are no reason to take it from a child."""
    for name in (*OF_A_CHILD, "handed_over"):
        session.pop(name, None)
    language.give_back()
