"""The nine pictures behind the screen that hides a page. One of them is the child's own, and nothing else opens it."""

from . import room
from .words import _


@room.app_template_global("nine")
def nine() -> list[tuple[str, str]]:
    """Return each picture (a file in static/child/pictures/hide) and its name, in the order of `visits.PICTURES`."""
    return [
        ("boat", _("Boat")), ("kite", _("Kite")), ("key", _("Key")), ("shell", _("Shell")), ("leaf", _("Leaf")),
        ("star", _("Star")), ("cup", _("Cup")), ("drum", _("Drum")), ("moon", _("Moon")),
    ]  # fmt: skip
