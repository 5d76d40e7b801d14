"""Checks a library: what is wrong, where, how to mend it; and how hard each form is to read."""

from typing import NamedTuple

from survey.instrument import nouns, readability, rules, shared, structure, words
from survey.instrument.problem import Problem, errors
from survey.instrument.structure import kind

__all__ = ["Row", "everything", "kind", "questionnaire", "table"]


def everything(library: nouns.Library) -> list[Problem]:
    """Every problem in the folder, in the order of the files."""
    found = [*library.problems, *_shared(library)]
    for one in library.questionnaires.values():
        found += _questionnaire(one, library)
    return sorted(set(found))


def questionnaire(one: nouns.Questionnaire, library: nouns.Library) -> list[Problem]:
    """Every problem that concerns one questionnaire: its own and those of what it shares with others."""
    files = {one.place.file, *_shared_files(library)}
    read = [problem for problem in library.problems if problem.file in files]
    return sorted({*read, *_shared(library), *_questionnaire(one, library)})


def _shared_files(library: nouns.Library) -> set[str]:
    return {*nouns.SHARED, *(stage.place.file for stage in library.stages.values())}


def _shared(library: nouns.Library) -> list[Problem]:
    found = list(shared.problems(library))
    return found if errors(found) else [*found, *rules.of_choices(library)]


def _questionnaire(one: nouns.Questionnaire, library: nouns.Library) -> list[Problem]:
    """The age rules look only at what is sound: one mistake, one message."""
    found = list(structure.of_questionnaire(one, library))
    if one.asked_of == "child" and not errors(found) and _sound(one, library):
        found += rules.of_questionnaire(one, library)
    return found


def _sound(one: nouns.Questionnaire, library: nouns.Library) -> bool:
    """Its file could be read without errors, and so could the age groups and formats."""
    files = {one.place.file, "formats.toml"}
    read = [problem for problem in library.problems if problem.file in files]
    return not errors([*read, *shared.problems(library)])


class Row(NamedTuple):
    """One line of the readable table: a questionnaire at one age in one language."""

    language: str
    age_group: str
    questionnaire: str
    questions: int
    longest_question: int
    measures: tuple[readability.Measure, ...]

    @property
    def passes(self) -> bool:
        """Does it read easily enough, by every formula of its language?"""
        return all(one.passes for one in self.measures)


def table(library: nouns.Library, language: str = "en") -> list[Row]:
    """How long and how hard each child's questionnaire is, at every age; `library` speaks the language."""
    children = [one for one in library.questionnaires.values() if one.asked_of == "child"]
    return [_row(one, group, language) for one in children for group in library.age_groups.values()]


def _row(one: nouns.Questionnaire, group: nouns.AgeGroup, language: str) -> Row:
    stems = rules.stems(one, group.id)
    return Row(
        language=language,
        age_group=group.id,
        questionnaire=one.id,
        questions=len(stems),
        longest_question=max((len(words.split(text)) for text in stems), default=0),
        measures=tuple(readability.measures(stems, group.id, language, group.max_grade)),
    )
