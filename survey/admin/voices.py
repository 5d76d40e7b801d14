"""The voices: what is recorded and what is missing, and the studio where one sentence after another is read aloud."""

import uuid
from collections import Counter
from itertools import groupby

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from .. import clock, db, record, voice
from ..language import LANGUAGES
from . import fields, room
from .forms import ClipForm

SHOWN = {
    "open": (voice.MISSING, voice.DRAFT),
    "missing": (voice.MISSING,),
    "draft": (voice.DRAFT,),
    "all": (voice.MISSING, voice.DRAFT, voice.RECORDED),
}


@room.get("/voices")
def voices() -> str:
    """Show how far a language has come, and its sentences by questionnaire."""
    offered = [LANGUAGES[code] for code in voice.languages(g.db)]
    spoken = next((one for one in offered if one.code == request.args.get("spoken")), offered[0] if offered else None)
    phrases = voice.wanted(g.db, spoken.code) if spoken else []
    shown = [one for one in phrases if _is_shown(one)]
    return render_template(
        "admin/voices.html", offered=offered, spoken=spoken, states=Counter(one.state for one in phrases),
        total=len(phrases), shown=len(shown), groups=_groups(shown), views=_views(), **_view(),
    )  # fmt: skip


@room.route("/voice/<language>/<said>", methods=["GET", "POST"])
def studio(language: str, said: str) -> str | Response:
    """Show one sentence; keep what was read aloud, and go on to the next."""
    if request.method == "POST":
        db.read_only(g.db)  # nobody waits while a sound is read and evened out
    phrases = voice.wanted(g.db, language) if language in LANGUAGES else []
    one = next((phrase for phrase in phrases if phrase.said == said), None) or abort(404)
    form, after = ClipForm(), _after(phrases, one)
    if form.validate_on_submit() and _keep(form, one):
        return redirect(_address(language, after), 303)
    return render_template(
        "admin/studio.html", form=form, one=one, spoken=LANGUAGES[language], total=len(phrases),
        recorded=sum(phrase.state == voice.RECORDED for phrase in phrases),
        before=_after(phrases[::-1], one), after=after, address=_address, **_view(),
    )  # fmt: skip


@room.post("/voice/<language>/<said>/take_back")
def take_back(language: str, said: str) -> Response:
    """Delete the recording that is heard now; the one before it, or the draft, is heard again."""
    clip = voice.find(g.db, language, said) or abort(404)
    if clip.kind != voice.RECORDED or clip.id.hex != request.form.get("clip"):
        flash(_("Nothing was taken back: somebody recorded this sentence again. Listen to it first."), "wrong")
    else:
        voice.take_back(g.db, clip)
        _record("took back a voice", clip.id)
        flash(_("The recording is taken back. What was heard before is heard again."))
    return redirect(_studio(language, said), 303)


def _keep(form: ClipForm, one: voice.Phrase) -> bool:
    sound = form.sound.data.read(voice.MOST_BYTES + 1)
    db.end_reading(g.db)
    try:
        clip = voice.keep(g.db, one.language, one.text, sound, voice.RECORDED, g.staff.name, clock.now())
    except voice.Unusable as error:
        fields.said(form.sound, _why(error))
        return False
    _record("recorded a voice", clip.id)
    flash(_("Saved: %(seconds)s seconds.", seconds=round(clip.seconds, 1)))
    return True


def _why(error: voice.Unusable) -> str:
    """What is wrong with a sound, and what to do."""
    cures = {
        voice.NotSound: _("This is not a sound file that Heard can read. Save it as WAV, FLAC, OGG or MP3."),
        voice.TooBig: _("The file is larger than 8 MB. Save it as MP3 or FLAC and try again."),
        voice.TooLong: _("The recording is longer than 60 seconds. Record this one sentence only."),
        voice.TooShort: _("The recording is too short. Begin, read the whole sentence, and stop after it."),
        voice.Silent: _(
            "Nothing can be heard. Check that the right microphone is chosen and not muted, come closer, and try again."
        ),
        voice.NotInstalled: _(
            "This server cannot work with sound yet. Whoever looks after it can run: pip install 'heard[voice]'"
        ),
    }
    return str(cures[type(error)])


def _views() -> dict[str, str]:
    return {
        "open": _("Not recorded yet"),
        "missing": _("Without any voice"),
        "draft": _("With a draft voice only"),
        "all": _("All sentences"),
    }


def _view() -> dict[str, str]:
    """What is looked at, as it stands in the address."""
    show = request.args.get("show", "")
    return {"show": show if show in SHOWN else "open", "q": fields.clean(request.args.get("q"))[:100]}


def _is_shown(one: voice.Phrase) -> bool:
    view = _view()
    return one.state in SHOWN[view["show"]] and view["q"].casefold() in f"{one.text} {one.question}".casefold()


def _groups(phrases: list[voice.Phrase]) -> list[tuple[str, list[voice.Phrase]]]:
    """Sentences by questionnaire, under the name the youngest children read."""
    groups = [list(found) for _name, found in groupby(phrases, key=lambda one: one.questionnaire)]
    return [(group[0].title, group) for group in groups]


def _after(phrases: list[voice.Phrase], one: voice.Phrase) -> voice.Phrase | None:
    """The next sentence to show; after the last one the search begins again at the first."""
    here = phrases.index(one)
    return next((other for other in phrases[here + 1 :] + phrases[:here] if _is_shown(other)), None)


def _address(language: str, one: voice.Phrase | None) -> str:
    if one is None:
        view = _view()
        return url_for(".voices", spoken=language, show=view["show"], q=view["q"])
    return _studio(language, one.said)


def _studio(language: str, said: str) -> str:
    view = _view()
    return url_for(".studio", language=language, said=said, show=view["show"], q=view["q"])


def _record(action: str, clip: uuid.UUID) -> None:
    record.write(g.db, g.staff, action, "clip", clip, clock.now())
    g.db.commit()
