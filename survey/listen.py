"""The address of a clip: `/voice/<language>/<said>.mp3`, for the child's room and the studio alike, in every process.

Open to everybody: a clip is a printed sentence read aloud, and its address says nothing about who listens.
"""

import io
import re

from flask import Flask, Response, g, request, send_file

from . import voice
from .language import LANGUAGES

PAGE = "voice"
MARK = re.compile("[0-9a-f]{12}")
A_YEAR = 365 * 24 * 60 * 60


def start(app: Flask) -> None:
    """Register the address."""
    app.add_url_rule("/voice/<language>/<string(length=12):said>.mp3", PAGE, _voice)


def _voice(language: str, said: str) -> Response:
    # Known languages and marks of texts only, and even those are looked up as values: nothing here is ever a path.
    clip = voice.find(g.db, language, said) if language in LANGUAGES and MARK.fullmatch(said) else None
    if clip is None:
        return _nothing()
    for_ever = request.args.get("v") == voice.mark_of(clip.id)  # without its mark the next recording has this address
    reply = send_file(
        io.BytesIO(clip.mp3), "audio/mpeg", conditional=True, etag=clip.id.hex, last_modified=clip.made_at,
        max_age=A_YEAR,
    )  # fmt: skip
    if for_ever:
        reply.cache_control.public, reply.cache_control.immutable = True, True
    else:
        reply.headers["Cache-Control"] = "no-cache"
    return reply


def _nothing() -> Response:
    # A page of words would be no answer to a player; and a recording made later must be found at once.
    return Response("Nobody has read this aloud yet.\n", 404, {"Cache-Control": "no-store"}, "text/plain")
