"""One entry of a PO file: words, and the same words in a language."""

from dataclasses import dataclass
from typing import Any, Self

from babel.messages import Message


@dataclass(frozen=True, slots=True)
class Entry:
    """`said` holds one text, or one for every plural form; an empty text is not translated yet."""

    context: str
    text: str
    plural: str
    said: tuple[str, ...]
    fuzzy: bool
    line: int
    places: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: Message) -> Self:
        """Read an entry as Babel found it."""
        ids: Any = message.id
        said: Any = message.string
        text, plural = (ids[0], ids[1]) if isinstance(ids, (list, tuple)) else (ids, "")
        texts = tuple(said) if isinstance(said, (list, tuple)) else (said,)
        places = tuple(str(place[0]) for place in message.locations)
        return cls(message.context or "", text, plural, texts, bool(message.fuzzy), message.lineno or 0, places)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one entry: context and words."""
        return self.context, self.text

    @property
    def done(self) -> bool:
        """Is it translated, in every plural form, and not only guessed?"""
        return not self.fuzzy and all(text.strip() for text in self.said)
