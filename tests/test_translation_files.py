"""Files of translations that are broken, careless or hostile: each is told with its place and its cure, none is half
read, none stops Heard, and no child sees a sentence that says the opposite."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey import publish
from survey.instrument.problem import Problem
from survey.translation import books, complete, languages, po
from survey.translation.languages import LANGUAGES, UnknownLanguage

from .conftest import LIBRARY

RU = LANGUAGES["ru"]
OTHERS = [code for code in LANGUAGES if code != "en"]


def head(code: str = "ru", plural: str = RU.plural_forms) -> str:
    return (
        f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Plural-Forms: {plural}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )


def entry(english: str, said: str, context: str = "") -> str:
    about = f'msgctxt "{context}"\n' if context else ""
    return f'{about}msgid "{english}"\nmsgstr "{said}"\n\n'


FIRST = 7  # the line of the msgid of a first entry without context
HELLO = entry("Hello", "Привет")


def parsed(text: str | bytes) -> po.Found:
    return po.parse(text if isinstance(text, bytes) else text.encode(), RU, "ru/messages.po")


def refused(text: str | bytes) -> list[Problem]:
    """The file as a whole is refused: its problems."""
    with pytest.raises(po.BrokenFile) as error:
        parsed(text)
    assert error.value.problems
    return error.value.problems


def told(text: str) -> list[tuple[str, int, bool]]:
    """The file is read; what is wrong with single entries."""
    found = parsed(head() + text).problems
    assert all(one.what and one.cure.endswith((".", "…")) and one.file == "ru/messages.po" for one in found)
    return [(one.code, one.line, one.warning) for one in found]


def test_a_sound_file_is_read_whole() -> None:
    found = parsed(head() + HELLO + entry("%(adult)s reads it", "Это прочитает %(adult)s"))

    assert [one.said for one in found.entries] == [("Привет",), ("Это прочитает %(adult)s",)]
    assert found.problems == ()


# ---- one entry ---------------------------------------------------------------------------------------------------


ENTRIES = {
    "placeholder renamed": ("E401", "%(adult)s reads it", "Это прочитает %(adlt)s"),
    "placeholder lost": ("E401", "%(adult)s reads it", "Это прочитают"),
    "placeholder of another kind": ("E401", "%(adult)s reads it", "Это прочитает %(adult)d"),
    "placeholder without its kind": ("E401", "%(adult)s reads it", "Это прочитает %(adult)"),
    "placeholder in braces lost": ("E401", "{n} of 5", "{x} из 5"),
    "brace left open": ("E401", "Yours", "Твоё {"),
    "a lone percent sign": ("E401", "All of it", "Всё на сто%"),
    "an unnamed placeholder": ("E401", "All of it", "Всё %s"),
    "a page of ten megabytes": ("E402", "%(adult)s reads it", "Это прочитает %(adult)9999999s"),
    "a width from outside": ("E402", "%(adult)s reads it", "Это прочитает %(adult)*s"),
    "a tag": ("E408", "Hello", "<b>Привет</b>"),
    "a script": ("E408", "Hello", "<script src=x>"),
    "a tag that English has too": ("E408", "<b>Hello</b>", "<i>Привет</i>"),
    "an entity": ("E408", "Hello", "Привет&nbsp;тебе"),
    "a sentence turned round": ("E409", "Hello", "При\u202eвет"),
    "an isolate": ("E409", "Hello", "\u2067Привет"),
    "an Arabic mark": ("E409", "Hello", "Привет\u061c"),
    "a space without width": ("E409", "Hello", "При\u200bвет"),
    "a joiner in Cyrillic": ("E409", "Hello", "При\u200dвет"),
    "a soft hyphen": ("E409", "Hello", "При\u00adвет"),
    "a mark of order inside": ("E409", "Hello", "При\ufeffвет"),
    "letters that are hidden tags": ("E409", "Hello", "Привет\U000e0041"),
    "a new line nobody sees": ("E409", "Hello", "Привет\u2028тебе"),
    "yes for no": ("E410", "No", "Да"),
    "no for yes": ("E410", "Yes, now", "Нет, не сейчас"),
    "neither": ("E410", "Yes", "Ага"),
    "another number": ("E415", "Call 116 111", "Позвони 116 112"),
    "a number lost": ("E415", "Call 116 111", "Позвони 116"),
    "a number in other digits": ("E415", "Call 116 111", "Позвони ١١٦ 112"),
    "a very long number": ("E415", "Call 116", "Позвони 116 " + "١" * 3000),
    "a book in place of a sentence": ("E419", "Call 116", "Позвони 116 " + "я " * 9000),
    "blanks without end after a sign": ("E408", "Hello", "Привет <" + " " * 3000 + "b"),
    "a quotation mark that could end an attribute": ("E408", "Hello", 'Привет\\" action=\\"/stop'),
    "an address on the net": ("E408", "Hello", "Привет https://evil.example"),
    "figures in circles": ("E415", "Hello", "Привет ①①⑥"),
    "a placeholder again and again": ("E401", "%(adult)s reads it", "%(adult)s " * 40 + "прочитает"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_wrong_with_one_entry_is_told_at_its_line(name: str) -> None:
    code, english, said = ENTRIES[name]

    found = [one for one in told(entry("Bye", "Пока") + entry(english, said)) if not one[2]]

    assert (code, FIRST + 3, False) in found
    assert {one[0] for one in found} <= {code, "E401"}


def test_the_other_entries_of_the_file_can_be_used(in_book: "Own") -> None:
    in_book.write("ru", "messages", head() + entry("Hello", "<b>Привет</b>") + entry("Bye", "Пока"))

    book = books.book("ru", "messages")

    assert (book.ugettext("Hello"), book.ugettext("Bye")) == ("Hello", "Пока")


@pytest.mark.parametrize(("english", "said"), [
    ("Call ١٢", "Позвони ١٢"), ("100% yours", "На 100% твоё"), ("%(num)d%% done", "Сделано %(num)d%%"),
    ("No", "Нет"), ("Yes, now", "Да, сейчас"), ("Nobody", "Да никто"), ("5 < 6", "5 < 6"),
])  # fmt: skip
def test_what_is_right_is_let_through(english: str, said: str) -> None:
    assert told(entry(english, said)) == []


def test_a_joiner_between_arabic_letters_is_part_of_writing() -> None:
    found = po.parse(
        (head("ar", LANGUAGES["ar"].plural_forms) + entry("Hello", "می\u200cخواهم")).encode(), LANGUAGES["ar"], "ar"
    )

    assert found.problems == ()


def test_an_invisible_sign_is_shown_as_its_number() -> None:
    line = str(parsed(head() + entry("Hello", "При\u202eвет")).problems[0])

    assert "'\\u202e'" in line
    assert "\u202e" not in line


def test_six_times_as_long_is_a_warning() -> None:
    assert told(entry("A question", "а" * 73)) == [("E419", FIRST, True)]
    assert told(entry("A question", "а" * 72)) == []


PLURAL = 'msgid "%(num)d child"\nmsgid_plural "%(num)d children"\n'


def test_a_missing_plural_form_is_told() -> None:
    whole = PLURAL + 'msgstr[0] "%(num)d ребёнок"\nmsgstr[1] "%(num)d ребёнка"\nmsgstr[2] "%(num)d детей"\n'

    assert told(whole) == []
    assert told(whole.rpartition("msgstr[2]")[0]) == [("E404", FIRST, False)]
    assert [one.code for one in refused(head() + whole + 'msgstr[3] "x"\n')] == ["E406"]
    assert [one.code for one in refused(head() + PLURAL + 'msgstr[99999999] "x"\n')] == ["E406"]


def test_two_translations_of_one_sentence_are_told_and_neither_is_used(in_book: "Own") -> None:
    text = HELLO + entry("Hello", "Здравствуй")
    in_book.write("ru", "messages", head() + text)

    assert told(text) == [("E407", FIRST + 3, False)]
    assert books.book("ru", "messages").find("", "Hello") is None


def test_a_second_header_is_told() -> None:
    assert told(HELLO + head("ru", "nplurals=99999999; plural=0;"))[0][0] == "E407"


def test_a_context_with_html_and_codes_of_a_terminal_is_harmless_to_read() -> None:
    line = str(parsed(head() + entry("Hello", "<i>", "S3.C01 <b>\x1b[2J / 10-12")).problems[0])

    assert "\x1b" not in line
    assert line.startswith("ru/messages.po:8, ")


def test_options_that_read_the_same_are_told() -> None:
    options = entry("Near me", "Рядом", "D1.2 1 / 10-12") + entry("With me", "рядом.", "D1.2 2 / 10-12")
    ages = entry("Near me", "Рядом", "D1.2 1 / 13-15") + entry("Near me", "Рядом", "D1.2 2 / 16-17")
    missing = entry("I don't know", "Не знаю", "DK / 10-12") + entry("I don't want to answer", "Не знаю", "SK / 10-12")

    assert told(options) == [("E410", FIRST + 5, False)]
    assert told(missing) == [("E410", FIRST + 5, False)]
    assert told(ages) == []


# ---- a whole file ------------------------------------------------------------------------------------------------


BOMB = "nplurals=99999999; plural=(n != 1);"
FILES: dict[str, tuple[str, int, str | bytes]] = {
    "a million plural forms": ("E403", 1, head(plural=BOMB) + HELLO),
    "another rule for plural forms": ("E403", 1, head(plural="nplurals=2; plural=(n != 1);") + HELLO),
    "a rule that runs": ("E403", 1, head(plural="nplurals=3; plural=__import__('os').system('x');") + HELLO),
    "a rule that never ends": ("E403", 1, head(plural=f"nplurals=3; plural={'(' * 5000}n;") + HELLO),
    "no rule": ("E403", 1, 'msgid ""\nmsgstr "Language: ru\\n"\n\n' + HELLO),
    "Latin-1": ("E405", FIRST + 1, (head() + entry("Hello", "grüezi")).encode("latin-1")),
    "UTF-16": ("E405", 1, (head() + HELLO).encode("utf-16")),
    "said to be Latin-1": ("E405", 1, (head() + HELLO).replace("utf-8", "iso-8859-1")),
    "a quotation mark is missing": ("E406", FIRST + 1, head() + 'msgid "Hello"\nmsgstr "Привет\n\n' + HELLO),
    "a quotation mark too many": ("E406", FIRST + 1, head() + 'msgid "Hello"\nmsgstr "При"вет"\n'),
    "no quotation marks": ("E406", FIRST + 1, head() + 'msgid "Hello"\nmsgstr Привет\n'),
    "cut in a line": ("E406", FIRST + 1, (head() + HELLO).strip()[:-3]),
    "cut in a letter": ("E405", FIRST + 1, (head() + HELLO).encode().strip()[:-2]),
    "cut after a msgid": ("E406", FIRST, head() + 'msgid "Hello"\n'),
    "cut after a context": ("E406", FIRST, head() + 'msgctxt "S3.C01 / 10-12"\n'),
    "no msgid": ("E406", FIRST, head() + 'msgstr "Привет"\n'),
    "msgstr twice": ("E406", FIRST + 2, head() + 'msgid "Hello"\nmsgstr "Привет"\nmsgstr "Пока"\n'),
    "a comment inside an entry": ("E406", FIRST + 1, head() + 'msgid "Hello"\n# why\nmsgstr "Привет"\n'),
    "a text before everything": ("E406", 1, '"Hello"\n' + head()),
    "not a PO file": ("E406", 1, "{}\n"),
    "another language": ("E412", 1, head("uk") + HELLO),
    "no language": ("E412", 1, head("") + HELLO),
    "no header": ("E406", 1, HELLO),
    "empty": ("E406", 1, ""),
    "blank": ("E406", 1, "\n \n\n"),
    "only comments": ("E406", 1, "# nothing\n#~ msgid \"old\"\n"),
    "a NUL": ("E406", FIRST, head() + 'msgid "He\0llo"\nmsgstr "Привет"\n'),
    "a compiled file": ("E413", 0, b"\xde\x12\x04\x95\0\0\0\0"),
    "a compiled file of another machine": ("E413", 0, b"\x95\x04\x12\xde\0\0\0\0"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_trusted_is_refused_whole(name: str, in_book: "Own") -> None:
    code, line, data = FILES[name]

    problems = refused(data)
    in_book.write("ru", "messages", data)

    assert (problems[0].code, problems[0].line) == (code, line), str(problems[0])
    assert all(one.cure for one in problems)
    book = books.book("ru", "messages")
    assert not book.entries
    assert code in {one.code for one in book.problems}
    assert book.ugettext("Hello") == "Hello"


@pytest.mark.parametrize("turned", [
    lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("\n", "\r"),
    lambda text: "# by Galina\n#, fuzzy\n" + text, lambda text: text.replace('"\n"Plural', '"\n\t"Plural'),
    lambda text: text.replace("n%10>=2 &&", 'n%10>=2 &&"\n"'), lambda text: text + '#~ msgid "old" garbage\n',
])  # fmt: skip
def test_what_editors_do_to_a_file_is_no_mistake(turned: object) -> None:
    assert callable(turned)

    assert [one.said for one in parsed(turned(head() + HELLO)).entries] == [("Привет",)]


def test_a_file_may_be_large_but_not_endless(tmp_path: Path) -> None:
    file = tmp_path / "ru.po"
    file.write_text(head() + HELLO + "#" * (po.LARGEST - len((head() + HELLO).encode()) - 1) + "\n", "utf-8")
    assert len(po.read(file, RU).entries) == 1

    with file.open("a") as opened:
        opened.write("\n")
    with pytest.raises(po.BrokenFile, match="larger than 2 MiB"):
        po.read(file, RU)


def device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def said_to_be_empty(place: Path) -> None:
    place.symlink_to("/proc/self/environ")


def directory(place: Path) -> None:
    place.mkdir()


def pipe(place: Path) -> None:
    os.mkfifo(place)


def nowhere(place: Path) -> None:
    place.symlink_to("gone.po")


@pytest.mark.parametrize("make", [device, directory, pipe, nowhere])
def test_what_is_no_file_is_told_and_never_waited_for(make: object, in_book: "Own") -> None:
    place = in_book.place("ru", "messages")
    assert callable(make)
    make(place)

    book = books.book("ru", "messages")

    assert [one.code for one in book.problems] == ["E413"]
    assert not book.entries


def test_a_compiled_file_beside_the_words_is_not_read(in_book: "Own") -> None:
    in_book.write("ru", "messages", head() + HELLO)
    in_book.place("ru", "messages").with_suffix(".mo").write_bytes(b"\xde\x12\x04\x95")

    assert books.book("ru", "messages").ugettext("Hello") == "Привет"
    with pytest.raises(po.BrokenFile, match=r"only \.po files are read"):
        po.read(in_book.place("ru", "messages").with_suffix(".mo"), RU)


def test_the_time_for_ten_thousand_entries_grows_with_their_number_only() -> None:
    few, many = _steps(1_000), _steps(10_000)

    assert many < 11 * few


def _steps(entries: int) -> int:
    """How many functions are called to read so many entries: the same on every machine."""
    text = head() + "".join(entry(f"Hello {n}", f"Привет {n}", f"S3.C{n} X / 10-12") for n in range(entries))
    calls = 0

    def count(_frame: FrameType, _event: str, _arg: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = parsed(text)
    finally:
        sys.setprofile(before)
    assert len(found.entries) == entries
    return calls


@pytest.mark.parametrize("data", [
    b"\n" * 200_000, b" \n" * 100_000, b"#" * 400_000 + b"\n", b"#\n" * 100_000, b'msgid ""\n' * 30_000,
    (head() + 'msgid "Hello"\nmsgstr "' + "%(" * 100_000 + '"\n').encode(),
    (head() + 'msgid "Hello"\nmsgstr "' + "\\" * 200_000 + '"\n').encode(),
    (head() + 'msgid "Hello"\nmsgstr ""\n' + '"a"\n' * 50_000).encode(),
])  # fmt: skip
def test_a_file_made_to_be_slow_is_read_as_fast_as_any(data: bytes) -> None:
    """Without a clock: a pattern that tries everything again from each place would not come back within this suite."""
    _only_broken(data)


REAL = (books.shipped() / "ru" / "LC_MESSAGES" / "messages.po").read_bytes()[:20_000].rpartition(b"\n\n")[0] + b"\n"


def test_the_piece_of_a_real_file_is_sound() -> None:
    assert len(parsed(REAL).entries) > 50


def _only_broken(data: bytes) -> None:
    try:
        problems = list(parsed(data).problems)
    except po.BrokenFile as error:
        problems = error.problems or [Problem("", 0, "", "", "refused without a reason", "")]
    assert all(one.code and one.what and one.cure for one in problems)


@given(data=st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_refused_or_read(data: bytes) -> None:
    _only_broken(data)
    _only_broken(head().encode() + data)


PIECES = [b'"', b"\\", b"\n", b"msgid ", b"msgstr[0] ", b"msgctxt ", b"#~ ", b"#: \xe2\x81\xa8", b"%(", b"{", b"\r"]
EDITS = st.tuples(st.integers(0, len(REAL)), st.integers(0, 60), st.binary(max_size=20) | st.sampled_from(PIECES))


@given(edit=EDITS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_changes_to_a_real_file_are_refused_or_read(edit: tuple[int, int, bytes]) -> None:
    at, cut, new = edit
    _only_broken(REAL[:at] + new + REAL[at + cut :])


# ---- the real files, broken on purpose ---------------------------------------------------------------------------


class Own:
    """An organisation's folder of translations: it stands before the shipped one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, code: str, name: str) -> Path:
        found = self.folder / code / "LC_MESSAGES" / f"{name}.po"
        found.parent.mkdir(parents=True, exist_ok=True)
        return found

    def write(self, code: str, name: str, data: str | bytes) -> None:
        self.place(code, name).write_bytes(data if isinstance(data, bytes) else data.encode())
        books.forget()

    def change(self, code: str, name: str, context: str, said: str) -> None:
        """The shipped words of a language, with other ones in one place."""
        text = (books.shipped() / code / "LC_MESSAGES" / f"{name}.po").read_text("utf-8")
        found = re.search(rf'(msgctxt "{re.escape(context)}"\nmsgid (?:".*"\n)+)msgstr (?:".*"\n)+', text)
        assert found
        self.write(code, name, text[: found.start()] + f'{found[1]}msgstr "{said}"\n' + text[found.end() :])

    def problems(self, code: str) -> list[Problem]:
        return [one for name in books.DOMAINS for one in books.book(code, name).problems if not one.warning]


@pytest.fixture
def in_book(tmp_path: Path) -> Iterator[Own]:
    folder, table = tmp_path / "translations", dict(LANGUAGES)
    folder.mkdir()
    books.also(folder)
    yield Own(folder)
    books._more.remove(folder)
    LANGUAGES.clear()
    LANGUAGES.update(table)
    books.forget()


BREAKS = {
    "ru": ("X3 2 / 10-12", "Нет", "E410"),
    "sw": ("X3 0 / 10-12", "Ndiyo", "E410"),
    "ar": ("D1.2 1 / 10-12", "\u202eبعيد", "E409"),
    "fr": ("S3.C01 / 10-12", "<b>Sur quoi veux-tu travailler ?</b>", "E408"),
    "es": ("S3.C01 / 13-15", "¿En qué %(x)s te gustaría trabajar?", "E401"),
    "uk": ("D1.1 PARENTS / 16-17", "З батьками 2", "E415"),
}


@pytest.mark.parametrize("code", OTHERS)
def test_breaking_a_real_translation_is_found_and_children_are_not_asked_in_it(code: str, in_book: Own) -> None:
    context, said, expected = BREAKS[code]
    before = in_book.problems(code)

    in_book.change(code, "questionnaires", context, said)

    assert before == []
    assert {one.code for one in in_book.problems(code)} == {expected}
    assert context in {one.question for one in in_book.problems(code)}
    assert code not in complete.languages()
    assert context in {one.question for one in complete.problems(code) if one.code == "E411"}


@pytest.mark.parametrize("code", OTHERS)
def test_an_option_that_reads_like_its_neighbour_is_found(code: str, in_book: Own) -> None:
    other = books.book(code, "questionnaires").find("D1.1 KIN / 10-12", _english("D1.1 KIN / 10-12"))
    assert other

    in_book.change(code, "questionnaires", "D1.1 PARENTS / 10-12", other)

    assert {(one.code, one.question) for one in in_book.problems(code)} == {("E410", "D1.1 KIN / 10-12")}


def _english(context: str) -> str:
    return next(one.text for one in books.wanted("questionnaires") if one.context == context)


@pytest.mark.parametrize("said", ["", " ", "fuzzy"])
def test_a_sentence_that_is_empty_or_only_guessed_keeps_a_language_from_children(said: str, in_book: Own) -> None:
    in_book.change("ru", "questionnaires", "S3.C01 / 10-12", said)
    if said == "fuzzy":
        text = in_book.place("ru", "questionnaires").read_text("utf-8")
        marked = text.replace('msgctxt "S3.C01 / 10-12"', '#, fuzzy\nmsgctxt "S3.C01 / 10-12"')
        in_book.write("ru", "questionnaires", marked)

    missing = [one for one in complete.problems("ru") if one.question == "S3.C01 / 10-12"]

    assert [one.code for one in missing] == ["E411"]
    assert ("only guessed" in missing[0].what) == (said == "fuzzy")
    assert "ru" not in complete.languages()
    spoken = publish.speaking(LIBRARY, "ru").questionnaires["care.planning.child"].questions[0]
    assert spoken.text["10-12"] == ""


# ---- an organisation's own table of languages --------------------------------------------------------------------


def test_an_organisation_adds_its_own_language(in_book: Own) -> None:
    (in_book.folder / "languages.toml").write_text(
        OWN + 'helplines = [["Helpline", "116"]]\nplural_forms = "nplurals=2; plural=(n != 1);"\n', "utf-8"
    )

    books.also(in_book.folder)

    assert (LANGUAGES["luo"].own_name, LANGUAGES["luo"].helplines) == ("Dholuo", (("Helpline", "116"),))


OWN = '[luo]\nown_name = "Dholuo"\n'
TABLES: dict[str, tuple[str, str | bytes]] = {
    "bad code": ("no code of a language", '["../../etc"]\nown_name = "x"\n'),
    "capital letters": ("no code of a language", '[LUO]\nown_name = "x"\n'),
    "code for a terminal": ("no code of a language", '["\\u001b[2J"]\nown_name = "x"\n'),
    "English": ("English is what everything is written in", '[en]\nown_name = "Pirate"\n'),
    "no name": ("own_name is missing", "[luo]\n"),
    "empty name": ("own_name is missing", '[luo]\nown_name = " "\n'),
    "name is a number": ("own_name is missing", "[luo]\nown_name = 5\n"),
    "name with a tag": ("own_name is missing", '[luo]\nown_name = "<b>"\n'),
    "name turned round": ("own_name is missing", '[luo]\nown_name = "\\u202eoulohD"\n'),
    "name without end": ("own_name is missing", f'[luo]\nown_name = "{"x" * 81}"\n'),
    "no table": ("own_name is missing", 'luo = "Dholuo"\n'),
    "unknown key": ("unknown key 'colour'", OWN + 'colour = "red"\n'),
    "bad direction": ("direction is one of ltr, rtl", OWN + 'direction = "up"\n'),
    "direction is a list": ("direction is one of ltr, rtl", OWN + 'direction = ["rtl"]\n'),
    "bad script": ("script is one of", OWN + 'script = "runes"\n'),
    "voice that is a command": ("voice is a name", OWN + 'voice = "-f /etc/passwd"\n'),
    "voice is a number": ("voice is a name", OWN + "voice = 3\n"),
    "endless plural forms": ("plural_forms cannot be used", OWN + f'plural_forms = "{BOMB}"\n'),
    "plural forms that run": ("plural_forms cannot be used", OWN + 'plural_forms = "nplurals=2; plural=exit();"\n'),
    "division by nothing": ("plural_forms cannot be used", OWN + 'plural_forms = "nplurals=2; plural=n/0;"\n'),
    "division by nothing at 7": ("plural_forms cannot be used", OWN + 'plural_forms = "nplurals=2; plural=0%(n-7);"\n'),
    "a form that is not there": ("plural_forms cannot be used", OWN + 'plural_forms = "nplurals=2; plural=n;"\n'),
    "plural forms are a number": ("plural_forms cannot be used", OWN + "plural_forms = 2\n"),
    "helplines are one text": ("helplines is a list", OWN + 'helplines = "116"\n'),
    "helplines are a number": ("helplines is a list", OWN + "helplines = 116\n"),
    "a helpline without its name": ("helplines is a list", OWN + 'helplines = ["ab"]\n'),
    "a helpline of three": ("helplines is a list", OWN + 'helplines = [["a", "b", "c"]]\n'),
    "a helpline of numbers": ("helplines is a list", OWN + "helplines = [[1, 2]]\n"),
    "not UTF-8": ("Save it as UTF-8 TOML", '[luo]\nown_name = "Dholüo"\n'.encode("latin-1")),
    "not TOML": ("Save it as UTF-8 TOML", "luo: Dholuo\n"),
    "too deep": ("Save it as UTF-8 TOML", f"x = {'[' * 5000}\n"),
    "too large": ("larger than 64 KiB", "#" * 70_000),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_bad_table_of_languages_is_told_and_nothing_of_it_is_used(name: str, in_book: Own) -> None:
    expected, data = TABLES[name]
    before, file = dict(LANGUAGES), in_book.folder / "languages.toml"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())

    with pytest.raises(UnknownLanguage) as error:
        languages.add(file)

    assert expected in str(error.value)
    assert str(file) in str(error.value)
    assert "\x1b" not in str(error.value)
    assert before == LANGUAGES


@given(data=st.binary(max_size=120) | st.text(max_size=60).map(lambda text: (OWN + text).encode("utf-8", "replace")))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_table_of_languages_is_refused_or_read(data: bytes, tmp_path: Path) -> None:
    before, file = dict(LANGUAGES), tmp_path / "languages.toml"
    file.write_bytes(data)
    try:
        languages.add(file)
    except UnknownLanguage:
        assert before == LANGUAGES
    finally:
        LANGUAGES.clear()
        LANGUAGES.update(before)
