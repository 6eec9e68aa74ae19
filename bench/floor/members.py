"""Lists of members: all with their health, sorted by name, searched by pinyin."""

from functools import lru_cache
from typing import Any, Final

import orjson

from app.domain.identity import mask_id_number
from app.resolvers.characters import folded_char, readings
from app.resolvers.pinyin import name_key
from app.resolvers.search import Keyword
from bench.floor.checks import SEEN, global_id, seen
from bench.floor.columns import NAME, NUMBER, PHONE, REMARK, latest_test, moment
from bench.floor.serving import Answer, Question
from bench.floor.tables import Row

_SOUGHT: Final = "zhang"
_GROUP: Final = SEEN.format(columns="g.name, g.colour", joins="")
_CODE: Final = """CASE WHEN m.withheld_at IS NULL THEN COALESCE(h.health_code, 'UNKNOWN')
  ELSE 'WITHHELD' END"""
_PEOPLE: Final = """FROM membership m JOIN person p ON p.id = m.person_id
  LEFT JOIN health_record h ON h.person_id = m.person_id AND m.withheld_at IS NULL"""
_MEMBERS: Final = f"""SELECT m.id, m.role, m.remark, m.phone, m.joined_at, p.name, p.id_number,
    {_CODE}, h.health_code_at, h.as_of, COALESCE(h.doses, 0), h.newest_result, h.newest_result_at,
    CASE WHEN h.newest_result IS NULL THEN h.tests END, a.reasons
  {_PEOPLE} LEFT JOIN anomaly a ON a.member_id = m.id AND m.withheld_at IS NULL
  WHERE m.group_id = $1 ORDER BY m.joined_at, m.id LIMIT $2"""
_NAMES: Final = f"""SELECT m.id, m.remark, p.name, {_CODE} {_PEOPLE}
  WHERE m.group_id = $1 ORDER BY m.joined_at, m.id"""


async def heavy(question: Question) -> Answer:
    """Return 500 members with what a manager's list shows of each."""
    asked = await seen(question.tables, question.request, _GROUP)
    first = asked.variables.get("first", 500)
    rows = await question.tables.fetch(_MEMBERS, asked.group_id, first + 1)
    name, colour = asked.row
    nodes = [_member(row) for row in rows[:first]]
    return {"group": {"name": name, "colour": colour, "members": {"nodes": nodes}}}


def _member(row: Row) -> dict[str, Any]:
    (
        key,
        role,
        remark,
        phone,
        joined,
        name,
        number,
        code,
        code_at,
        as_of,
        doses,
        result,
        result_at,
        tests,
        reasons,
    ) = row
    return {
        "id": global_id("Member", key),
        "role": role,
        "remark": REMARK(remark),
        "phone": PHONE(phone),
        "joinedAt": moment(joined),
        "healthCode": code,
        "healthCodeAt": moment(code_at),
        "asOf": moment(as_of),
        "person": {"name": NAME(name), "idNumberMasked": mask_id_number(NUMBER(number))},
        "latestTest": {"result": result, "testedAt": moment(result_at)}
        if result
        else latest_test(tests),
        "doses": doses,
        "anomaly": None if reasons is None else {"reasons": orjson.Fragment(reasons)},
    }


async def sort(question: Question) -> Answer:
    """Return 500 members in the order of their names."""
    asked = await seen(question.tables, question.request, _GROUP)
    rows = await question.tables.fetch(_NAMES, asked.group_id)
    named = sorted(((name_key(NAME(row[2])), row[0], row) for row in rows), key=lambda one: one[:2])
    return _listed([(row, REMARK(row[1]), key[-1]) for key, _, row in named[:500]])


async def search(question: Question) -> Answer:
    """Return the members whose name or remark some spelling of the keyword finds."""
    asked = await seen(question.tables, question.request, _GROUP)
    found = []
    keyword = Keyword(_SOUGHT, exact=False)
    for row in await question.tables.fetch(_NAMES, asked.group_id):
        remark, name = REMARK(row[1]), NAME(row[2])
        if _found(keyword, name) or _found(keyword, remark):
            found.append((row, remark, name))
    return _listed(found[:50])


def _found(keyword: Keyword, text: str) -> bool:
    """Return what the search finds, asked only where a text has all letters of the keyword."""
    missing = _WANTED
    for char in text:
        missing &= ~_letters(char)
    return not missing and keyword.finds(text)


@lru_cache(8192)
def _letters(char: str) -> int:
    """Return the letters in all that may be typed for a character, a bit for each."""
    folded = folded_char(char)
    return _bits("".join((folded, *readings(folded))))


def _bits(text: str) -> int:
    bits = 0
    for char in text:
        if "a" <= char <= "z":
            bits |= 1 << (ord(char) - ord("a"))
    return bits


_WANTED: Final = _bits(_SOUGHT)


def _listed(rows: list[tuple[Row, str, str]]) -> Answer:
    nodes = [
        {
            "id": global_id("Member", row[0]),
            "remark": remark,
            "healthCode": row[3],
            "person": {"name": name},
        }
        for row, remark, name in rows
    ]
    return {"group": {"members": {"nodes": nodes}}}
