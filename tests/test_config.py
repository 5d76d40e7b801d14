"""Heard refuses to start unsafe, and says how to mend it."""

from pathlib import Path

import pytest

from survey import config, create_app, seal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a prepared home folder."""
    config.prepare_home(tmp_path / "home")
    return tmp_path / "home"


def load(home: Path, **more: str) -> config.Settings:
    """Read settings for this home."""
    return config.load({"HEARD_HOME": str(home), **more})


def test_a_prepared_home_is_enough(home: Path) -> None:
    settings = load(home)

    assert settings.database == f"sqlite:///{home / 'heard.db'}"
    assert settings.rooms == config.ROOMS


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"HEARD_ROOMS": "child,kitchen"}, "kitchen"),
        ({"HEARD_HTTPS": "1"}, "HEARD_HOSTS"),
    ],
)
def test_unsafe_settings_are_refused_by_name(home: Path, more: dict[str, str], says: str) -> None:
    with pytest.raises(config.Unsafe, match=says):
        load(home, **more)


def test_a_short_secret_is_refused(home: Path) -> None:
    (home / "secret.key").chmod(0o600)
    (home / "secret.key").write_bytes(b"short")

    with pytest.raises(config.Unsafe, match="shorter"):
        load(home)


def test_keys_that_exist_are_never_replaced(home: Path) -> None:
    before = (home / "text.key").read_bytes()

    config.prepare_home(home)

    assert (home / "text.key").read_bytes() == before


def test_sealed_text_is_unreadable_with_another_key_or_at_another_place() -> None:
    one, other = seal.Seal(b"a" * 32), seal.Seal(b"b" * 32)
    closed = one.close("a sentence", "answer:1")

    assert one.open(closed, "answer:1") == "a sentence"
    for who, what, where in (
        (other, closed, "answer:1"),
        (one, closed, "answer:2"),
        (one, closed[:-1], "answer:1"),
        (one, b"", "x"),
    ):
        with pytest.raises(seal.Unreadable):
            who.open(what, where)


def test_one_room_can_be_served_alone(home: Path) -> None:
    app = create_app(load(home, HEARD_ROOMS="child"))

    assert set(app.blueprints) == {"child"}
    app.extensions["heard"].engine.dispose()


def test_behind_https_cookies_are_secure_and_forged_hosts_are_refused(home: Path) -> None:
    app = create_app(load(home, HEARD_HTTPS="1", HEARD_HOSTS="heard.example", HEARD_ROOMS="child"))

    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.test_client().get("/", headers={"Host": "evil.example"}).status_code == 400
    app.extensions["heard"].engine.dispose()
