"""Persisted documents: operations sent by an id instead of their text.

Ids are those of manifests (``documentId``), or the SHA-256 of a text: ``documentId`` with the
prefix ``sha256:``, or Apollo's ``persistedQuery`` extension. In development, texts that come with
their hash are registered as Apollo's and urql's clients expect ("automatic").
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from app.domain.refusals import BadInput

DOCUMENT_ID: Final = "documentId"  # carried among the extensions: every way to the schema has them
_REGISTERED_AT_MOST: Final = 500
_LARGEST_REGISTERED: Final = 32 * 1024  # characters
_PREFIX: Final = "sha256:"


def hash_of(text: str) -> str:
    """Return the SHA-256 of a document, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class PersistedDocuments:
    """The documents that can be named instead of sent."""

    def __init__(
        self,
        stored: Mapping[str, str] | None = None,
        *,
        only: bool = False,
        registering: bool = False,
    ) -> None:
        """``stored``: texts by id. ``only``: nothing else runs; ``registering``: automatic."""
        self._by_id = dict(stored or {})
        self._by_hash = {hash_of(text): text for text in self._by_id.values()}
        self._only = only
        self._registering = registering and not only
        self._registered: OrderedDict[str, str] = OrderedDict()

    @property
    def texts(self) -> Iterable[str]:
        """The texts of all manifests."""
        return self._by_hash.values()

    def text_of(self, query: str | None, extensions: Mapping[str, object] | None) -> str | None:
        """Return the text that a request means, None if it means none.

        Raise ``BadInput`` for an id that isn't known, a text that isn't its own, and where only
        persisted documents run, any other text.
        """
        given = extensions or {}
        text = query or None
        if given.get(DOCUMENT_ID) is not None:
            text = self._by_document_id(given[DOCUMENT_ID], text)
        elif given.get("persistedQuery") is not None:
            text = self._by_persisted_query(given["persistedQuery"], text)
        if self._only and text is not None and hash_of(text) not in self._by_hash:
            raise BadInput("ONLY_PERSISTED_DOCUMENTS")
        return text

    def _by_document_id(self, key: object, text: str | None) -> str:
        if not isinstance(key, str):
            raise BadInput("PERSISTED_DOCUMENT_NOT_FOUND")
        sha256 = key.removeprefix(_PREFIX)
        if text is not None and sha256 == hash_of(text):
            return self._known_from_now_on(sha256, text)
        found = self._by_id.get(key) or self._of_hash(sha256)
        if found is None:
            raise BadInput("PERSISTED_DOCUMENT_NOT_FOUND")
        if text not in (None, found):
            raise BadInput("PERSISTED_DOCUMENT_DIFFERS")
        return found

    def _by_persisted_query(self, given: object, text: str | None) -> str:
        sha256 = given.get("sha256Hash") if isinstance(given, dict) else None
        if not isinstance(given, dict) or given.get("version") != 1 or not isinstance(sha256, str):
            raise BadInput("PERSISTED_QUERY_INVALID")
        if text is None:
            return self._find(sha256)
        if hash_of(text) != sha256.lower() and self._by_id.get(sha256) != text:
            raise BadInput("PERSISTED_QUERY_HASH_WRONG")
        return self._known_from_now_on(sha256.lower(), text)

    def _find(self, sha256: str) -> str:
        found = self._by_id.get(sha256) or self._of_hash(sha256.lower())
        if found is not None:
            return found
        # Told that none are supported, clients send texts from now on; here they would be refused.
        if self._registering or self._only:
            raise BadInput("PERSISTED_QUERY_NOT_FOUND")
        raise BadInput("PERSISTED_QUERY_NOT_SUPPORTED")

    def _of_hash(self, sha256: str) -> str | None:
        if sha256 in self._registered:
            self._registered.move_to_end(sha256)
            return self._registered[sha256]
        return self._by_hash.get(sha256)

    def _known_from_now_on(self, sha256: str, text: str) -> str:
        """Return a text whose hash was checked, registered where that is on."""
        if self._registering and len(text) <= _LARGEST_REGISTERED:
            self._registered[sha256] = text
            self._registered.move_to_end(sha256)
            if len(self._registered) > _REGISTERED_AT_MOST:
                self._registered.popitem(last=False)
        return text
