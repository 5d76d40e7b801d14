"""The form of a sitting is the published document: the same questions, the same options, nothing more."""

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models as m
from survey.child import forms
from survey.instrument import order

GROUPS = ("10-12", "13-15", "16-17")


def documents(session: Session) -> list[dict[str, Any]]:
    """Return what is published for children."""
    found = session.scalars(select(m.Questionnaire).where(m.Questionnaire.asked_of == "child"))
    return [row.document for row in found]


def accepted(form: forms.Answers) -> dict[str, set[str] | None]:
    """Return what a form lets in: a set of values, or None for own words."""
    return {field.name: set(field.allowed) if isinstance(field, forms.OneAnswer) else None for field in form}


def expected(questions: list[dict[str, Any]], group: str) -> dict[str, set[str] | None]:
    """Return what the document says it must let in."""
    fields: dict[str, set[str] | None] = {"envelope": None}
    for one in questions:
        unsaid = {"~" + code for code in one["missing"]}
        if one["kind"] == "text":
            fields |= {one["id"]: None, one["id"] + ".missing": unsaid}
        else:
            fields[one["id"]] = {*one["options"][group], *unsaid}
        if one["seen_by"] == "team":
            fields[one["id"] + ".share"] = {"yes", "no"}
    return fields


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("wave", ["before", "after", "reply"])
def test_the_form_equals_the_document(app: Flask, session: Session, group: str, wave: str) -> None:
    published = documents(session)
    assert len(published) == 8

    for document in published:
        with app.test_request_context():
            form = forms.of(document, wave, group)(formdata=None, meta={"csrf": False})
        assert accepted(form) == expected(order.sitting(document, wave, group), group), document["id"]


def test_every_answer_of_the_document_can_be_given_and_arrives_unchanged(app: Flask, session: Session) -> None:
    document = next(one for one in documents(session) if one["stage"] == "S3")
    questions = order.sitting(document, "before", "10-12")

    for question in questions:
        for code in question["options"].get("10-12", []):
            with app.test_request_context(method="POST", data={question["id"]: code, "envelope": str(uuid.uuid4())}):
                form = forms.of(document, "before", "10-12")(meta={"csrf": False})
                assert form.validate(), form.errors
                assert forms.answers(form, questions, finished=True)[question["id"]] == {"code": code}
