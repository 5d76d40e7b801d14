"""`heard translate`: bring PO files up to date, and say what is missing or broken."""

import click

from .. import publish
from ..instrument import problem
from ..instrument.problem import Problem
from . import books, complete, extract
from .languages import LANGUAGES, Language
from .po import BrokenFile

SHOWN = 20


@click.group()
def translate() -> None:
    """Bring translations up to date; say what is missing."""


@translate.command()
def template() -> None:
    """Write the templates (.pot) anew from the questionnaires and the program."""
    for domain, catalog in extract.templates(publish.shipped()).items():
        extract.write_template(catalog, books.shipped() / f"{domain}.pot")
        click.echo(f"{domain}.pot: {len(catalog)} texts")


@translate.command()
@click.argument("codes", nargs=-1)
def update(codes: tuple[str, ...]) -> None:
    """Bring the PO files of languages (all by default) up to date with the templates; no word is lost."""
    catalogs = extract.templates(publish.shipped())
    for language in _chosen(codes):
        for domain, catalog in catalogs.items():
            file, into = books.file(language.code, domain), books.place(language.code, domain)
            try:
                made = extract.update(catalog, language, file, into)
            except BrokenFile as error:
                _stop(error.problems)
            except OSError as error:
                raise click.ClickException(f"{into} cannot be written ({error.strerror}).") from None
            click.echo(
                f"{language.code}/{domain}.po: {extract.said(made)} of {len(made)} texts, {len(made.obsolete)} old"
            )
    books.forget()


@translate.command()
@click.argument("codes", nargs=-1)
@click.option("--strict", is_flag=True, help="Fail also when a text for staff is missing, or the templates are old.")
def check(codes: tuple[str, ...], strict: bool) -> None:
    """Say what is broken, and what is missing, in each language."""
    failed = _old() and strict
    click.echo(f"{'':<10}{'texts':>7}{'said':>7}{'children lack':>15}{'staff lack':>12}")
    for language in _chosen(codes):
        lacks = [one for domain in books.DOMAINS for one in books.missing(language.code, domain)]
        children = len(complete.lacking(language.code))
        every = sum(len(books.wanted(domain)) for domain in books.DOMAINS)
        click.echo(f"{language.code:<10}{every:>7}{every - len(lacks):>7}{children:>15}{len(lacks) - children:>12}")
        found = [one for domain in books.DOMAINS for one in books.book(language.code, domain).problems]
        found += [] if children == 0 else complete.problems(language.code)
        for line in problem.report(found)[:SHOWN]:
            click.echo(line, err=True)
        failed |= bool(problem.errors(found)) or (strict and bool(lacks))
    if failed:
        raise SystemExit(65)


def _old() -> bool:
    """What the sources ask and the templates do not, nobody is told to translate."""
    catalogs = extract.templates(publish.shipped())
    old = [domain for domain, catalog in catalogs.items() if extract.is_old(domain, catalog)]
    if old:
        click.echo(f"The templates are old ({', '.join(old)}): run `heard translate template`.", err=True)
    return bool(old)


def _chosen(codes: tuple[str, ...]) -> list[Language]:
    for code in codes:
        if code not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise click.ClickException(f"'{code[:40]}' is not on the table of languages. Known are {known}.")
    return [LANGUAGES[code] for code in codes or LANGUAGES if code != complete.SOURCE]


def _stop(problems: list[Problem]) -> None:
    for line in problem.report(problems):
        click.echo(line, err=True)
    raise SystemExit(65)
