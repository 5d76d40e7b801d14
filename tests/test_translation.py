"""Seven languages: whole, never mixed, and the same words for the same sentence everywhere."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, validators

from survey import clock, language, publish, reply
from survey import models as m
from survey.translation import books, complete, extract
from survey.translation.languages import LANGUAGES, Language

from .conftest import LIBRARY, World
from .test_child_walk import UNDERSTOOD, Child

OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_every_shipped_language_has_every_word_a_child_reads(code: str) -> None:
    assert [str(problem) for problem in complete.problems(code)] == []


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("domain", books.DOMAINS)
def test_every_shipped_language_has_every_word_staff_read(code: str, domain: str) -> None:
    assert [entry.text for entry in books.missing(code, domain)] == []


def test_the_templates_hold_exactly_what_the_sources_say() -> None:
    for domain, catalog in extract.templates(LIBRARY).items():
        asked = {extract._key(message) for message in catalog if message.id}
        written = {entry.key for entry in books.wanted(domain)}
        assert asked == written, f"run `heard translate template` and `heard translate update` ({domain})"


@pytest.mark.parametrize(("n", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (103, 3)])
def test_arabic_counts_as_cldr_does_and_not_as_babels_header(n: int, form: int) -> None:
    assert books.book("ar", books.MESSAGES).form(n) == form


@pytest.mark.parametrize(("code", "forms"), [("ru", 3), ("uk", 3), ("ar", 6), ("fr", 2), ("es", 2), ("sw", 2)])
def test_every_plural_has_the_forms_of_its_language(code: str, forms: int) -> None:
    plurals = [one for one in books.book(code, books.MESSAGES).entries.values() if one.plural]

    assert plurals
    assert {len(one.said) for one in plurals} == {forms}


@pytest.mark.parametrize("code", OTHERS)
def test_a_form_complains_in_the_language_of_the_page(app: Flask, code: str) -> None:
    class Ages(Form):
        age = IntegerField(validators=[validators.InputRequired()])

    with app.test_request_context(f"/?lang={code}"):
        app.preprocess_request()
        from flask_wtf import FlaskForm  # WTForms' own words come through Flask-WTF

        class Asked(FlaskForm):  # type: ignore[misc]
            age = IntegerField(validators=[validators.InputRequired()])

            class Meta:
                csrf = False

        form = Asked(formdata=MultiDict())
        form.validate()

    english, said = "This field is required.", form.age.errors[0]
    assert said != english
    assert said == books.book(code, books.MESSAGES).find("", english)


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_of_another_language_stands_on_a_childs_page(
    client: FlaskClient, session: Session, world: World, code: str
) -> None:
    session.get_one(m.Organisation, 1).languages = " ".join(LANGUAGES)
    session.commit()
    child = Child(client)
    theirs = [one.text for one in books.wanted(books.MESSAGES) if books.is_for_child(one)]
    english = {text for text in theirs if len(text.split()) > 2}

    pages = [child.see(f"/?lang={code}").text]
    child.open_card(world.card(session), code)
    pages.append(child.see("/before-you-start").text)
    child.press("/before-you-start", **UNDERSTOOD)
    pages.append(child.see("/assent").text)
    child.press("/assent", answer="yes")
    pages.append(child.see("/questions").text)

    for page in pages:
        text = re.sub(r"<[^>]+>", "\n", page)
        assert [one for one in english if one in text] == []
        assert f'<html lang="{code}"' in page


@pytest.mark.parametrize("code", OTHERS)
def test_an_answer_to_a_child_is_drafted_in_the_childs_language(session: Session, world: World, code: str) -> None:
    topic = publish.catalogue(session, code).topics["D3.2"]
    reasons = [publish.catalogue(session, code).reasons["SAFETY"]]

    draft = reply.draft(topic, "KIN", "STAY", reasons, code)

    english = reply.draft(publish.catalogue(session).topics["D3.2"], "KIN", "STAY", [])
    assert not {draft.wished, draft.decided, draft.next_step} & {english.wished, english.decided, english.next_step}
    assert draft.because == reasons[0].child_words
    assert draft.because != "We must keep you safe."


def test_a_better_translation_is_published_without_another_version(session: Session, world: World) -> None:
    last = publish.latest(session, "child", "S3")
    assert last is not None
    body = {**last.document, "texts": {**last.document["texts"]}}
    russian = {**body["texts"]["ru"]["10-12"], "title": "Твой новый план"}
    body["texts"]["ru"] = {**body["texts"]["ru"], "10-12": russian}

    made = publish.document(session, body, clock.now())
    session.flush()

    assert made is not None
    assert made.version == last.version + 1
    assert made.document["version"] == last.document["version"]
    assert publish.latest(session, "child", "S3") is made


def test_other_questions_under_an_old_version_are_refused(session: Session, world: World) -> None:
    last = publish.latest(session, "child", "S3")
    assert last is not None
    english = {**last.document["texts"]["en"], "10-12": {**last.document["texts"]["en"]["10-12"], "title": "Other"}}

    with pytest.raises(publish.VersionNotRaised):
        publish.document(session, {**last.document, "texts": {**last.document["texts"], "en": english}}, clock.now())


def test_a_language_that_lacks_a_sentence_is_not_published_to_children(
    session: Session, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = books.file("sw", books.MESSAGES).read_text("utf-8")
    found = re.search(r'msgid "Do you want to start\?"\nmsgstr "(.+)"', words)
    assert found
    place = tmp_path / "sw" / "LC_MESSAGES" / "messages.po"
    place.parent.mkdir(parents=True)
    place.write_text(words.replace(found[0], found[0].replace(found[1], "")), "utf-8")
    monkeypatch.setattr(books, "_more", [tmp_path])
    books.forget()
    session.get_one(m.Organisation, 1).languages = "en sw"

    with pytest.raises(publish.NotPublishable) as refused:
        publish.everything(session, LIBRARY, clock.now())

    monkeypatch.undo()
    books.forget()
    assert [problem.code for problem in refused.value.problems] == ["E411"]
    assert "'Do you want to start?' is not translated" in str(refused.value.problems[0])


def test_dates_are_written_in_figures_where_nobody_knows_the_months() -> None:
    assert language.speaks_dates("sw")
    assert not language.speaks_dates("qaa")


def test_every_published_document_speaks_every_whole_language(session: Session, world: World) -> None:
    for row in session.scalars(select(m.Questionnaire).where(m.Questionnaire.name != publish.CATALOGUE)):
        assert set(row.document["languages"]) == set(LANGUAGES)


def test_a_translation_can_never_become_a_part_of_the_page(app: Flask) -> None:
    book = books.book("ru", books.MESSAGES)
    key = ("", "Stop")
    hostile = replace(book.entries[key], said=('Стоп" formaction="/stop',))

    with pytest.MonkeyPatch.context() as patch, app.test_request_context("/?lang=ru"):
        patch.setitem(book.entries, key, hostile)  # type: ignore[arg-type]
        page = render_template_string("<button aria-label=\"{{ _('Stop') }}\">{{ _('Stop') }}</button>")

    assert page.count('"') == 2, page


def test_a_translator_of_a_new_language_gets_every_sentence_there_is() -> None:
    new = Language("tlh", "tlhIngan Hol")

    for domain in books.DOMAINS:
        words = extract.whole(new, domain)
        assert words.count("\nmsgid ") == len(books.wanted(domain)) + 1
