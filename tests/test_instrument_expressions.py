"""Skip conditions mean the same on the server and on the tablet."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from survey.instrument.evaluate import evaluate
from survey.instrument.expression import NotAnExpression, compared_codes, parse, references

ROOT = Path(__file__).parent.parent
VECTORS: dict[str, Any] = json.loads((ROOT / "tests/data/expressions.json").read_text("utf-8"))
SCRIPT = """
import { readFileSync } from "node:fs";
const { evaluate } = await import(process.argv[1]);
const { answers, expressions } = JSON.parse(readFileSync(0, "utf-8"));
const found = expressions.map(({ tree }) => Object.keys(answers).filter((name) => evaluate(tree, answers[name])));
process.stdout.write(JSON.stringify(found));
"""


def test_there_are_enough_conditions_and_answers_to_compare() -> None:
    assert len(VECTORS["expressions"]) >= 25
    assert len(VECTORS["answers"]) >= 4


@pytest.mark.parametrize("vector", VECTORS["expressions"], ids=lambda vector: str(vector["text"]))
def test_a_condition_becomes_its_tree_and_says_what_was_agreed(vector: dict[str, Any]) -> None:
    tree = parse(vector["text"])

    assert tree == vector["tree"]
    assert [name for name, given in VECTORS["answers"].items() if evaluate(tree, given)] == vector["true_for"]


def test_the_tablet_and_the_server_agree_on_every_condition() -> None:
    module = (ROOT / "survey/static/child/evaluate.js").as_uri()

    run = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, module],
        input=json.dumps(VECTORS), capture_output=True, text=True, check=True, encoding="utf-8", timeout=60,
    )  # fmt: skip

    assert json.loads(run.stdout) == [vector["true_for"] for vector in VECTORS["expressions"]]


def test_the_tablets_walker_is_small_and_never_runs_text() -> None:
    script = (ROOT / "survey/static/child/evaluate.js").read_text("utf-8")
    assert len(script) < 2500
    assert "eval(" not in script
    assert "Function(" not in script


@pytest.mark.parametrize("text", [
    "", "${S3.C05}", "1", "'a'", "${S3.C05} = ", "${S3.C05} == '2'", "a = 1", "not ${S3.C05} = '2'", "__import__('os')",
    "selected('FIN', ${S3.O1})", "${S3.C05} = '2' and", "(" * 30 + "1 = 1" + ")" * 30, "1 = 1 or " * 200 + "1 = 1",
    "${__proto__.x.} = 1", "1 = 1; 2 = 2",
])  # fmt: skip
def test_what_is_not_a_condition_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotAnExpression, match="the condition"):
        parse(text)


def test_a_condition_knows_what_it_looks_at() -> None:
    tree = parse("${A.C1} = '2' and (selected(${A.O1}, 'FIN') or ${age} > 12 or '3' != ${A.C1})")
    assert references(tree) == ["A.C1", "A.O1", "age"]
    assert compared_codes(tree) == [("A.C1", "2"), ("A.O1", "FIN"), ("A.C1", "3")]
