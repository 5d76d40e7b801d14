"""Translations: PO files in, words out; what is missing and what is broken is known and said.

Pure of Flask and of the database: rooms ask `survey.language`, publishing asks `books`, translators ask
`heard translate`.
"""

from .books import book, child_screens, child_screens_with, missing

__all__ = ["book", "child_screens", "child_screens_with", "missing"]
