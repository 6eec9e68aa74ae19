"""Documents that are kept: bounded by what they are made of, however many come."""

from app.domain.costs import TOKENS
from app.schema import build_schema
from app.schema.documents import DOCUMENTS_KEPT, TOKENS_KEPT, Documents

SCHEMA = build_schema()._schema


def large(number: int) -> str:
    """A document that is nearly as long as one may be."""
    groups = " ".join(f'g{number}_{at}: group(id: "x") {{ id }}' for at in range(90))
    names = " ".join(f"n{number}_{at}: now" for at in range(90))
    return f"{{ {groups} {names} }}"


def test_documents_at_the_limits_take_no_more_than_their_share() -> None:
    documents = Documents()
    first = documents.prepare(SCHEMA, large(0))
    assert TOKENS / 2 < first.tokens <= TOKENS + 2
    for number in range(1, TOKENS_KEPT // first.tokens + 20):
        documents.prepare(SCHEMA, large(number))
    kept = list(documents._kept.values())
    assert sum(one.tokens for one in kept) <= TOKENS_KEPT
    assert len(kept) > 10
    assert documents.prepare(SCHEMA, large(0)) is not first, "the oldest went"
    newest = documents.prepare(SCHEMA, large(1_000))
    assert documents.prepare(SCHEMA, large(1_000)) is newest


def test_small_documents_are_kept_up_to_a_number() -> None:
    documents = Documents()
    for number in range(DOCUMENTS_KEPT + 50):
        documents.prepare(SCHEMA, f"{{ n{number}: now }}")
    assert len(documents._kept) == DOCUMENTS_KEPT
