"""The pictures an option can have: a closed list of files, so that a name is known or is a mistake."""

from collections import Counter
from pathlib import Path

from survey.instrument.notes import Notes
from survey.instrument.nouns import Topic
from survey.instrument.problem import shown

FOLDER = Path(__file__).parent.parent / "static" / "child" / "pictures"
KNOWN = frozenset(path.stem for path in FOLDER.glob("*.svg"))


def of_topic(topic: Topic, notes: Notes) -> None:
    """Every option of a list has a picture of its own, or none has; a scale has none, because a picture would pull."""
    seen = Counter[str]()
    wanted = any(option.picture for option in topic.options)
    for number, option in enumerate(topic.options):
        line = f"option {number}"
        notes.choice(line, option.picture, KNOWN, name="picture")
        seen[option.picture] += 1
        if topic.scale == "ordinal":
            if option.picture:
                notes.wrong("E335", line, "a scale has no pictures", "Delete picture: its stones show how much.")
        elif wanted and not option.picture:
            what = f"option {shown(option.code)} has no picture and others here have one"
            notes.wrong("E335", line, what, "Give every option a picture, or none.")
        elif wanted and seen[option.picture] == 2:
            notes.wrong("E335", line, f"picture {shown(option.picture)} appears twice", "Choose another, or draw one.")
