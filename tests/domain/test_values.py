"""The values of the rules: what was judged is never changed afterwards, nor spelt two ways."""

import importlib
import inspect
import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass
from enum import StrEnum
from typing import Any

import pytest

import app.domain
from app.domain.events import Subject
from app.domain.sms import SmsTemplate

VALUES = {
    "Alert",
    "Allowance",
    "Audience",
    "BelievedRecord",
    "Budget",
    "Cell",
    "DailyTime",
    "Document",
    "Event",
    "Evidence",
    "Excuse",
    "GroupOffer",
    "GroupRights",
    "GroupState",
    "GroupVerdict",
    "JudgedRecord",
    "JudgingPlan",
    "Kept",
    "MemberFacts",
    "MemberState",
    "MemberVerdict",
    "Named",
    "NewAnomaly",
    "NucleicAcidTest",
    "OpenAnomaly",
    "ProviderRecord",
    "Range",
    "RegisteredRelative",
    "ReminderCondition",
    "ReportChoice",
    "ReportedMember",
    "Requirement",
    "Schedule",
    "StartedVerification",
    "Stay",
    "Sums",
    "Tally",
    "OverseenFilter",
    "TreeSize",
    "Terms",
    "TestSummary",
    "Vaccination",
    "VerificationOutcome",
    "Viewing",
}
SUMS = {"Statistics"}  # added up in place

CLASSES: dict[str, type[Any]] = {
    name: found
    for info in pkgutil.iter_modules(app.domain.__path__, "app.domain.")
    for name, found in inspect.getmembers(importlib.import_module(info.name), inspect.isclass)
    if found.__module__ == info.name
}


def test_nothing_that_has_fields_is_left_out() -> None:
    assert {name for name, found in CLASSES.items() if is_dataclass(found)} == VALUES | SUMS


@pytest.mark.parametrize("name", sorted(VALUES))
def test_a_value_is_never_changed_after_it_was_made(name: str) -> None:
    value = _any_of(CLASSES[name])
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, "another")


@pytest.mark.parametrize("name", sorted(VALUES | SUMS))
def test_values_of_the_same_content_are_one_and_have_no_other_fields(name: str) -> None:
    value = _any_of(CLASSES[name])
    assert value == _any_of(CLASSES[name])
    assert not hasattr(value, "__dict__")  # a misspelt field is an error, not a new field


def _any_of(value: type[Any]) -> Any:
    return value(**dict.fromkeys((field.name for field in fields(value) if field.init), "some"))


def test_what_is_stored_and_shown_is_spelt_as_the_code_spells_it() -> None:
    # Rows and clients hold these words: they outlive the code that wrote them.
    enums = [found for found in CLASSES.values() if issubclass(found, StrEnum)]
    spelt_alike = [enum for enum in enums if all(member.value == member.name for member in enum)]
    # The API's type names, and the names that SMS gateways know the templates by.
    assert set(enums) - set(spelt_alike) == {Subject, SmsTemplate}
