// graphql-request with the types of graphql-codegen: from the first SMS code to a filled group.
import assert from "node:assert/strict";
import { GraphQLClient, ClientError } from "graphql-request";
import * as api from "./operations.js";
import { given, tell, until } from "./kit.js";

const { url, phone, name, idNumber, other } = given<{
  url: string;
  phone: string;
  name: string;
  idNumber: string;
  other: { name: string; idNumber: string; phone: string };
}>();

interface Code {
  params: { code: string };
}

async function signIn(mobile: string): Promise<GraphQLClient> {
  const client = new GraphQLClient(`${url}/graphql`, { headers: { "accept-language": "en" } });
  const requested = (
    await client.request(api.RequestCode, { input: { phone: mobile, purpose: "SIGN_IN" } })
  ).requestVerificationCode;
  assert.deepEqual(requested?.errors, []);
  const code = await until(async () => {
    const shown = await fetch(`${url}/sandbox/messages?phone=${encodeURIComponent(mobile)}`);
    return ((await shown.json()) as { messages: Code[] }).messages.at(-1)?.params.code;
  });
  const again = (
    await client.request(api.RequestCode, { input: { phone: mobile, purpose: "SIGN_IN" } })
  ).requestVerificationCode;
  const tooSoon = again?.errors[0];
  assert.equal(tooSoon?.code, "CODE_TOO_SOON");
  assert.ok((tooSoon?.retryAfterSeconds ?? 0) > 0);

  const challenge = requested?.challenge ?? "";
  const signed = (await client.request(api.SignIn, { input: { phone: mobile, code, challenge } })).signIn;
  assert.equal(signed?.me?.phone, mobile);
  const renewed = (
    await client.request(api.RefreshSession, { input: { refreshToken: signed?.refreshToken ?? "" } })
  ).refreshSession;
  return client.setHeader("authorization", `Bearer ${renewed?.accessToken}`);
}

async function verify(client: GraphQLClient, purpose: "IDENTIFY" | "JOIN", who: { name: string; idNumber: string }) {
  const input = { purpose, name: who.name, idType: "RESIDENT_ID" as const, idNumber: who.idNumber };
  const started = (await client.request(api.StartVerification, { input })).startIdentityVerification;
  assert.deepEqual(started?.errors, []);
  return started?.verification?.id ?? ""; // in the sandbox whoever asks passes at once
}

const manager = await signIn(phone);
const confirmed = await manager.request(api.ConfirmIdentity, {
  input: { verificationId: await verify(manager, "IDENTIFY", { name, idNumber }) },
});
assert.equal(confirmed.confirmIdentity?.me?.realNamed, true);

const created = await manager.request(api.CreateGroup, {
  input: { name: "Primary school", type: "SCHOOL", address: "Guangzhou", consent: true, natValidity: null },
});
const groupId = created.createGroup?.group?.id ?? "";
assert.equal(created.createGroup?.group?.requirement.natValidity, "NONE");
const required = await manager.request(api.SetRequirement, {
  input: { groupId, natValidity: "H48", anomalousCodes: ["YELLOW", "UNKNOWN"] },
});
assert.equal(required.setRequirement?.group?.requirement.natValidity, "H48");
const refused = await manager.request(api.UpdateGroup, { input: { groupId, name: "x".repeat(61) } });
assert.equal(refused.updateGroup?.errors[0]?.code, "NAME_INVALID");
assert.match(refused.updateGroup?.errors[0]?.message ?? "", /60/);

const invited = await manager.request(api.CreateInvitation, { input: { groupId } });
const token = invited.createInvitation?.invitation?.token ?? "";
const joiner = await signIn(other.phone);
const shown = await joiner.request(api.Invitation, { token });
assert.equal(shown.invitation?.state, "OPEN");
const joined = await joiner.request(api.JoinGroup, {
  input: {
    token,
    consent: true,
    people: [{ self: true, remark: "Class 2", verificationId: await verify(joiner, "JOIN", other) }],
  },
});
const memberId = joined.joinGroup?.members?.[0]?.id ?? "";

// What every search box sends before anything is typed.
const all = await manager.request(api.Members, {
  groupId, search: null, exact: null, where: null, orderBy: null, first: null, after: null,
});
assert.equal(all.group?.membersCount, 2);
assert.equal(all.group?.members?.nodes.length, 2);
const searched = await manager.request(api.Members, {
  groupId, search: "class", where: { roles: ["MEMBER"], anomalous: null }, orderBy: { field: "NAME", direction: null },
});
assert.deepEqual(searched.group?.members?.nodes.map((node) => node.id), [memberId]);
const board = await manager.request(api.Dashboard, { groupId, yellow: { healthCodes: ["YELLOW"] } });
assert.equal(board.group?.statistics?.total, 2);
assert.equal(board.group?.reports?.length, 7);
const node = (await manager.request(api.Node, { id: memberId })).node;
assert.ok(node?.__typename === "Member" && node.remark === "Class 2");
assert.match(node.joinedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

// The same key sent again makes no second group.
const input = { name: "Once", type: "OTHER" as const, address: "Guangzhou", consent: true };
const once = [];
for (let time = 0; time < 2; time += 1) {
  const answer = await manager.request({
    document: api.CreateGroup, variables: { input }, requestHeaders: { "idempotency-key": "a-key-of-this-client" },
  });
  once.push(answer.createGroup?.group?.id);
}
assert.ok(once[0]);
assert.equal(once[0], once[1]);

// What never ran is told by status and code.
const failed = await manager.request("{ nothing }").catch((error: unknown) => error);
assert.ok(failed instanceof ClientError);
assert.equal(failed.response.errors?.[0]?.extensions?.["code"], "BAD_USER_INPUT");
tell({ groupId, memberId });
