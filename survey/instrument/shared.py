"""Is what questionnaires share sound? Topics, lists, formats, missing answers, stages, age groups, practice."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from survey.instrument import pictures
from survey.instrument.notes import Notes
from survey.instrument.nouns import (
    AGE_GROUPS,
    STAFF,
    Format,
    Library,
    Missing,
    Option,
    OptionList,
    Stage,
    Topic,
)
from survey.instrument.problem import Problem, shown

KINDS = ("one", "many", "text", "number", "rating")
SCALES = ("nominal", "ordinal")
REASON_KINDS = ("best_interest", "system", "other")


def problems(library: Library) -> Iterator[Problem]:
    """Every problem of structure in what questionnaires share."""
    looks: list[tuple[Mapping[str, object], Callable[..., None]]] = [
        (library.topics, _topic),
        (library.lists, _list),
        (library.formats, _format),
        (library.stages, _stage),
        (library.missing, _missing),
    ]
    for shelf, look in looks:
        for id, noun in shelf.items():
            notes = Notes(noun.place, id)  # type: ignore[attr-defined]
            look(noun, library, notes)
            yield from notes.problems
    yield from _age_groups(library)
    yield from _practice(library)


def _twice(options: Collection[Option], notes: Notes, first: int = 0) -> bool:
    seen = Counter[str]()
    for number, option in enumerate(options, first):
        seen[option.code] += 1
        if seen[option.code] == 2:
            what = f"option {shown(option.code)} appears twice"
            notes.wrong("E314", f"option {number}", what, "Rename or remove one.")
    return len(seen) < len(options)


def _topic(topic: Topic, library: Library, notes: Notes) -> None:
    notes.choice("scale", topic.scale, SCALES)
    notes.choice("stage", topic.stage, library.stages)
    if _twice(topic.options, notes):
        return
    pictures.of_topic(topic, notes)
    codes = {option.code for option in topic.options}
    for key, phrases in (("child_phrase", topic.child_phrase), ("decided", topic.decided)):
        for code in sorted(codes - set(phrases)):
            notes.wrong(
                "E314",
                key,
                f"{shown(key)} has no words for the option {shown(code)}",
                f"Add {key}.{code} = …",
            )
        for code in sorted(set(phrases) - codes):
            notes.choice(f"{key}.{code}", code, codes, "E311")
    if topic.scale == "ordinal" and not all(code.isdecimal() for code in codes):
        notes.wrong("E314", "options", "an ordinal topic has codes that are not numbers", "Number them from least up.")


def _list(found: OptionList, _: Library, notes: Notes) -> None:
    _twice(found.options, notes)
    for number, option in enumerate(found.options):
        if found.id == "reasons":
            notes.needed(f"option {number}", option.kind, REASON_KINDS)
            if not option.labels.get(AGE_GROUPS[0]):
                notes.wrong("E314", f"option {number}", f"{shown(option.code)} has no words for a child", "Add child.")


def _format(form: Format, _: Library, notes: Notes) -> None:
    notes.choice("kind", form.kind, KINDS)
    if form.scale is not None:
        notes.choice("scale", form.scale, SCALES)
    first = 0
    for group, options in form.options.items():
        notes.choice(f"options.{group}", group, (*AGE_GROUPS, STAFF), "E311")
        _twice(options, notes, first)
        first += len(options)


def _missing(missing: Missing, _: Library, notes: Notes) -> None:
    groups = AGE_GROUPS if {"wish", "scale", "open"} & set(missing.to) else ()
    staff = (STAFF,) if {"belief", "staff", "interview"} & set(missing.to) else ()
    notes.for_every_group("label", missing.labels, (*groups, *staff))


def _stage(stage: Stage, library: Library, notes: Notes) -> None:
    asked = any(one.asked_of == "child" and one.stage == stage.id for one in library.questionnaires.values())
    children = asked or bool(set(stage.title) & set(AGE_GROUPS))
    groups = (*AGE_GROUPS, STAFF) if children else (STAFF,)
    notes.for_every_group("title", stage.title, groups)
    notes.for_every_group("happens", stage.happens, groups)
    for wave in ("before", "after") if children else ():
        notes.for_every_group(f"next.{wave}", stage.next.get(wave, {}), AGE_GROUPS)


def _age_groups(library: Library) -> Iterator[Problem]:
    for group in AGE_GROUPS:
        if group not in library.age_groups:
            yield Problem("formats.toml", 0, "E310", "", f"the age group {group} is missing", "Put it back.")
    for group in library.age_groups:
        if group not in AGE_GROUPS:
            yield Problem("formats.toml", 0, "E329", "", f"the age group {shown(group)} is not known", "Remove it.")


def _practice(library: Library) -> list[Problem]:
    practice = library.practice
    if practice is None:
        return []
    notes = Notes(practice.place, "practice")
    notes.choice("format", practice.format, library.formats, "E332")
    notes.for_every_group("text", practice.text, AGE_GROUPS)
    notes.for_every_group("hint", practice.hint, AGE_GROUPS)
    form = library.formats.get(practice.format)
    if form and not all(form.options.get(group) for group in AGE_GROUPS):
        notes.wrong("E314", "format", "this format has no options for every age group", 'Use the format "X3".')
    return notes.problems
