"""Which text a request means, by whichever id; and manifests as compilers write them."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.refusals import BadInput
from app.schema import build_schema
from app.schema.manifests import DocumentRules, ManifestError, read_manifests
from app.schema.persisted import PersistedDocuments, hash_of

TEXT = "query Viewer { me { id } }"
OTHER = "{ me { name } }"
HASH = hash_of(TEXT)


def apollo(sha256: str, version: int = 1) -> dict[str, Any]:
    return {"persistedQuery": {"version": version, "sha256Hash": sha256}}


def outcome(documents: PersistedDocuments, query: str | None, **extensions: Any) -> str | None:
    """The text that a request means, or why it means none."""
    try:
        return documents.text_of(query, extensions)
    except BadInput as refusal:
        return refusal.reason


def test_a_stored_document_is_found_by_its_id_and_by_its_hash() -> None:
    documents = PersistedDocuments({"abc": TEXT})
    for key in ("abc", HASH, f"sha256:{HASH}"):
        assert outcome(documents, None, documentId=key) == TEXT
        assert outcome(documents, TEXT, documentId=key) == TEXT
        assert outcome(documents, OTHER, documentId=key) == "PERSISTED_DOCUMENT_DIFFERS"
    assert outcome(documents, None, **apollo(HASH)) == TEXT
    assert outcome(documents, None, **apollo("abc")) == TEXT
    unknown: list[object] = ["", "abd", "sha256:", hash_of(OTHER), 5, [], {}]
    for one in unknown:
        assert outcome(documents, None, documentId=one) == "PERSISTED_DOCUMENT_NOT_FOUND"


def test_where_nothing_is_registered_clients_are_told_to_send_texts() -> None:
    documents = PersistedDocuments()
    assert outcome(documents, None, **apollo(HASH)) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert outcome(documents, TEXT, **apollo(HASH)) == TEXT
    assert outcome(documents, None, **apollo(HASH)) == "PERSISTED_QUERY_NOT_SUPPORTED"


def test_a_text_that_comes_with_its_hash_is_known_from_then_on() -> None:
    documents = PersistedDocuments(registering=True)
    assert outcome(documents, None, **apollo(HASH)) == "PERSISTED_QUERY_NOT_FOUND"
    assert outcome(documents, OTHER, **apollo(HASH)) == "PERSISTED_QUERY_HASH_WRONG"
    assert outcome(documents, None, **apollo(HASH)) == "PERSISTED_QUERY_NOT_FOUND"
    assert outcome(documents, TEXT, **apollo(HASH.upper())) == TEXT
    assert outcome(documents, None, **apollo(HASH)) == TEXT
    assert outcome(documents, None, documentId=f"sha256:{HASH}") == TEXT


def test_those_registered_last_are_kept() -> None:
    documents = PersistedDocuments(registering=True)
    texts = [f"{{ a{number}: __typename }}" for number in range(600)]
    for text in texts:
        assert outcome(documents, text, **apollo(hash_of(text))) == text
    found = [outcome(documents, None, **apollo(hash_of(text))) for text in texts]
    assert found == ["PERSISTED_QUERY_NOT_FOUND"] * 100 + texts[100:]
    large = "#" * 40_000 + TEXT
    assert outcome(documents, large, **apollo(hash_of(large))) == large
    assert outcome(documents, None, **apollo(hash_of(large))) == "PERSISTED_QUERY_NOT_FOUND"


def test_where_only_stored_documents_run_no_other_text_passes_in_any_way() -> None:
    documents = PersistedDocuments({"abc": TEXT}, only=True, registering=True)
    refused = "ONLY_PERSISTED_DOCUMENTS"
    assert outcome(documents, OTHER) == refused
    assert outcome(documents, OTHER, **apollo(hash_of(OTHER))) == refused
    assert outcome(documents, OTHER, documentId=f"sha256:{hash_of(OTHER)}") == refused
    assert outcome(documents, None, **apollo(hash_of(OTHER))) == "PERSISTED_QUERY_NOT_FOUND"
    assert outcome(documents, TEXT + " ") == refused
    # The text of a stored document is that document.
    assert outcome(documents, TEXT) == TEXT
    assert outcome(documents, None, documentId="abc") == TEXT
    assert outcome(documents, None) is None


@pytest.mark.parametrize(
    "given", [5, [], {}, {"version": 2, "sha256Hash": HASH}, {"version": 1}, {"sha256Hash": HASH}]
)
def test_an_extension_of_another_form_is_refused(given: object) -> None:
    documents = PersistedDocuments({"abc": TEXT})
    for query in (None, TEXT):
        assert outcome(documents, query, persistedQuery=given) == "PERSISTED_QUERY_INVALID"


RELAY = {"abc": TEXT, "def": OTHER}
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": HASH, "name": "Viewer", "type": "query", "body": TEXT}],
}


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_manifests_are_read_one_by_one_or_by_their_folder(tmp_path: Path) -> None:
    relay = written(tmp_path, "persisted-documents.json", RELAY)
    apollos = written(tmp_path, "persisted-query-manifest.json", APOLLO)
    written(tmp_path, "readme.txt", "no manifest")
    everything = {"abc": (relay, TEXT), "def": (relay, OTHER), HASH: (apollos, TEXT)}
    assert read_manifests([tmp_path]) == read_manifests([apollos, relay]) == everything


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "isn't JSON"),
        ([], "must be an object of texts"),
        ({"abc": {"text": TEXT}}, "must be an object of texts"),
        ({**APOLLO, "version": 2}, "version 1"),
        ({**APOLLO, "operations": [{"id": "abc"}]}, "lacks its id or its body"),
        ({"abc": "query Viewer { nobody }"}, "the operation Viewer (abc) can't be run: Cannot"),
        ({"abc": "{ me { "}, "the document abc can't be run: Syntax Error"),
        ({"abc": "{ " + "__typename " * 200 + "}"}, "may select __typename 50 times"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_named_with_what_is_wrong(
    tmp_path: Path, content: object, said: str
) -> None:
    path = written(tmp_path, "documents.json", content)
    with pytest.raises(ManifestError) as raised:
        build_schema(DocumentRules(manifests=(path,)))
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_an_id_of_two_texts_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"holds no \*\.json"):
        read_manifests([tmp_path])
    written(tmp_path, "a.json", {"abc": TEXT})
    written(tmp_path, "b.json", {"abc": OTHER})
    with pytest.raises(ManifestError, match="abc is another document in"):
        read_manifests([tmp_path])
