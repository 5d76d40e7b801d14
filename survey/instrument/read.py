"""TOML files → the nouns of the questionnaire language, with every problem noted and none raised."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from survey.instrument import check
from survey.instrument.fields import Fields, each, numbered, top
from survey.instrument.nouns import (
    AGE_GROUPS,
    SHARED,
    STAFF,
    Act,
    AgeGroup,
    Format,
    Library,
    Missing,
    Option,
    OptionList,
    Place,
    Practice,
    Question,
    Questionnaire,
    Stage,
    Topic,
)
from survey.instrument.problem import Problem, shown
from survey.instrument.source import Source, load

Noun = TypeVar("Noun")


def library(folder: Path) -> Library:
    """Read and check every questionnaire file under a folder. All that is wrong is in `problems`."""
    shelf = _shelf(Path(folder))
    shelf.problems = check.everything(shelf)
    return shelf


def _shelf(folder: Path) -> Library:
    shelf = Library(folder)
    sources = dict(_sources(shelf))
    for name in SHARED:
        if source := sources.pop(name, None):
            READERS[name](source, shelf)
        elif not any(problem.file == name for problem in shelf.problems):
            shelf.problems.append(Problem(name, 0, "E328", "", "this file is missing", "Put it back."))
    for source in sources.values():
        _read_one(source, shelf)
    return shelf


def questionnaire(path: Path, name: str | None = None) -> tuple[Questionnaire | None, list[Problem]]:
    """Read a single questionnaire file, without the library around it."""
    source, problems = load(Path(path), name or Path(path).name)
    return (_questionnaire(source, problems), problems) if source else (None, problems)


def _sources(shelf: Library) -> Iterator[tuple[str, Source]]:
    paths = sorted(_toml_files(shelf.folder))
    if not paths:
        what, cure = "there are no questionnaires here", "Name the folder that holds topics.toml."
        shelf.problems.append(Problem(shelf.folder.name, 0, "E328", "", what, cure))
    for path in paths:
        name = path.relative_to(shelf.folder).as_posix()
        source, problems = load(path, name)
        shelf.problems.extend(problems)
        shelf.whole = shelf.whole and source is not None
        if source:
            yield name, source


def _toml_files(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in [*folders, *files] if name.endswith(".toml"))
        folders[:] = [name for name in folders if not name.endswith(".toml")]


def _read_one(source: Source, shelf: Library) -> None:
    if Path(source.file).name == "stage.toml":
        _keep(shelf.stages, "stage", _stage(source, shelf.problems), shelf.problems)
    elif found := _questionnaire(source, shelf.problems):
        _keep(shelf.questionnaires, "questionnaire", found, shelf.problems)


def _keep(shelf: dict[str, Any], what: str, noun: Any, problems: list[Problem], key: str = "id") -> None:
    """Put a noun on its shelf; the second with the same id is refused and both places are named."""
    id = getattr(noun, key)
    if first := shelf.get(id):
        told = f"{what} {shown(id)} is already in {first.place.file}:{first.place.line(key)}"
        problems.append(Problem(noun.place.file, noun.place.line(key), "E312", "", told, "Rename or remove one."))
    elif id:
        shelf[id] = noun


def _finished(fields: Fields, noun: Noun) -> Noun:
    fields.finish()
    return noun


# ---- topics, lists, formats --------------------------------------------------------------------------------


def _topics(source: Source, shelf: Library) -> None:
    fields = Fields(source.data, top(source), shelf.problems)
    for one in each(fields, source, "topic"):
        _keep(shelf.topics, "topic", _topic(one), shelf.problems)
    fields.finish()


def _topic(fields: Fields) -> Topic:
    fields.question = _name_of(fields)
    return _finished(
        fields,
        Topic(
            id=fields.code("id", required=True),
            stage=fields.code("stage", required=True),
            scale=fields.code("scale", required=True),
            name=fields.text("name", required=True),
            child_name=fields.text("child_name", required=True),
            ask=fields.text("ask", required=True),
            na=fields.text("na"),
            options=_options(fields, "options", _topic_option),
            child_phrase=fields.texts("child_phrase", required=True),
            decided=fields.texts("decided", required=True),
            place=fields.place,
        ),
    )


def _name_of(fields: Fields) -> str:
    name = fields.table.get("id", fields.table.get("code", ""))
    return name if isinstance(name, str) else ""


def _options(fields: Fields, key: str, read: Callable[[Fields], Option], first: int = 0) -> tuple[Option, ...]:
    """The options of a list. `first` counts the options that stand above it in the same table."""
    return tuple(
        read(Fields(item, _option_place(fields, key, first + number), fields.problems, fields.question))
        for number, item in enumerate(fields.tables(key, required=True))
    )


def _option_place(fields: Fields, key: str, number: int) -> Place:
    place = fields.place
    return Place(place.file, {"": place.lines.get(f"option {number}", place.line(key))})


def _topic_option(fields: Fields) -> Option:
    child, staff = fields.text("child", required=True), fields.text("staff", required=True)
    return _finished(
        fields,
        Option(
            code=fields.code("code", required=True),
            labels=dict.fromkeys(AGE_GROUPS, child) | {STAFF: staff},
            from_age=fields.whole("from_age") or 0,
            last=fields.flag("last"),
            picture=fields.code("picture"),
        ),
    )


def _list_option(fields: Fields) -> Option:
    child, staff = fields.text("child"), fields.text("staff", required=True)
    return _finished(
        fields,
        Option(
            code=fields.code("code", required=True),
            labels=(dict.fromkeys(AGE_GROUPS, child) if child else {}) | {STAFF: staff},
            kind=fields.code("kind"),
            of=fields.code("of"),
        ),
    )


def _lists(source: Source, shelf: Library) -> None:
    fields = Fields(source.data, top(source), shelf.problems)
    for one in each(fields, source, "list"):
        one.question = _name_of(one)
        _keep(
            shelf.lists,
            "list",
            _finished(
                one,
                OptionList(
                    id=one.code("id", required=True),
                    name=one.text("name", required=True),
                    options=_options(one, "options", _list_option),
                    place=one.place,
                ),
            ),
            shelf.problems,
        )
    fields.finish()


def _formats(source: Source, shelf: Library) -> None:
    fields = Fields(source.data, top(source), shelf.problems)
    for one in each(fields, source, "format"):
        _keep(shelf.formats, "format", _format(one), shelf.problems)
    for one in each(fields, source, "missing"):
        _keep(shelf.missing, "missing answer", _missing(one), shelf.problems, key="code")
    for one in each(fields, source, "age_group"):
        group = _age_group(one)
        shelf.age_groups[group.id] = group
    fields.finish()


def _format(fields: Fields) -> Format:
    fields.question = _name_of(fields)
    return _finished(
        fields,
        Format(
            id=fields.code("id", required=True),
            kind=fields.code("kind", required=True),
            scale=fields.code("scale") or None,
            options=_format_options(fields),
            max_chars=fields.whole("max_chars"),
            unique=fields.flag("unique"),
            place=(fields.text("name", required=True), fields.place)[1],
        ),
    )


def _format_options(fields: Fields) -> dict[str, tuple[Option, ...]]:
    fields.known.add("options")
    inner = Fields(fields.table.get("options", {}), fields.place, fields.problems, fields.question)
    found: dict[str, tuple[Option, ...]] = {}
    for group in inner.table:
        before = sum(len(options) for options in found.values())
        found[group] = _options(inner, group, _format_option(group), before)
    return found


def _format_option(group: str) -> Callable[[Fields], Option]:
    def read(fields: Fields) -> Option:
        labels = {group: fields.text("label", required=True)}
        return _finished(fields, Option(code=fields.code("code", required=True), labels=labels))

    return read


def _missing(fields: Fields) -> Missing:
    fields.question = _name_of(fields)
    return _finished(
        fields,
        Missing(
            code=fields.code("code", required=True),
            name=fields.text("name", required=True),
            to=fields.codes("to", required=True),
            labels=fields.texts("label", required=True),
            place=fields.place,
        ),
    )


def _age_group(fields: Fields) -> AgeGroup:
    def whole(key: str) -> int:
        return fields.whole(key, required=True) or 0

    return _finished(
        fields,
        AgeGroup(
            id=fields.code("id", required=True),
            from_age=whole("from"),
            to_age=whole("to"),
            max_words=whole("max_words"),
            max_label_words=whole("max_label_words"),
            max_ordinal=whole("max_ordinal"),
            max_nominal=whole("max_nominal"),
            max_questions=whole("max_questions"),
            max_syllables=whole("max_syllables"),
            max_grade=fields.number("max_grade", required=True),
            recall=fields.codes("recall", required=True),
            target_minutes=whole("target_minutes"),
            stop_minutes=whole("stop_minutes"),
            max_assent_words=whole("max_assent_words"),
        ),
    )


# ---- stages, the practice question, questionnaires ---------------------------------------------------------


def _practice(source: Source, shelf: Library) -> None:
    fields = Fields(source.data, top(source), shelf.problems, "practice")
    shelf.practice = _finished(
        fields,
        Practice(
            format=fields.code("format", required=True),
            text=fields.texts("text", required=True),
            hint=fields.texts("hint", required=True),
            place=fields.place,
        ),
    )


def _stage(source: Source, problems: list[Problem]) -> Stage:
    fields = Fields(source.data, top(source), problems)
    return _finished(
        fields,
        Stage(
            id=fields.code("id", required=True),
            pathway=fields.code("pathway", required=True),
            number=fields.whole("number"),
            title=fields.texts("title", required=True),
            happens=fields.texts("happens", required=True),
            next=fields.texts_by("next"),
            acts=tuple(_act(one) for one in each(fields, source, "act")),
            place=fields.place,
        ),
    )


def _act(fields: Fields) -> Act:
    fields.question = _name_of(fields)
    return _finished(
        fields,
        Act(
            id=fields.code("id", required=True),
            element=fields.code("element", required=True),
            child=fields.text("child"),
            staff=fields.text("staff", required=True),
        ),
    )


def _questionnaire(source: Source, problems: list[Problem]) -> Questionnaire | None:
    fields = Fields(source.data, top(source), problems)
    asked_of = fields.code("asked_of", required=True)
    noun = Questionnaire(
        id=fields.code("id", required=True),
        version=_version(fields),
        stage=fields.code("stage"),
        asked_of=asked_of,
        phrases=fields.flag("phrases"),
        title=fields.texts("title", required=True),
        next=fields.texts_by("next"),
        questions=tuple(_questions(source, fields)),
        place=fields.place,
    )
    return _finished(fields, noun) if noun.id else None


def _version(fields: Fields) -> int:
    found = fields.whole("version", required=True)
    return 1 if found is None else found


def _questions(source: Source, fields: Fields) -> Iterator[Question]:
    for number, table in enumerate(fields.tables("question", required=True)):
        yield _question(Fields(table, numbered(source, "question", number), fields.problems))


def _question(fields: Fields) -> Question:
    fields.question = _name_of(fields)
    return _finished(
        fields,
        Question(
            id=fields.code("id", required=True),
            construct=fields.code("construct", required=True),
            topic=fields.code("topic"),
            pair=fields.code("pair"),
            format=fields.code("format"),
            list=fields.code("list"),
            rows=fields.code("rows"),
            kind=fields.code("kind"),
            wave=fields.code("wave"),
            seen_by=fields.code("seen_by"),
            recall=fields.code("recall"),
            relevant=fields.code("relevant"),
            reasons=fields.code("reasons"),
            na=fields.text("na"),
            concern=fields.texts("concern"),
            text=_text(fields),
            parts=fields.texts("parts"),
            min=fields.whole("min"),
            max=fields.whole("max"),
            place=fields.place,
        ),
    )


def _text(fields: Fields) -> Mapping[str, str]:
    """One text for staff, or one per age group."""
    plain = fields.any_text("text")
    return fields.texts("text", required=True) if plain is None else {STAFF: plain}


READERS: dict[str, Callable[[Source, Library], None]] = {
    "topics.toml": _topics,
    "formats.toml": _formats,
    "lists.toml": _lists,
    "practice.toml": _practice,
}
