"""How far each published document is reviewed in each language: a table of the export.

A published document never changes; what is known about its words does. So its words are looked up in the ledger as it
stands on the day of the export.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from . import ledger, publish
from .instrument import publish as compiler
from .instrument.texts import leaves

COLUMNS = (
    "questionnaire", "version", "digest", "language", "texts", "reviewed", "tried", "draft", "stale", "source",
)  # fmt: skip
WORST_FIRST = (ledger.DRAFT, ledger.STALE, ledger.REVIEWED, ledger.TRIED)
Known = dict[tuple[str, str], str]


def languages(session: Session, _name: object) -> Iterator[tuple[Any, ...]]:
    """One row per published document and language it was translated into; English is the source."""
    known: dict[str, Known] = {}
    for row in publish.all_current(session):
        source = compiler.digest(compiler.source(row.document))
        for language in row.document["languages"]:
            if language != compiler.SOURCE_LANGUAGE:
                if language not in known:
                    known[language] = _known(session, language)
                count = _count(row.document["texts"], language, known[language])
                yield (
                    row.name, row.version, row.digest, language, count.total(), count[ledger.REVIEWED],
                    count[ledger.TRIED], count[ledger.DRAFT], count[ledger.STALE], source,
                )  # fmt: skip


def _known(session: Session, language: str) -> Known:
    """The state of every pair of English and words; where two places differ, the worse of the two."""
    found: Known = {}
    for one in ledger.states(session, language):
        if one.sentence.said:
            pair = (one.sentence.asked.text, one.sentence.said[0])
            found[pair] = min(found.get(pair, one.state), one.state, key=WORST_FIRST.index)
    return found


def _count(texts: dict[str, Any], language: str, known: Known) -> Counter[str]:
    """Words that nobody uses now were never read as they stand there: drafts."""
    english, said = dict(leaves(texts["en"])), dict(leaves(texts[language]))
    pairs = ((text, said.get(path, "")) for path, text in english.items())
    return Counter(known.get(pair, ledger.DRAFT) for pair in pairs)
