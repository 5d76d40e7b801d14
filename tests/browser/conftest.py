"""The tablet of the child's tests, for every file here."""

from ..test_pages import places
from .child_tablet import address, chrome, go, tablet

__all__ = ["address", "chrome", "go", "places", "tablet"]
