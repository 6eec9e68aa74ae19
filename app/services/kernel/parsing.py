"""Reading what people enter: trimmed, normalised, refused with the field's name."""

import re
from datetime import date

import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from app.domain.identity import Document, IdType
from app.domain.limits import ID_NUMBER_LENGTH, PERSON_NAME_LENGTH
from app.domain.refusals import Refusal, RefusalCode
from app.domain.text import fault_of, harmful, shown, typed

_HOME_REGION = "CN"
_OTHER_DOCUMENT = re.compile(
    rf"(?=.{{5,{ID_NUMBER_LENGTH}}}$)[A-Z0-9][A-Z0-9()/-]*[A-Z0-9)]", re.ASCII
)
_PHONE = re.compile(r"\+?[0-9()-]{5,30}", re.ASCII)
_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


def read_text(
    value: str, refusal: RefusalCode, longest: int, *path: str | int, required: bool = True
) -> str:
    """Read a line of text as it is shown; refuse it harmful, longer than ``longest``, or empty."""
    text = shown(value) if len(value) <= 10 * longest else value
    fault = fault_of(text, longest, required=required)
    if fault is not None:
        params: dict[str, int | str] = {"fault": fault, "longest": longest}
        raise Refusal(refusal, *path, params=params | {"character": harmful(text) or ""})
    return text


def text_or_none(value: str, longest: int, *, required: bool = True) -> str | None:
    """Return a line of text as ``read_text`` reads it; None where that refuses it."""
    text = shown(value) if len(value) <= 10 * longest else value
    return None if fault_of(text, longest, required=required) else text


def read_phone(value: str, *path: str | int) -> str:
    """Read a mobile phone in E.164, or a bare mainland number; return E.164."""
    try:
        dialled = typed(value)
        if not _PHONE.fullmatch(dialled):
            raise Refusal(RefusalCode.PHONE_INVALID, *path)
        number = phonenumbers.parse(dialled, _HOME_REGION)
    except phonenumbers.NumberParseException:
        raise Refusal(RefusalCode.PHONE_INVALID, *path) from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise Refusal(RefusalCode.PHONE_INVALID, *path)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(phone: str) -> str | None:
    """Return the country of a phone in E.164, in two letters."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(phone))


def read_document(id_type: IdType, number: str, today: date, *path: str | int) -> Document:
    """Read an ID number of a type; ``today`` is the day in the configured zone.

    A resident ID is checked for length, date of birth and check digit only: the county it
    names may have been renumbered since.
    """
    if len(number) > 2 * ID_NUMBER_LENGTH:
        raise Refusal(RefusalCode.ID_NUMBER_INVALID, *path)
    document = Document(id_type, number)
    valid = (
        _is_resident_id(document.id_number, today)
        if id_type is IdType.RESIDENT_ID
        else _OTHER_DOCUMENT.fullmatch(document.id_number) is not None
    )
    if not valid:
        raise Refusal(RefusalCode.ID_NUMBER_INVALID, *path)
    return document


def _is_resident_id(number: str, today: date) -> bool:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        return False
    try:
        born: date = ric.get_birth_date(number)
    except ValidationError:
        return False
    return born <= today and ric.calc_check_digit(number) == number[-1]


def read_person_name(value: str, *path: str | int) -> str:
    """Read a person's name as their document gives it."""
    return read_text(value, RefusalCode.NAME_INVALID, PERSON_NAME_LENGTH, *path)
