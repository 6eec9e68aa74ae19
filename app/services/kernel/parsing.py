"""Reading what people enter: trimmed, normalised, refused with the field's name."""

import re
import unicodedata
from datetime import datetime

import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from app.domain.identity import Document, IdType
from app.domain.limits import ID_NUMBER_LENGTH, PERSON_NAME_LENGTH
from app.domain.refusals import Refusal, RefusalCode

_HOME_REGION = "CN"
_OTHER_DOCUMENT = re.compile(
    rf"(?=.{{5,{ID_NUMBER_LENGTH}}}$)[A-Z0-9][A-Z0-9()/-]*[A-Z0-9)]", re.ASCII
)
_PHONE = re.compile(r"\+?[0-9 ()-]{5,30}", re.ASCII)
_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


def read_text(
    value: str, refusal: RefusalCode, longest: int, *path: str | int, required: bool = True
) -> str:
    """Trim a line of text; refuse it illegible, empty, or longer than ``longest`` characters."""
    if len(value) > 10 * longest:
        raise Refusal(refusal, *path, params={"longest": longest})
    text = unicodedata.normalize("NFC", value).strip()
    kinds = [unicodedata.category(char) for char in text]
    unprintable = any(kind in ("Cc", "Cs", "Co", "Cn") for kind in kinds)
    legible = any(kind[0] in "LNPS" for kind in kinds)
    if unprintable or len(text) > longest or (not legible and (required or text)):
        raise Refusal(refusal, *path, params={"longest": longest})
    return text


def read_phone(value: str, *path: str | int) -> str:
    """Read a mobile phone in E.164, or a bare mainland number; answers E.164."""
    try:
        if not _PHONE.fullmatch(value.strip()):
            raise Refusal(RefusalCode.PHONE_INVALID, *path)
        number = phonenumbers.parse(value.strip(), _HOME_REGION)
    except phonenumbers.NumberParseException:
        raise Refusal(RefusalCode.PHONE_INVALID, *path) from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise Refusal(RefusalCode.PHONE_INVALID, *path)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_document(id_type: IdType, number: str, now: datetime, *path: str | int) -> Document:
    """Read an ID number of a type.

    A resident ID is checked for length, date of birth and check digit only: the county it
    names may have been renumbered since.
    """
    if len(number) > 2 * ID_NUMBER_LENGTH:
        raise Refusal(RefusalCode.ID_NUMBER_INVALID, *path)
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    valid = (
        _is_resident_id(compact, now)
        if id_type is IdType.RESIDENT_ID
        else _OTHER_DOCUMENT.fullmatch(compact) is not None
    )
    if not valid:
        raise Refusal(RefusalCode.ID_NUMBER_INVALID, *path)
    return Document(id_type, compact)


def _is_resident_id(number: str, now: datetime) -> bool:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        return False
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return False
    return born <= now.date() and ric.calc_check_digit(number) == number[-1]


def read_person_name(value: str, *path: str | int) -> str:
    """Read a person's name as their document gives it."""
    return read_text(value, RefusalCode.NAME_INVALID, PERSON_NAME_LENGTH, *path)
