"""Collects problems at the places of one table, in the words of docs/questionnaires.md."""

import difflib
from collections.abc import Collection, Mapping

from survey.instrument.nouns import Place
from survey.instrument.problem import Problem, shown


class Notes:
    """Collects problems at the places of one table."""

    def __init__(self, place: Place, question: str = "") -> None:
        self.place, self.question, self.problems = place, question, list[Problem]()

    def wrong(self, code: str, key: str, what: str, cure: str) -> None:
        """Note one problem at the line of a key."""
        self.problems.append(Problem(self.place.file, self.place.line(key), code, self.question, what, cure))

    def choice(self, key: str, value: str, allowed: Collection[str], code: str = "E329", name: str = "") -> None:
        """A value, where there is one, must be one of those allowed. `name` is what people call it, if not its key."""
        if value and value not in allowed:
            near = difflib.get_close_matches(value[:40], sorted(allowed), n=1)
            cure = f"Did you mean {shown(near[0])}?" if near else f"Choose from: {', '.join(sorted(allowed))}."
            self.wrong(code, key, f"{name or key} {shown(value)} is not known", cure)

    def needed(self, key: str, value: str, allowed: Collection[str]) -> None:
        """The value must be there, and one of those allowed."""
        self.choice(key, value, allowed)
        if not value:
            self.wrong("E310", key, f"{shown(key)} is missing", f"Choose from: {', '.join(sorted(allowed))}.")

    def for_every_group(self, key: str, found: Mapping[str, str], groups: Collection[str]) -> None:
        """There is a text for each age group (or for staff), and for nobody else."""
        for group in groups:
            if group not in found:
                self.wrong("E314", key, f"{shown(key)} has no text for {group}", f"Add {key}.{group} = …")
        for group in found:
            if group not in groups:
                self.choice(f"{key}.{group}", group, groups, "E311")
