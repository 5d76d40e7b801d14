"""Publishing: one immutable document for every screen, pinned by its digest."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.instrument import order, publish, read, texts, wording
from survey.instrument.nouns import AGE_GROUPS, Library

FOLDER = Path(__file__).parent.parent / "questionnaires"


@pytest.fixture(scope="module")
def library() -> Library:
    return read.library(FOLDER)


@pytest.fixture(scope="module")
def plan(library: Library) -> dict[str, Any]:
    return publish.compile(library.questionnaires["care.planning.child"], library, {})


def question(document: dict[str, Any], id: str) -> dict[str, Any]:
    return next(one for one in document["questions"] if one["id"] == id)


def translated(library: Library, **other: str) -> Library:
    """A language in which everything stands in brackets; `other` says some of it differently."""
    return wording.translated(library, lambda context, text: other.get(context, f"[{text}]"))


def test_the_document_is_what_the_contract_promises(plan: dict[str, Any]) -> None:
    assert {key: plan[key] for key in ("format", "id", "version", "stage", "asked_of", "languages")} == {
        "format": 1, "id": "care.planning.child", "version": 2, "stage": "S3", "asked_of": "child", "languages": ["en"],
    }  # fmt: skip
    wish = question(plan, "S3.C01")
    assert wish["options"]["10-12"] == ["LEARN", "FAMILY", "HEALTH", "SOCIAL", "INDEP"]
    assert (wish["kind"], wish["scale"], wish["missing"]) == ("one", "nominal", ["DK", "IDM", "SK"])
    assert (wish["concern"], wish["relevant"], wish["max_chars"], wish["pair"]) == ({}, None, None, None)
    young = plan["texts"]["en"]["10-12"]
    assert young["title"] == "Your plan"
    assert young["questions"]["S3.C01"]["options"]["LEARN"] == "School or skills"
    assert young["missing"]["DK"] == "I don't know"


def test_every_code_of_every_document_has_words(library: Library) -> None:
    for one in library.questionnaires.values():
        document = publish.compile(one, library, {})
        for group, words in document["texts"]["en"].items():
            for asked in document["questions"]:
                said = words["questions"][asked["id"]]
                assert list(said.get("options", {})) == asked["options"].get(group, [])
                assert list(said.get("rows", {})) == asked["rows"]
                assert set(asked["missing"]) <= set(words["missing"])
                labels = order.missing_labels(document, asked["id"], "en", group)
                assert list(labels) == asked["missing"]
                assert all(labels.values())


def test_every_question_for_a_child_can_be_left_unanswered(library: Library) -> None:
    for one in library.questionnaires.values():
        if one.asked_of == "child":
            for asked in publish.compile(one, library, {})["questions"]:
                assert {"DK", "SK"} <= set(asked["missing"])
                assert ("NA" in asked["missing"]) or not (asked["format"] or "").startswith("X3")


def test_a_child_without_brothers_and_sisters_can_say_so(library: Library) -> None:
    document = publish.compile(library.questionnaires["care.receiving.child"], library, {})
    assert question(document, "S1.C02")["missing"] == ["DK", "IDM", "SK", "NA"]
    assert order.missing_labels(document, "S1.C02", "en", "10-12")["NA"] == "I have none"


def test_living_alone_is_shown_at_sixteen_only(plan: dict[str, Any]) -> None:
    options = question(plan, "S3.C02")["options"]
    assert "OWN" not in options["10-12"] + options["13-15"]
    assert "OWN" in options["16-17"]


def test_the_practice_question_is_never_among_the_answers(plan: dict[str, Any]) -> None:
    assert plan["practice"]["id"] not in {one["id"] for one in plan["questions"]}
    assert plan["texts"]["en"]["10-12"]["practice"]["options"]["1"] == "A bit"
    assert plan["texts"]["en"]["13-15"]["practice"]["options"]["1"] == "Partly"


def test_what_happens_next_is_told_for_each_visit(plan: dict[str, Any]) -> None:
    for group in AGE_GROUPS:
        assert set(plan["texts"]["en"][group]["next"]) == {"before", "after"}


def test_the_reply_holds_the_childs_words_for_every_topic_and_reason(library: Library) -> None:
    words = publish.compile(library.questionnaires["reply"], library, {})["texts"]["en"]["10-12"]
    assert words["topics"]["D1.1"]["wished"]["PARENTS"] == "to live with your parents"
    assert words["topics"]["D1.1"]["decided"]["KIN"] == "you will live with relatives"
    assert words["reasons"]["SAFETY"] == "We must keep you safe."


def test_the_reason_is_asked_unless_there_was_no_answer(library: Library) -> None:
    reply = publish.compile(library.questionnaires["reply"], library, {})
    assert question(reply, "F2")["relevant"] == ["!=", ["ref", "F1"], ["text", "0"]]
    assert [one["id"] for one in order.sitting(reply, "reply", "10-12")] == ["F1", "F2", "F4", "F3"]


def test_a_digest_does_not_depend_on_the_run_or_the_order_of_keys(library: Library, plan: dict[str, Any]) -> None:
    again = publish.compile(read.library(FOLDER).questionnaires["care.planning.child"], library, {})
    shuffled = json.loads(json.dumps(dict(reversed(list(plan.items())))))

    assert publish.digest(plan) == publish.digest(again) == publish.digest(shuffled)
    assert json.loads(publish.canonical(plan)) == plan
    assert b'": ' not in publish.canonical({"a": {"b": [1, 2]}})


def test_the_same_version_with_another_word_is_refused(plan: dict[str, Any]) -> None:
    changed = copy.deepcopy(plan)
    changed["texts"]["en"]["10-12"]["title"] = "Another plan"

    publish.refuse_change(plan, None)
    publish.refuse_change(plan, publish.digest(plan))
    with pytest.raises(publish.AlreadyPublished, match="Raise version to 3"):
        publish.refuse_change(changed, publish.digest(plan))


def test_a_complete_translation_is_published_beside_english(library: Library) -> None:
    one = library.questionnaires["care.planning.child"]

    document = publish.compile(one, library, {"ru": translated(library)})

    assert document["languages"] == ["en", "ru"]
    assert document["texts"]["ru"]["10-12"]["questions"]["S3.C01"]["options"]["LEARN"] == "[School or skills]"
    assert order.sitting(document, "before", "10-12")


def test_a_language_with_one_missing_word_is_not_offered_to_a_child(library: Library) -> None:
    one = library.questionnaires["care.planning.child"]
    russian = translated(library, **{"X3 1 / 13-15": " "})

    with pytest.raises(publish.CannotPublish) as refused:
        publish.compile(one, library, {"ru": russian})

    assert str(refused.value.problems[0]) == (
        "care/03_planning/child.toml, question S3.C05: the text 13-15 / questions / S3.C05 / options / 1 "
        "is missing in language 'ru'. Translate it, or publish without this language."
    )


def test_staff_read_english_where_their_language_is_not_ready(library: Library) -> None:
    russian = wording.translated(
        library, lambda context, _: "План" if context == "care.planning.staff title / staff" else ""
    )
    document = publish.compile(library.questionnaires["care.planning.staff"], library, {"ru": russian})
    words = document["texts"]["ru"]["staff"]
    assert (words["title"], words["questions"]["S3.P2"]["text"]) == (
        "План",
        "Was the child at the planning meeting?",
    )


def test_a_questionnaire_with_a_problem_is_not_published(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(
        (FOLDER / "reply.toml").read_text("utf-8").replace('format     = "X3"', 'format     = "X4"', 1), "utf-8"
    )
    one, problems = read.questionnaire(path)
    assert one is not None
    assert not problems

    with pytest.raises(publish.CannotPublish, match="format 'X4' is not known"):
        publish.compile(one, library, {})


def test_a_visit_is_in_order_with_nothing_sensitive_first_and_the_childs_word_last(library: Library) -> None:
    for one in library.questionnaires.values():
        if one.asked_of != "child":
            continue
        document = publish.compile(one, library, {})
        for wave in ("reply",) if one.id == "reply" else ("before", "after"):
            for group in AGE_GROUPS:
                asked = order.sitting(document, wave, group)
                assert not order.is_sensitive(asked[0])
                assert order.is_open(asked[-1])
                ids = [each["id"] for each in document["questions"]]
                assert [ids.index(each["id"]) for each in asked] == sorted(ids.index(each["id"]) for each in asked)


def test_wishes_come_before_the_decision_and_experience_after(plan: dict[str, Any]) -> None:
    assert [one["id"] for one in order.sitting(plan, "before", "10-12")] == [
        "S3.C01", "S3.C02", "S3.C03", "S3.C04", "S3.C12", "S3.C13",
    ]  # fmt: skip
    assert [one["id"] for one in order.sitting(plan, "after", "16-17")] == [
        "S3.C05", "S3.C06", "S3.C07", "S3.C08", "S3.C09", "S3.C10", "S3.C11", "S3.C12", "S3.C13",
    ]  # fmt: skip
    assert order.sitting(plan, "after", "staff") == []


def test_a_sensitive_first_question_is_moved_behind_a_harmless_one(plan: dict[str, Any]) -> None:
    turned = {**plan, "questions": list(reversed(plan["questions"]))}

    asked = [one["id"] for one in order.sitting(turned, "before", "10-12")]

    assert asked == ["S3.C04", "S3.C12", "S3.C03", "S3.C02", "S3.C01", "S3.C13"]


@given(rotation=st.integers(-1000, 10**9), id=st.sampled_from(["S3.C01", "S3.C02", "S3.C03", "S3.C04"]))
def test_turning_the_options_loses_none_and_keeps_the_last(rotation: int, id: str) -> None:
    asked = question(PLAN, id)
    for group in AGE_GROUPS:
        shown = order.shown_options(asked, group, rotation)
        assert sorted(shown) == sorted(asked["options"][group])
        assert shown == asked["options"][group] or asked["scale"] == "nominal"
        assert id != "S3.C04" or shown[-1] == "NONE"


def test_every_option_gets_its_turn_to_be_first(plan: dict[str, Any]) -> None:
    firsts = {order.shown_options(question(plan, "S3.C04"), "10-12", turn)[0] for turn in range(4)}
    assert firsts == {"CARER", "WORKER", "PEER", "PRO"}


_LIBRARY = read.library(FOLDER)
PLAN = publish.compile(_LIBRARY.questionnaires["care.planning.child"], _LIBRARY, {})


def test_texts_can_be_taken_apart_and_put_together_again(library: Library) -> None:
    english = texts.gather(library.questionnaires["reply"], library)
    assert texts.grow(texts.leaves(english)) == english
