"""What can be heard on a child's page. The templates ask text by text; the database is asked once for a page."""

from flask import g, url_for
from sqlalchemy.exc import SQLAlchemyError

from .. import language, listen, voice
from . import room


def _marks() -> dict[str, str]:
    if "heard_marks" not in g:
        try:
            g.heard_marks = voice.marks(g.db, language.current()) if g.get("db") else {}
        except SQLAlchemyError:
            g.heard_marks = {}  # the page that says what went wrong must not fail for the same reason
    found: dict[str, str] = g.heard_marks
    return found


@room.app_template_global("say")
def say(text: object) -> dict[str, str]:
    """Return the attribute of an element that is read aloud: the address and mark of its clip, empty if there is none
    (then the voice of the tablet may know the language)."""
    address = voice.said(str(text))
    mark = _marks().get(address)
    return {"data-say": f"{address} {mark}" if mark else ""}


@room.app_template_global("clip")
def clip(text: object) -> str:
    """Return where the clip of a text can be heard without script; nothing if there is none."""
    address = voice.said(str(text))
    mark = _marks().get(address)
    return url_for(listen.PAGE, language=language.current(), said=address, v=mark) if mark else ""
