"""Personal data stays where it belongs: encrypted at rest, out of the log, masked in answers."""

import hashlib
import io
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import httpx
import pytest

from app.services.accounts import verifications
from app.services.sms import sending as messages
from tests.support.logs import logged
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

# Long enough that no accident spells them.
REMARK, INSTITUTION, MAKER = "三年二班靠窗第四排", "天河区第七疾控中心", "国药集团第九研究所"
NAMES = ("欧阳测试创建人甲", "司马测试成员乙丙", "诸葛测试等待者丁")
GROUP = "一所大家都知道的学校"
EVERYTHING = """query($id: ID!) { me { id name phone groups { nodes { id name } } }
  group(id: $id) { creator { name } viewerMembers { phone remark person { idNumberMasked } }
    members { nodes { id phone remark healthCode person { name idNumberMasked }
      tests { institution } vaccinations { manufacturer } } }
    anomalies { nodes { member { person { name idNumberMasked } } reasons } }
    invitations { nodes { token url invitedBy } } refresh { run { missing { phone } } } } }"""


@dataclass
class Life:
    """A lived life: what must stay secret, what was stored, answered and logged."""

    people: list[Person] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)
    files: bytes = b""
    log: str = ""

    @property
    def secrets(self) -> list[str]:
        """Everything secret but the short codes."""
        phones = [phone.removeprefix("+86") for phone in self.phones]
        return [REMARK, INSTITUTION, MAKER, *NAMES, *self.id_numbers, *phones, *self.tokens]

    @property
    def id_numbers(self) -> list[str]:
        return [person.id_number for person in self.people]

    def codes_in(self, text: str) -> list[str]:
        """The codes that stand in a text by themselves, not within a longer number."""
        return [code for code in self.codes if re.search(rf"(?<![\w.]){code}(?!\w)", text)]


@pytest.fixture(scope="module")
async def life(world: World, world_url: str) -> Life:
    life = Life()

    async def overhear(response: httpx.Response) -> None:
        if "/sandbox/" not in str(response.url):
            life.answers.append((await response.aread()).decode())

    world.http.event_hooks["response"].append(overhear)
    with logged() as log:
        await live(world, life, world_url, log)
        life.log = log.getvalue()
    world.http.event_hooks["response"].remove(overhear)
    return life


async def live(world: World, life: Life, database_url: str, log: io.StringIO) -> None:
    """Sign in, verify, create, join and refresh; at the end one SMS waits to be sent."""
    life.people = [world.stranger() for _ in NAMES]
    for person, name in zip(life.people, NAMES, strict=True):
        person.name = name
        life.phones.append(person.phone)
    creator, member, waiting = life.people
    for person in (creator, member):
        await sign_in(life, person)
        await person.identify()
    group_id = await creator.create_group(name=GROUP)
    life.tokens.append(await creator.invite(group_id))
    await join(life, member)
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(
        lambda: creator.send(EVERYTHING, id=group_id),
        lambda seen: bool(seen["data"]["group"]["anomalies"]["nodes"]),
    )
    await member.send(EVERYTHING, id=group_id)
    for person in (creator, member):
        renewed = await person.change(
            "refreshSession", "accessToken refreshToken", refreshToken=person.refresh_token
        )
        life.tokens += renewed["accessToken"], renewed["refreshToken"]
    await errors_that_quote(member, life)
    await world.faults(sms={"status": 503, "times": 1000})
    requested = await waiting.change(
        "requestVerificationCode", "challenge", phone=waiting.phone, purpose="SIGN_IN"
    )
    life.tokens.append(requested["challenge"])

    async def logged_so_far() -> str:
        return log.getvalue()

    await eventually(logged_so_far, lambda text: "work failed" in text)
    life.values, life.files = await stored(database_url)
    await world.faults()
    await world.advance(minutes=1)
    sent = await eventually(lambda: world.messages(waiting.phone), bool)
    life.codes.append(sent[0]["params"]["code"])


async def sign_in(life: Life, person: Person) -> None:
    proof = await person.prove()
    payload = await person.change("signIn", "accessToken refreshToken deviceToken", **proof)
    life.codes.append(proof["code"])
    life.tokens += proof["challenge"], payload["deviceToken"]
    person.token, person.refresh_token = payload["accessToken"], payload["refreshToken"]
    life.tokens += person.token, person.refresh_token


async def join(life: Life, member: Person) -> None:
    """Join with another phone than the session's, and be red."""
    at = "2022-09-01T08:00:00Z"
    test = {"result": "POSITIVE", "sampled_at": at, "tested_at": at, "institution": INSTITUTION}
    dose = {"dose": 1, "date": "2021-06-01", "manufacturer": MAKER}
    await member.world.set_record(
        member.id_number, health_code="RED", tests=[test], vaccinations=[dose]
    )
    phone = member.phone.replace("+86139", "+86137")
    proof = await member.prove("JOIN", phone)
    joining = await member.joining(life.tokens[-1], **proof)
    joining["people"][0]["remark"] = REMARK
    await member.change("joinGroup", "members { id phone remark person { name } }", **joining)
    life.phones.append(phone)
    life.codes.append(proof["code"])


async def errors_that_quote(member: Person, life: Life) -> None:
    """Errors of a request and of work in the background that quote what they were given."""
    failed: list[int] = []

    def fail(*given: Any) -> NoReturn:
        failed.append(1)
        raise RuntimeError(f"{given} {life.secrets} {life.codes}") from ValueError(life.secrets)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifications, "read_document", fail)
        body = await member.send(
            """mutation($name: String!, $number: String!) { startIdentityVerification(input:
            {purpose: JOIN, name: $name, idType: PASSPORT, idNumber: $number}) { __typename } }""",
            name=member.name,
            number=member.id_number,
        )
        assert body["errors"][0]["extensions"]["code"] == "INTERNAL"
        patch.setattr(messages, "render_sms", fail)
        await member.world.advance(minutes=1)
        await member.change("requestVerificationCode", "", phone=member.phone, purpose="SIGN_IN")

        async def failures() -> int:
            return len(failed)

        await eventually(failures, lambda count: count >= 2)


async def stored(database_url: str) -> tuple[list[bytes], bytes]:
    """Every value of every table, and the bytes of the database's files where it has any."""
    if not database_url.startswith("sqlite"):
        return await stored_in_postgres(database_url), b""
    path = Path(database_url.removeprefix("sqlite://"))
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [connection.execute(f'SELECT * FROM "{name}"') for (name,) in names.fetchall()]
        values = [as_bytes(value) for table in tables for row in table for value in row]
    return values, b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def stored_in_postgres(database_url: str) -> list[bytes]:
    connection = await asyncpg.connect(database_url)
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        tables = [await connection.fetch(f'SELECT * FROM "{name}"') for (name,) in names]
        return [as_bytes(value) for table in tables for row in table for value in row]
    finally:
        await connection.close()


def as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def test_the_database_holds_no_personal_data_and_no_secret(life: Life) -> None:
    everything = b"\n".join(life.values) + life.files
    assert GROUP.encode() in everything and b"QUEUED" in everything  # it is the right one
    assert len(life.secrets) == 6 + 3 + 4 + 14
    found = [secret for secret in life.secrets if secret.encode() in everything]
    assert found == []
    texts = [value.decode(errors="replace") for value in life.values]
    assert [text for text in texts if life.codes_in(text)] == []


def test_the_database_holds_no_hash_that_a_thief_could_guess(life: Life) -> None:
    everything = b"\n".join(life.values) + life.files
    for secret in [*life.secrets, *life.phones, *life.codes]:
        for method in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            digest = method(secret.encode())
            assert digest.hexdigest().encode() not in everything
            assert digest.digest() not in everything


def test_the_log_tells_of_errors_but_holds_no_personal_data_and_no_secret(life: Life) -> None:
    assert "unexpected error" in life.log and "work failed" in life.log  # it is the right one
    assert [secret for secret in life.secrets if secret in life.log] == []
    assert life.codes_in(life.log) == []


def test_no_answer_holds_a_full_id_number(life: Life) -> None:
    answers = "\n".join(life.answers)
    for person in life.people[:2]:
        number = person.id_number
        assert f"{number[:4]}{'*' * 10}{number[-4:]}" in answers
    assert [number for number in life.id_numbers if number in answers] == []
