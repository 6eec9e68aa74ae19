"""The JavaScript of docs/front-ends.md but for its live views, run as one program."""

from tests.support.clients import HERE, played
from tests.support.documents import blocks
from tests.support.processes import ROOT
from tests.support.world import World

ADDRESS = "http://127.0.0.1:8000"
# What a person does with it: signs in, is told what is wrong, stays signed in, makes a group.
USE = """
const { url, phone, name, idNumber } = JSON.parse(process.argv[2]);
const tell = (what) => console.log(JSON.stringify(what));
const challenge = await requestCode(phone);
await ask("{ me { name } }").catch((error) => tell({ refused: error.code }));
let sms; // the code is sent behind the answer
while (!sms) {
  const taken = await fetch(`${url}/sandbox/messages?phone=${encodeURIComponent(phone)}`);
  sms = (await taken.json()).messages.at(-1);
}
await signIn(phone, sms.params.code, challenge);
const first = session.refreshToken;
await Promise.all([freshToken(true), freshToken(true)]);
tell({ renewed: first !== session.refreshToken });
session.accessToken = "one that is no more";
tell(await ask("{ me { name } }"));
const { startIdentityVerification: check } = await ask(
  `mutation($name: String!, $idNumber: String!) { startIdentityVerification(input: {
    purpose: IDENTIFY, name: $name, idType: RESIDENT_ID, idNumber: $idNumber
  }) { verification { id } errors { code message } } }`,
  { name, idNumber },
);
await ask(
  `mutation($id: ID!) { confirmIdentity(input: {verificationId: $id}) {
    errors { code message } } }`,
  { id: check.verification.id },
);
await createGroup("", "1").catch(({ code, errors }) => tell({ code, path: errors[0].path }));
const realFetch = globalThis.fetch;
globalThis.fetch = async (...given) => {
  globalThis.fetch = realFetch;
  await realFetch(...given);
  throw new TypeError("the answer was lost");
};
const group = await createGroup("第一小学", "广州");
const people = [];
for await (const member of membersOf(group.id)) people.push(member.person.name);
tell({ people });
tell(await ask("{ me { groups { nodes { name } } } }"));
"""


async def test_the_page_for_front_ends_does_what_it_says(clients_world: World) -> None:
    page = blocks((ROOT / "docs" / "front-ends.md").read_text())
    code = [
        block.text for block in page if block.language == "js" and "graphql-ws" not in block.text
    ]
    script = "\n".join(code).replace(ADDRESS, clients_world.url) + USE
    (HERE / "build" / "front-ends-code.scenario.mjs").write_text(script)
    person = clients_world.stranger()
    told = await played(
        "front-ends-code",
        url=clients_world.url,
        phone=person.phone,
        name=person.name,
        idNumber=person.id_number,
    )
    assert told == [
        {"refused": "UNAUTHENTICATED"},
        {"renewed": True},
        {"me": {"name": None}},
        {"code": "NAME_INVALID", "path": ["name"]},
        {"people": [person.name]},
        {"me": {"groups": {"nodes": [{"name": "第一小学"}]}}},
    ]
