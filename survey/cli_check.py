"""`heard check`: is every questionnaire in order, in English and in every language it is translated into?"""

from collections.abc import Iterable
from pathlib import Path

import click

from . import publish
from .cli import DATA, main, plain_errors, shipped, stop
from .instrument import check as checks
from .instrument import problem, rules
from .instrument.nouns import AgeGroup, Library
from .instrument.problem import Problem
from .instrument.readability import Measure
from .translation import books, complete
from .translation import rules as spoken_rules
from .translation.languages import LANGUAGES

ADULT, ORGANISATION = "Anna Petrova", "Our organisation"  # names as long as names are
TELLING = "survey/child/words.py"


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--table/--no-table", default=True, help="Show how easy each questionnaire reads.")
@click.option("--language", metavar="CODE", help="One language only, for example ru.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@plain_errors
def check(folder: Path | None, table: bool, language: str | None, strict: bool) -> None:
    """Check questionnaires and translations: structure, pairs, skip conditions, age rules."""
    library = shipped(folder)
    if language is not None and language not in LANGUAGES:
        stop(DATA, f"There is no language {language!r}. Known are: {', '.join(LANGUAGES)}.")
    sound = not problem.errors(library.problems)
    codes = [language] if language else list(LANGUAGES)
    spoken = {code: _speaking(library, code) for code in codes if sound or code == complete.SOURCE}
    if table:
        _print_table([row for code, said in spoken.items() for row in checks.table(said, code)])
    found = {code: _problems(code, library, said) for code, said in spoken.items()}
    _print_rules(found)
    _finish(library, [*library.problems, *(one for some in found.values() for one in some)], strict, len(spoken))


def _speaking(library: Library, code: str) -> Library:
    return library if code == complete.SOURCE else publish.speaking(library, code)


def _problems(code: str, library: Library, spoken: Library) -> list[Problem]:
    """Everything wrong in a language, with what a child is told before the first question (R20)."""
    told = [one for group in library.age_groups.values() for one in _assent(code, group)]
    if code == complete.SOURCE:
        return [*library.problems, *told]
    return [*spoken_rules.problems(code, library, spoken), *told]


def _assent(code: str, group: AgeGroup) -> list[Problem]:
    said = [_told(code, group.id, wave) for wave in ("before", "after")]
    if code == complete.SOURCE:
        return [one for texts in said for one in rules.r20_assent(" ".join(texts), group, TELLING)]
    return [one for texts in said for one in spoken_rules.assent(code, group, texts)]


def _told(code: str, age_group: str, wave: str) -> list[str]:
    """The assent screen as a child reads it."""
    from flask import Flask, g

    from . import language
    from .child import words

    app = Flask(__name__)
    language.start(app)
    with app.test_request_context():
        g.language = code
        return [f"{note.title} {note.text}" for note in words.notes(age_group, wave, ADULT, ORGANISATION)]


def _finish(library: Library, found: Iterable[Problem], strict: bool, languages: int) -> None:
    found = set(found)
    wrong = set(problem.errors(found))
    for line in (*problem.report(wrong), *problem.report(found - wrong)):  # no error hides behind fifty warnings
        click.echo(line, err=True)
    if wrong:
        stop(DATA, "Mend these and run `heard check` again.")
    if strict and found:
        stop(DATA, "There are warnings. Mend these, or check without --strict.")
    click.echo(
        f"{len(library.questionnaires)} questionnaires and {len(library.topics)} topics are in order, "
        f"in {languages} language{'s' * (languages != 1)}."
    )


def _print_table(rows: list[checks.Row]) -> None:
    click.echo(f"{'questionnaire':26} {'age':6} {'lang':5} {'questions':>9} {'longest':>8}  how easy it reads")
    for row in rows:
        easy = "; ".join(_measure(one) for one in row.measures) or "no formula: a pretest decides"
        click.echo(
            f"{row.questionnaire:26} {row.age_group:6} {row.language:5} {row.questions:>9} {row.longest_question:>8}  "
            f"{'' if row.passes else 'TOO HARD: '}{easy}"
        )


def _measure(one: Measure) -> str:
    gate = f" ({one.gate})" if str(one.gate) else ""
    return f"{one.formula} {one.value:.1f}{gate}" if one.value >= 10 else f"{one.formula} {one.value:.2f}{gate}"


def _print_rules(found: dict[str, list[Problem]]) -> None:
    """How many rules each language keeps, which it breaks, and what is not said in it yet."""
    click.echo(f"\n{'lang':6} {'rules kept':>12} {'warnings':>9} {'children lack':>14} {'staff lack':>11}  broken")
    for code, problems in found.items():
        asked = rules.IN_FILES if code == complete.SOURCE else spoken_rules.IN_WORDS
        broken = sorted({one.code for one in problem.errors(problems)})
        kept = f"{sum(rule not in broken for rule in asked)} of {len(asked)}"
        warnings = sum(one.warning and one.code != "E411" for one in problems)
        lacks = sum(len(books.missing(code, name)) for name in books.DOMAINS)
        children = 0 if code == complete.SOURCE else len(complete.lacking(code))
        click.echo(f"{code:6} {kept:>12} {warnings:>9} {children:>14} {lacks - children:>11}  {' '.join(broken)}")
    click.echo("")
