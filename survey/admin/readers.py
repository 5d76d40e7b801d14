"""How many children read which language: counts of the whole organisation, and nothing else about anybody."""

from .. import choose, db
from ..parts import database


def by_language(*, in_open_rounds: bool) -> dict[str, int]:
    """Count the children by language: those with an open round, or all who have not left."""
    with db.read_only(database().sessions()) as everybody:
        return choose.readers(everybody, in_open_rounds=in_open_rounds)
