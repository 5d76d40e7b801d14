"""The staff's room: the children in their care, the wishes they share, decisions, and the answers owed to them."""

from flask import Blueprint

__all__ = [
    "account", "cards", "caseload", "children", "concerns", "decisions", "frame", "interviews", "languages",
    "perception", "replies", "room", "rounds", "sign_in",
]  # fmt: skip

room = Blueprint("staff", __name__)

# Each of these registers its pages on `room`.
from . import (  # noqa: E402
    account,
    cards,
    caseload,
    children,
    concerns,
    decisions,
    frame,
    interviews,
    languages,
    perception,
    replies,
    rounds,
    sign_in,
)
