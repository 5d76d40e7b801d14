"""The command line, as an operator meets it; and what it says when something is wrong."""

import os
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main

DATA, CANNOT_WRITE, SETTINGS = 65, 73, 78


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home folder of an installation that does not exist yet."""
    monkeypatch.setenv("HEARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEARD_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def heard(*words: str) -> Result:
    """Type a command."""
    result = CliRunner().invoke(main, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def test_help_lists_every_command_in_one_line_each() -> None:
    page = heard("--help").output

    for command in ("init", "demo", "serve", "publish", "check", "staff", "card", "export", "analyse", "upgrade"):
        assert re.search(rf"^  {command} +[A-Z].*\.$", page, re.M), command


def test_an_empty_organisation_is_set_up_once(home: Path) -> None:
    first, second = heard("init", "--name", "Pine"), heard("init")

    assert first.exit_code == 0
    assert "password:" in first.output
    assert second.exit_code == DATA
    assert "Nothing was changed" in second.output


def test_the_keys_can_be_read_by_their_owner_alone(home: Path) -> None:
    heard("init")

    for name in ("secret.key", "text.key"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o400


@pytest.mark.parametrize("command", [["publish"], ["export", "out"], ["card", "P-1"], ["staff", "list"], ["serve"]])
def test_every_command_says_what_to_do_before_anything_is_set_up(home: Path, command: list[str]) -> None:
    result = heard(*command)

    assert result.exit_code == SETTINGS
    assert "heard init" in result.output


def test_a_readable_key_file_is_refused_with_the_cure(home: Path) -> None:
    heard("init")
    (home / "secret.key").chmod(0o644)

    result = heard("staff", "list")

    assert result.exit_code == SETTINGS
    assert "chmod 600" in result.output


def test_the_shipped_questionnaires_are_in_order() -> None:
    result = heard("check")

    assert result.exit_code == 0, result.output
    assert "24 topics" in result.output


def test_a_mistake_in_a_questionnaire_is_shown_with_place_and_cure(home: Path, tmp_path: Path) -> None:
    from shutil import copytree

    import questionnaires

    folder = tmp_path / "mine"
    copytree(next(p for p in questionnaires.__path__ if os.path.isdir(p)), folder)
    file = folder / "care/03_planning/child.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('topic      = "D3.1"', 'topic = "D3.9"', 1), encoding="utf-8"
    )

    result = heard("check", str(folder))

    assert result.exit_code == DATA
    assert re.search(r"care/03_planning/child\.toml:\d+, question S3\.C01: .*D3\.9", result.output), result.output


def test_publishing_twice_publishes_once(home: Path) -> None:
    heard("init")

    assert "published care.planning.child version 2" in heard("publish").output
    assert heard("publish").output.startswith("0 new")


def test_a_published_file_that_changes_without_a_new_version_is_refused(home: Path, tmp_path: Path) -> None:
    from shutil import copytree

    import questionnaires

    heard("init")
    heard("publish")
    folder = tmp_path / "mine"
    copytree(next(p for p in questionnaires.__path__ if os.path.isdir(p)), folder)
    file = folder / "care/03_planning/child.toml"
    words = file.read_text(encoding="utf-8")
    changed = words.replace("What do you want to work on most?", "What do you want to do most?")
    assert changed != words
    file.write_text(changed, encoding="utf-8")

    refused = heard("publish", str(folder))
    file.write_text(re.sub(r"^version\s*= 2", "version = 3", changed, flags=re.M), encoding="utf-8")

    assert refused.exit_code == DATA
    assert "care.planning.child version 2" in refused.output
    assert "version" in refused.output
    assert "published care.planning.child version 3" in heard("publish", str(folder)).output


def test_staff_are_added_with_a_made_up_password_shown_once(home: Path) -> None:
    heard("init")

    assert re.search(
        r"password: \S+-\S+-\S+-\S+", heard("staff", "add", "vera", "--name", "Vera", "--role", "coordinator").output
    )
    assert heard("staff", "add", "vera", "--name", "V", "--role", "admin").exit_code == DATA
    assert (
        heard("staff", "add", "x", "--name", "X", "--role", "admin", "--site", "NO").output.strip()
        == "There is no site 'NO'."
    )
    assert "vera" in heard("staff", "list").output
    assert "password:" in heard("staff", "password", "vera").output
    assert heard("staff", "password", "nobody").exit_code == DATA


def test_the_whole_way_from_a_demonstration_to_a_report(home: Path, tmp_path: Path) -> None:
    first = heard("demo", "--children", "12")
    again = heard("demo")
    out = heard("export", str(tmp_path / "out"))
    refused = heard("export", str(tmp_path / "out"))
    report = heard("analyse", str(tmp_path / "out"), "-o", str(tmp_path / "report.html"))

    assert first.exit_code == again.exit_code == out.exit_code == report.exit_code == 0, report.output
    assert len(re.findall(r"age 1[147]   [2-9B-Z]{3} [2-9B-Z]{4} [2-9B-Z]{4}", again.output)) == 3
    assert refused.exit_code == CANNOT_WRITE
    assert "--force" in refused.output
    assert "synthetic" in (tmp_path / "report.html").read_text(encoding="utf-8").lower()


def test_a_demonstration_is_never_built_into_a_real_organisation(home: Path) -> None:
    heard("init")

    result = heard("demo")

    assert result.exit_code == DATA
    assert "stays as it is" in result.output


def test_a_card_for_a_case_nobody_knows(home: Path) -> None:
    heard("init")

    assert "has no open round" in heard("card", "X-1").output
