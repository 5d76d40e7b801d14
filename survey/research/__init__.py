"""The research room: numbers after disclosure control, exports without names, and the words of every question."""

from flask import Blueprint

__all__ = ["codebook", "exports", "home", "reports", "room"]

room = Blueprint("research", __name__)

from . import codebook, exports, home, reports  # noqa: E402 - each registers its pages on `room`
