"""The staff's room: the children in their care, the wishes they share, decisions, and the answers owed to them."""

from flask import Blueprint

__all__ = [
    "cards", "caseload", "children", "concerns", "decisions", "frame", "interviews", "perception", "replies", "room",
    "rounds", "sign_in",
]  # fmt: skip

room = Blueprint("staff", __name__)

# Each of these registers its pages on `room`.
from . import (  # noqa: E402
    cards,
    caseload,
    children,
    concerns,
    decisions,
    frame,
    interviews,
    perception,
    replies,
    rounds,
    sign_in,
)
