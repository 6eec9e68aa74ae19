"""The operations that are measured."""

from typing import Final

HEAVY: Final = """query Heavy($id: ID!, $first: Int = 500) { group(id: $id) { name colour
  members(first: $first) { nodes { id role remark phone joinedAt healthCode healthCodeAt asOf
    person { name idNumberMasked } latestTest { result testedAt } doses
    anomaly { reasons } } } } }"""

SMALL: Final = "query Small { me { name groups { nodes { id name colour memberCount } } } }"

PAGE: Final = """query Page($id: ID!) { group(id: $id) {
  id name type address colour viewerRole memberCount pendingLeaveCount creator { name }
  requirement { natValidity anomalousCodes } colourReasons { reason count }
  statistics { total byHealthCode { healthCode count } byTest { window result count }
    byDoses { doses count } } } }"""

SORT: Final = """query Sort($id: ID!) { group(id: $id) {
  members(first: 500, orderBy: {field: NAME}) { nodes {
    id remark healthCode person { name } } } } }"""

SEARCH: Final = """query Search($id: ID!) { group(id: $id) {
  members(first: 50, search: "zhang") { nodes { id remark healthCode person { name } } } } }"""

_CODES: Final = ("GREEN", "YELLOW", "RED", "UNKNOWN")
_WINDOWS: Final = ("H24", "H48", "H72", "D7", "OLDER", "NONE")
# The thirty numbers of a dashboard: a health code, an age of the newest test, or both.
COUNTED: Final[list[tuple[str | None, str | None]]] = [
    *((code, window) for code in _CODES for window in _WINDOWS),
    *((code, None) for code in _CODES),
    (None, "D7"),
    (None, "NONE"),
]


def _count(number: int, code: str | None, window: str | None) -> str:
    of_code = f"healthCodes: [{code}]" if code else ""
    of_window = f"testWindows: [{window}]" if window else ""
    return f"c{number}: membersCount(where: {{{of_code} {of_window}}})"


_COUNTS: Final = " ".join(_count(number, *one) for number, one in enumerate(COUNTED))
COUNTS: Final = f"query Counts($id: ID!) {{ group(id: $id) {{ {_COUNTS} }} }}"

READS: Final = {
    "heavy": HEAVY,
    "small": SMALL,
    "page": PAGE,
    "counts": COUNTS,
    "sort": SORT,
    "search": SEARCH,
}
TITLES: Final = {
    "heavy": "500 members, ten scalars, test, doses",
    "small": "me and groups",
    "page": "group page with reasons and statistics",
    "counts": "dashboard of 30 counts",
    "sort": "500 sorted by name",
    "search": "searched by pinyin",
}

STATUS: Final = """subscription Status($id: ID!) { groupStatusChanged(groupId: $id) {
  id colour colourReasons { reason count } } }"""

REQUIRE: Final = """mutation Require($id: ID!, $validity: NatValidity!) {
  setRequirement(input: {groupId: $id, natValidity: $validity}) {
    group { colour } errors { code } } }"""
REFRESH: Final = """mutation Refresh($id: ID!) { refreshGroup(input: {groupId: $id}) {
  run { id } errors { code } } }"""
INVITE: Final = """mutation Invite($id: ID!) { createInvitation(input: {groupId: $id}) {
  invitation { token } errors { code } } }"""
VERIFY: Final = """mutation Verify($name: String!, $number: String!) {
  startIdentityVerification(input: {
    purpose: JOIN, name: $name, idType: RESIDENT_ID, idNumber: $number
  }) { verification { id } errors { code } } }"""
JOIN: Final = """mutation Join($token: String!, $verification: ID!) { joinGroup(input: {
  token: $token, consent: true,
  people: [{self: true, remark: "三年二班", verificationId: $verification}]
}) { members { id } errors { code } } }"""
