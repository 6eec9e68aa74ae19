"""What is said of documents that aren't known, or aren't run here."""

from collections.abc import Mapping
from typing import Final

from app.schema.texts import Texts

DOCUMENT_FAULTS: Final[Mapping[str, Texts]] = {
    "PERSISTED_DOCUMENT_NOT_FOUND": (
        "没有 documentId 所指的文档。",
        "There is no document of the id that documentId gives.",
    ),
    "PERSISTED_DOCUMENT_DIFFERS": (
        "query 与 documentId 所指的文档不一致，请只发送其一。",
        "query isn't the document of the id that documentId gives: send one of them alone.",
    ),
    "PERSISTED_QUERY_INVALID": (
        "persistedQuery 须为对象，含 version: 1 与 sha256Hash。",
        "persistedQuery must be an object with version: 1 and sha256Hash.",
    ),
    "PERSISTED_QUERY_HASH_WRONG": (
        "sha256Hash 不是 query 的 SHA-256。",
        "sha256Hash isn't the SHA-256 of query.",
    ),
    # Words of the protocol, by which clients send the text instead: never translated.
    "PERSISTED_QUERY_NOT_FOUND": ("PersistedQueryNotFound", "PersistedQueryNotFound"),
    "PERSISTED_QUERY_NOT_SUPPORTED": ("PersistedQueryNotSupported", "PersistedQueryNotSupported"),
    "ONLY_PERSISTED_DOCUMENTS": (
        "此服务器只执行已登记的文档，见 GROUPCODE_DOCUMENTS。",
        "This server runs only persisted documents: see GROUPCODE_DOCUMENTS.",
    ),
    "INTROSPECTION_OFF": (
        "此服务器不提供 schema 查询，见 GROUPCODE_INTROSPECTION。",
        "This server doesn't tell its schema: see GROUPCODE_INTROSPECTION.",
    ),
}
