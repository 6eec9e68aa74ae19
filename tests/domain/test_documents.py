"""By what a person is known: a document, however it was written (R6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import Document, IdType

NUMBERS = st.text("0123456789ABCXYZ", min_size=9, max_size=18)


@pytest.mark.parametrize(
    "written",
    [
        "44010319900101123x",
        "４４０１０３１９９００１０１１２３ｘ",
        " 440103 19900101\u3000123X",
        "\u202a44010319900101123X\u200b",
    ],
)
def test_a_number_is_one_however_it_was_written(written: str) -> None:  # R6
    document = Document(IdType.RESIDENT_ID, written)
    assert document.id_number == "44010319900101123X"
    assert document == Document(IdType.RESIDENT_ID, "44010319900101123X")


def test_a_renewed_permit_is_the_same_persons() -> None:  # R6
    before, after = (Document(IdType.HK_MACAO_PERMIT, f"h12345678{times}") for times in ("", "02"))
    assert before == after and hash(before) == hash(after) and before.key == after.key
    assert (before.id_number, after.id_number) == ("H12345678", "H1234567802")
    assert before != Document(IdType.HK_MACAO_PERMIT, "H12345679")


@given(NUMBERS, NUMBERS, st.sampled_from(IdType), st.sampled_from(IdType))
def test_other_documents_are_other_peoples(
    one: str, other: str, id_type: IdType, other_type: IdType
) -> None:  # R6
    length = 9 if id_type is IdType.HK_MACAO_PERMIT else None
    same = id_type is other_type and one[:length] == other[:length]
    assert (Document(id_type, one) == Document(other_type, other)) == same
    assert Document(id_type, one) != (id_type, one)
