"""What people are called, as far as the sandbox was ever told."""

from collections import defaultdict

from app.domain.identity import Document
from app.domain.text import folded


class Names:
    """The names under which face checks and family lists named people, by their documents."""

    def __init__(self) -> None:
        self._names: defaultdict[Document, set[str]] = defaultdict(set)

    def note(self, document: Document, name: str) -> None:
        """Remember a name of somebody."""
        self._names[document].add(folded(name))

    def may_be(self, document: Document, name: str) -> bool:
        """Whether somebody may have this name: nobody said otherwise."""
        known = self._names.get(document)
        return known is None or folded(name) in known
