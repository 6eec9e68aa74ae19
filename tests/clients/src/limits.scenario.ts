// What operations cost, and what is refused before it costs anything: by graphql-request.
import assert from "node:assert/strict";
import { ClientError, GraphQLClient } from "graphql-request";
import { given, tell, type Given } from "./kit.js";

const { url, token, groupId } = given<Given>();
const client = new GraphQLClient(`${url}/graphql`, {
  headers: {
    authorization: `Bearer ${token}`,
    "accept-language": "en",
    accept: "application/graphql-response+json",
    "x-request-id": "a-request-of-this-client",
  },
});

interface Cost {
  requested: number;
  operationLimit: number;
  remaining: number;
}
interface Answer {
  data: unknown;
  headers: Headers;
  extensions?: { cost?: Cost };
}

async function run(query: string, extensions?: object): Promise<Answer> {
  // Its type knows no request extensions; its body takes whatever stands beside the query.
  const variables = query.includes("$id") ? { id: groupId } : undefined;
  const sending = extensions
    ? new GraphQLClient(`${url}/graphql`, {
        requestMiddleware: (request) => ({
          ...request,
          body: JSON.stringify({ ...JSON.parse(String(request.body)), extensions }),
        }),
        headers: { authorization: `Bearer ${token}` },
      })
    : client;
  return (await sending.rawRequest(query, variables)) as unknown as Answer;
}

async function codeOf(query: string): Promise<unknown> {
  const error = await run(query).then(() => assert.fail("it ran"), (error: unknown) => error);
  assert.ok(error instanceof ClientError, String(error));
  assert.ok(!("data" in error.response) || error.response.data === undefined);
  return error.response.errors?.[0]?.extensions?.["code"];
}

const times = (count: number, what: (number: number) => string) =>
  Array.from({ length: count }, (_, number) => what(number)).join(" ");

// A dashboard of many counts, and a whole page of members with all that is shown of them.
const member = `id remark role joinedAt phone healthCode healthCodeAt doses asOf
  person { name idNumberMasked student } latestTest { result sampledAt testedAt institution }
  vaccinations { dose date manufacturer } anomaly { reasons openedAt }`;
const dashboard = await run(`query($id: ID!) { group(id: $id) {
  ${times(30, (number) => `c${number}: membersCount(where: { doses: [${number}] })`)}
  members(first: 500) { nodes { ${member} } }
} }`);
const cost = dashboard.extensions?.cost;
assert.ok(cost && cost.requested > 500 && cost.requested < cost.operationLimit);
assert.equal(dashboard.headers.get("x-request-id"), "a-request-of-this-client");
assert.match(dashboard.headers.get("ratelimit-policy") ?? "", /"person";q=\d+/);

// A dry run answers the cost without running.
const dry = await run("query($id: ID!) { group(id: $id) { id } }", { dryRun: true });
assert.equal(dry.data ?? null, null);
assert.ok((dry.extensions?.cost?.requested ?? 0) > 0);

const group = (what: string) => `query($id: ID!) { group(id: $id) { ${what} } }`;
tell({
  hugePages: await codeOf(group(times(70, (number) => `m${number}: members(first: 500) { nodes { id } }`))),
  manySms: await codeOf(`mutation { ${times(30, (number) =>
    `s${number}: requestVerificationCode(input: { phone: "+86138000${10_000 + number}", purpose: SIGN_IN }) { challenge }`)} }`),
  aliases: await codeOf(group(times(101, (number) => `a${number}: name`))),
  directives: await codeOf(group(`name ${times(50, () => "@include(if: true)")}`)),
  tokens: await codeOf(group(times(2_001, () => "name"))),
});
