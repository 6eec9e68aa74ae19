"""Manifests of persisted documents, as the compilers of front ends write them.

Relay's and graphql-codegen's are an object of texts by their ids; Apollo's lists operations.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from graphql import GraphQLError, GraphQLSchema

from app.domain.refusals import TooCostly
from app.schema.documents import Documents
from app.schema.persisted import PersistedDocuments
from app.schema.texts import TOP_LEVEL
from app.schema.texts import text as in_words

_APOLLO: Final = "apollo-persisted-query-manifest"


class ManifestError(Exception):
    """A manifest can't be used; the message is a sentence for whoever runs the server."""


def read_manifests(paths: Iterable[Path]) -> dict[str, tuple[Path, str]]:
    """Return the file and text of every document by its id; of a folder, its ``*.json`` files.

    Raise ``ManifestError`` when one can't be read, or an id stands for two texts.
    """
    found: dict[str, tuple[Path, str]] = {}
    for path in _files_of(paths):
        for key, text in _documents_of(path):
            other, known = found.setdefault(key, (path, text))
            if known != text:
                raise ManifestError(f"{path}: {key} is another document in {other}.")
    return found


def _files_of(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        files = sorted(path.glob("*.json"))
        if not files:
            raise ManifestError(f"{path}: the folder holds no *.json file.")
        yield from files


def _documents_of(path: Path) -> Iterator[tuple[str, str]]:
    try:
        manifest = orjson.loads(path.read_bytes())
    except OSError as error:
        raise ManifestError(f"{path}: can't be read ({error.strerror}).") from None
    except orjson.JSONDecodeError as error:
        raise ManifestError(f"{path}: isn't JSON ({error}).") from None
    if not isinstance(manifest, dict):
        raise _unknown(path)
    if manifest.get("format") == _APOLLO:
        yield from _of_apollo(path, manifest)
        return
    for key, text in manifest.items():
        if not isinstance(text, str):
            raise _unknown(path)
        yield key, text


def _of_apollo(path: Path, manifest: dict[str, object]) -> Iterator[tuple[str, str]]:
    operations = manifest.get("operations")
    if manifest.get("version") != 1 or not isinstance(operations, list):
        raise ManifestError(f"{path}: must be of version 1 of {_APOLLO}, with operations.")
    for operation in operations:
        key, text = (
            (operation.get("id"), operation.get("body"))
            if isinstance(operation, dict)
            else (None, None)
        )
        if not isinstance(key, str) or not isinstance(text, str):
            raise ManifestError(f"{path}: an operation lacks its id or its body.")
        yield key, text


def _unknown(path: Path) -> ManifestError:
    return ManifestError(
        f'{path}: must be an object of texts by their ids, as Relay ({{"id": "text"}}) and '
        f"graphql-codegen write it, or Apollo's manifest."
    )


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Which documents run, and what is told about the schema.

    ``only``: those of the manifests alone; ``registering``: texts that come with their hash are
    known by it from then on.
    """

    manifests: tuple[Path, ...] = ()
    only: bool = False
    registering: bool = False
    introspection: bool = True
    suggestions: bool = True


def read_documents(
    schema: GraphQLSchema, rules: DocumentRules
) -> tuple[Documents, PersistedDocuments]:
    """Return the documents that a schema runs by these rules, and those that have ids.

    Raise ``ManifestError`` when a manifest or one of its documents can't be used.
    """
    found = read_manifests(rules.manifests)
    documents = Documents(introspection=rules.introspection, suggestions=rules.suggestions)
    for key, (path, text) in found.items():
        try:
            documents.store(schema, text)
        except GraphQLError as error:
            raise ManifestError(
                f"{path}: {_named(key, text)} can't be run: {_reason(error)}"
            ) from None
    persisted = PersistedDocuments(
        {key: text for key, (_, text) in found.items()},
        only=rules.only,
        registering=rules.registering,
    )
    return documents, persisted


def _reason(error: GraphQLError) -> str:
    cause = error.original_error
    if isinstance(cause, TooCostly):
        return in_words(TOP_LEVEL[cause.reason], "en", **cause.params)
    return error.message


def _named(key: str, text: str) -> str:
    name = re.search(r"\b(?:query|mutation|subscription)\s+(\w+)", text)
    return f"the operation {name[1]} ({key})" if name else f"the document {key}"
