"""Whatever lies in the questionnaires folder, an author gets a sentence and never a stack trace."""

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.instrument import check, expression, problem, read, source
from survey.instrument.problem import Problem

FOLDER = Path(__file__).parent.parent / "questionnaires"
CALM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

BAD = {
    "empty": (b"", "E309"),
    "only comments": (b"# nothing\n\n  # here\n", "E309"),
    "latin-1": ('id = "x"\ntitle = "café"\n'.encode("latin-1"), "E308"),
    "not toml": (b"id = 'x'\nthis is not toml\n", "E300"),
    "open quotation mark": (b'id = "x\n', "E300"),
    "open bracket": (b"id = [1,\n", "E300"),
    "key twice": (b'id = "x"\nid = "y"\n', "E303"),
    "no such date": (b"from = 2024-02-30\n", "E305"),
    "deep": (b"a = " + b"[" * 100 + b"]" * 100, "E306"),
    "bottomless": (b"a = " + b"[" * 900 + b"]" * 900, "E306"),
    "bottomless over many lines": (b"a = " + b"[\n" * 100_000, "E306"),
    "endless line": (b"a" + b".a" * 200_000 + b" = 1", "E320"),
    "too large": (b"# " + b"x" * 1024 * 1024, "E326"),
    "zero byte": (b'id = "a\0b"\n', "E300"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_gets_one_clear_problem(name: str, tmp_path: Path) -> None:
    content, code = BAD[name]
    path = tmp_path / "child.toml"
    path.write_bytes(content)

    found, problems = source.load(path, "child.toml")

    assert found is None
    assert [one.code for one in problems] == [code], [str(one) for one in problems]
    assert problems[0].cure


@pytest.mark.parametrize(
    ("line", "content"), [(2, b"id = 'x'\n= 1\n"), (3, b"a = 1\n\n\xff = 2\n"), (2, b"a = 1\na = 2\n")]
)
def test_the_line_of_a_broken_file_is_named(line: int, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "child.toml"
    path.write_bytes(content)
    assert [one.line for one in source.load(path, "child.toml")[1]] == [line]


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "child.toml"
    path.write_bytes(b"\xef\xbb\xbfid = 'x'\r\nversion = 1\r\n")

    found, problems = source.load(path, "child.toml")

    assert not problems
    assert found is not None
    assert found.data == {"id": "x", "version": 1}
    assert found.lines.of(key="version") == 2


def test_a_folder_and_a_link_are_not_files(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "q")
    (tmp_path / "q" / "folder.toml").mkdir()
    (tmp_path / "q" / "link.toml").symlink_to(FOLDER / "reply.toml")
    (tmp_path / "q" / "nowhere.toml").symlink_to("/nonexistent")

    problems = read.library(tmp_path / "q").problems

    assert [(one.code, one.file) for one in problems] == [
        ("E327", "folder.toml"), ("E327", "link.toml"), ("E327", "nowhere.toml"),
    ]  # fmt: skip


def test_an_empty_folder_and_no_folder_say_what_is_missing(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert {one.code for one in read.library(folder).problems} >= {"E328"}


def test_what_an_author_wrote_is_shown_short_and_harmless() -> None:
    assert problem.shown("a\x1b[31m\u202eb") == "'a\\u001b[31m\\u202eb'"
    assert len(problem.shown("x" * 1000)) == 62


def test_at_most_fifty_problems_are_printed() -> None:
    many = [Problem("a.toml", line, "E300", "", "wrong", "Mend it.") for line in range(1, 81)]
    lines = problem.report(many)
    assert (len(lines), lines[-1]) == (51, "… and 30 more.")


def in_folder(tmp_path: Path, name: str, content: bytes) -> list[Problem]:
    folder = tmp_path / "fuzz"
    if not folder.exists():
        shutil.copytree(FOLDER, folder)
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    library = read.library(folder)
    check.table(library)
    (folder / name).write_bytes(before)
    return library.problems


@CALM
@given(content=st.binary(max_size=400))
def test_random_bytes_never_raise(content: bytes, tmp_path: Path) -> None:
    assert all(isinstance(one, Problem) for one in in_folder(tmp_path, "topics.toml", content))


KEYS = ["id", "version", "asked_of", "title", "question", "topic", "format", "options", "text", "concern", "list",
        "missing", "age_group", "relevant", "next", "act", "pair", "rows", "label"]  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        st.just('"child"'),
        st.just('"D1.1"'),
        st.just('"X3"'),
        st.just("1"),
        st.just("true"),
        st.just("1.5"),
        st.just("2024-01-01"),
        st.just('""'),
        st.just('"10-12"'),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(
            lambda table: "{ " + ", ".join(f"{key} = {value}" for key, value in table.items()) + " }"
        ),
    ),
    max_leaves=6,
)
TABLES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5).map(
    lambda table: "\n".join(f"{key} = {value}" for key, value in table.items())
)


@CALM
@given(
    name=st.sampled_from(["reply.toml", "formats.toml", "topics.toml", "lists.toml", "care/01_receiving/stage.toml"]),
    head=TABLES,
    tables=st.lists(st.tuples(st.sampled_from(KEYS), TABLES), max_size=3),
)
def test_random_toml_never_raises(name: str, head: str, tables: list[tuple[str, str]], tmp_path: Path) -> None:
    text = head + "".join(f"\n[[{table}]]\n{keys}\n" for table, keys in tables)
    assert all(isinstance(one, Problem) for one in in_folder(tmp_path, name, text.encode()))


@CALM
@given(seed=st.integers(0, 10**6))
def test_a_real_file_with_lines_lost_or_words_changed_never_raises(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    name = chance.choice(sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.toml")))
    lines = (FOLDER / name).read_text("utf-8").split("\n")
    for _ in range(chance.randint(1, 4)):
        spot = chance.randrange(len(lines))
        lines[spot] = chance.choice(["", lines[spot].replace('"', "", 1), lines[spot][::-1], lines[spot].upper(),
                                     chance.choice(lines), lines[spot].replace("10-12", "9-11")])  # fmt: skip
    assert all(isinstance(one, Problem) for one in in_folder(tmp_path, name, "\n".join(lines).encode()))


@CALM
@given(text=st.text(max_size=80))
def test_a_random_condition_is_parsed_or_refused_in_words(text: str) -> None:
    try:
        said = str(expression.parse(text))
    except expression.NotAnExpression as refused:
        said = str(refused)
    assert said.startswith(("the condition", "["))
