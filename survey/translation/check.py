"""What can be wrong with one translation, each as a small function (codes E401-E415 of docs/translating.md)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ..instrument import words
from ..instrument.problem import Problem, shown
from .entry import Entry
from .languages import Language

PLACEHOLDER = re.compile(r"%\((?P<name>\w*)\)(?P<flags>[^a-zA-Z%(]*)(?P<kind>[a-zA-Z]?)|\{(?P<brace>\w+)\}")
LONE = re.compile(r"%(?!%|\(\w+\)[a-zA-Z])|\{(?!\w+\})|(?<!\w)\}")
TAG = re.compile(r"<[\s/]{0,9}[a-zA-Z!?]|&#?\w{1,31};")
SIGNS = frozenset('<>"')  # could open a tag or end an attribute where a page forgot to escape
# Signs that nobody sees: they can turn a sentence round or hide a word.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Between letters that join, the joiner and its opposite are part of writing; between Latin or Cyrillic ones they hide.
JOINER = re.compile("(?<![\u0600-\u08ff\u0900-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u08ff\u0900-\u0dff])")
DIGITS = re.compile(r"\d+")
NO_OR_YES = re.compile(r"(No|Yes)(?=$|[,.!])")
OPTION = re.compile(r"(?P<of>\S+) (?P<code>\S+) / (?P<who>\S+)|(?P<missing>DK|IDM|SK|NA) / (?P<for>\S+)")
ADDRESS = re.compile(r"\w://|www\.", re.IGNORECASE)
LONGEST = 6
FAR_TOO_LONG = 4000
MOST_REPEATS = 2
NUMBER = {"%(num)d", "%(num)s"}


def entry(one: Entry, language: Language, file: str) -> Iterator[Problem]:
    """Everything wrong with an entry. What is not translated yet is no mistake; it is only missing."""
    if one.plural and len(one.said) != language.forms:
        yield _about(one, file, "E404", f"{len(one.said)} plural forms", f"'{language.code}' has {language.forms}.")
    if any(one.said) and not all(one.said):
        yield _about(one, file, "E404", "a plural form is empty", "Write every form.")
    for said in filter(str.strip, one.said):
        if len(said) > FAR_TOO_LONG:  # and nothing else is asked of it: no rule has to read a book
            what = f"{len(said)} signs, more than {FAR_TOO_LONG}"
            yield _about(one, file, "E419", what, "Say it in a few words.")
            continue
        for rule in RULES:
            yield from rule(one, said, file)
        yield from e410_no_is_no(one, said, file, language.code)


def e401_placeholders(one: Entry, said: str, file: str) -> Iterator[Problem]:
    """The same placeholders as in English; a plural form may leave out the number."""
    wanted, found = _names(one.plural or one.text), _names(said)
    if found - wanted or (wanted - found and not (one.plural and wanted - found <= NUMBER)):
        what = f"the placeholders are {_listed(found)}, in English {_listed(wanted)} (of {shown(one.text)})"
        yield _about(one, file, "E401", what, "Keep every placeholder exactly as it is.")
    elif len(_placeholders(said)) > MOST_REPEATS * max(1, len(_placeholders(one.plural or one.text))):
        yield _about(one, file, "E401", f"a placeholder again and again in {shown(said)}", "Use each of them once.")
    elif _lone(said) and not _lone(one.text):
        yield _about(
            one, file, "E401", f"a single % or an unfinished placeholder in {shown(said)}", "Write %% for one."
        )


def e402_plain_placeholders(one: Entry, said: str, file: str) -> Iterator[Problem]:
    """No width, no flags: `%(name)9999999s` is a page of ten megabytes."""
    if any(found["flags"] for found in PLACEHOLDER.finditer(said)):
        yield _about(one, file, "E402", f"a width or a flag in {shown(said)}", "Write only %(name)s or %(num)d.")


def e408_no_tags(one: Entry, said: str, file: str) -> Iterator[Problem]:
    """Words are words: no HTML. There is none in the English either."""
    if TAG.search(said) or SIGNS & set(said) - set(one.text):
        cure = "Write plain text, and your language's own quotation marks: « », “ ”, „ “."
        yield _about(one, file, "E408", f"HTML or a straight quotation mark in {shown(said)}", cure)
    elif ADDRESS.search(said) and not ADDRESS.search(one.text):
        yield _about(one, file, "E408", f"an address on the net in {shown(said)}", "Remove it.")


def e409_nothing_hidden(one: Entry, said: str, file: str) -> Iterator[Problem]:
    """No sign that nobody sees."""
    if found := INVISIBLE.search(said) or JOINER.search(said):
        yield _about(one, file, "E409", f"an invisible sign {shown(found[0])} in the text", "Remove it.")


def e410_no_is_no(one: Entry, said: str, file: str, code: str) -> Iterator[Problem]:
    """Where English begins with No or Yes, so does the language: swapped, every answer would mean its opposite."""
    asked = NO_OR_YES.match(one.text)
    if asked and code in words.NO_AND_YES:
        wanted = words.NO_AND_YES[code][asked[1] == "Yes"]
        if next(iter(words.split(said.lower())), "") != wanted:
            yield _about(one, file, "E410", f"{shown(one.text)} is {shown(said)}", f"Begin with {shown(wanted)}.")


def e415_same_digits(one: Entry, said: str, file: str) -> Iterator[Problem]:
    """A number never changes in translation: it may be somebody's number. A plural form may leave one out."""
    wanted, found = _numbers(f"{one.text} {one.plural}"), _numbers(said)
    lost = [] if one.plural else sorted(wanted - found)
    if strange := sorted(found - wanted):
        yield _about(one, file, "E415", f"the number {shown(strange[0])} is not in the English", _AS_IN_ENGLISH)
    elif lost:
        yield _about(one, file, "E415", f"the number {shown(lost[0])} of the English is missing", _AS_IN_ENGLISH)


def e419_length(one: Entry, said: str, file: str) -> Iterator[Problem]:
    """Six times as long breaks a small screen (a warning)."""
    if FAR_TOO_LONG >= len(said) > LONGEST * max(len(one.text), 12):
        what = f"it is {len(said) / max(len(one.text), 1):.0f} times as long as the English"
        yield _about(one, file, "E419", what, "Say it in fewer words.", warning=True)


_AS_IN_ENGLISH = "Write the numbers of the English, in digits."
RULES = (
    e401_placeholders, e402_plain_placeholders, e408_no_tags, e409_nothing_hidden, e415_same_digits, e419_length,
)  # fmt: skip


def alike(entries: Iterable[Entry], file: str) -> Iterator[Problem]:
    """Options of one list that read the same here, though not in English: a child could not choose (E410)."""
    first: dict[tuple[str, str, str], Entry] = {}
    for one in entries:
        if (found := OPTION.fullmatch(one.context)) and one.done:
            who = f"{found['of'] or 'missing'}", found["who"] or found["for"], _read(one.said[0])
            other = first.setdefault(who, one)
            if other.text != one.text:
                what = f"{shown(one.said[0])} is also the translation of {shown(other.text)} ({shown(other.context)})"
                yield _about(one, file, "E410", what, "Say the two so that a child can tell them apart.")


def _read(said: str) -> str:
    """What a reader takes in: words, whatever their case and signs."""
    return " ".join(words.split(said.casefold())) or said.strip()


def _names(text: str) -> set[str]:
    return set(_placeholders(text))


def _placeholders(text: str) -> list[str]:
    found = PLACEHOLDER.finditer(text.replace("%%", ""))
    return [f"%({one['name']}){one['kind']}" if one["brace"] is None else f"{{{one['brace']}}}" for one in found]


def _listed(names: set[str]) -> str:
    return ", ".join(shown(name) for name in sorted(names)) or "none"


def _lone(text: str) -> bool:
    return bool(LONE.search(text.replace("%%", "")))


def _numbers(text: str) -> set[str]:
    bare = PLACEHOLDER.sub(" ", text)
    plain = "".join(
        str(unicodedata.digit(sign)) if unicodedata.digit(sign, None) is not None else sign for sign in bare
    )
    return set(DIGITS.findall(plain))  # circled and raised figures are figures, too


def _about(one: Entry, file: str, code: str, what: str, cure: str, *, warning: bool = False) -> Problem:
    """A problem at its entry; a context that nobody of us wrote is made harmless to read."""
    return Problem(file, one.line, code, shown(one.context)[1:-1], what, cure, warning)
