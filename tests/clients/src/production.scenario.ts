// What clients meet in production: nothing told of the schema, mistakes by their codes, limits.
import assert from "node:assert/strict";
import { ClientError, GraphQLClient } from "graphql-request";
import { given, tell, type Given } from "./kit.js";

const { url, token, groupId } = given<Given>();
const headers = {
  authorization: `Bearer ${token}`,
  "accept-language": "en",
  accept: "application/graphql-response+json",
};
const client = new GraphQLClient(`${url}/graphql`, { headers });

async function refusal(query: string): Promise<ClientError["response"]> {
  const error = await client.request(query).then(() => assert.fail("it ran"), (error: unknown) => error);
  assert.ok(error instanceof ClientError, String(error));
  return error.response;
}

const schema = await refusal("{ __schema { types { name } } }");
assert.equal(schema.errors?.[0]?.extensions["code"], "INTROSPECTION_OFF");
const misspelt = await refusal("{ grup }");
assert.doesNotMatch(JSON.stringify(misspelt), /Did you mean/);

// Each mistake of a request has a status and a code.
const json = { "content-type": "application/json" };
const mistakes: Record<string, unknown[]> = {};
async function mistake(name: string, path: string, init: RequestInit): Promise<void> {
  const answer = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
  mistakes[name] = [answer.status, errors[0]?.extensions.code, answer.headers.get("allow")];
}
const query = "query A { __typename }";
await mistake("type", "/graphql", { method: "POST", body: "{}", headers: { "content-type": "text/plain" } });
await mistake("noJson", "/graphql", { method: "POST", body: "{", headers: json });
await mistake("batch", "/graphql", { method: "POST", body: JSON.stringify([{ query }]), headers: json });
await mistake("name", "/graphql", { method: "POST", body: JSON.stringify({ query, operationName: "B" }), headers: json });
await mistake("large", "/graphql", { method: "POST", body: JSON.stringify({ query: " ".repeat(300_000) }), headers: json });
await mistake("byGet", "/graphql?query=mutation{signOut{errors{code}}}", {});
await mistake("method", "/graphql", { method: "DELETE" });
await mistake("path", "/nowhere", {});
await mistake("page", "/graphql", { headers: { accept: "text/html" } });

// What is asked for by GET may be kept by the browser alone, and comes compressed.
const members = `{ group(id: "${groupId}") { members { nodes { id remark joinedAt person { name } asOf } } } }`;
const kept = await fetch(`${url}/graphql?${new URLSearchParams({ query: members })}`, { headers });
assert.equal(kept.headers.get("cache-control"), "private, no-cache");
assert.equal(kept.headers.get("content-encoding"), "gzip");
assert.ok(((await kept.json()) as { data?: unknown }).data);

// Who asks for too much in a minute is told how long to wait.
const dear = `{ group(id: "${groupId}") { members(first: 500) { nodes { id } } } }`;
let limited: ClientError["response"] | undefined;
for (let time = 0; time < 100 && !limited; time += 1) {
  limited = await client.request(dear).then(() => undefined, (error: ClientError) => error.response);
}
assert.equal(limited?.status, 429);
assert.equal(limited.errors?.[0]?.extensions["code"], "RATE_LIMITED");
const seconds = limited.errors?.[0]?.extensions["retryAfterSeconds"];
const told = new Headers(limited.headers as HeadersInit);
assert.equal(told.get("retry-after"), String(seconds));
assert.match(told.get("ratelimit") ?? "", /"person";r=\d+;t=\d+/);
tell(mistakes);
