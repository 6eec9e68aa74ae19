// Relay: its compiler's documents, pages and refetches through `node`, and edges that go by id.
import assert from "node:assert/strict";
import { createClient } from "graphql-ws";
import {
  commitMutation,
  ConnectionHandler,
  Environment,
  fetchQuery,
  getFragment,
  getSingularSelector,
  graphql,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
  type GraphQLResponse,
  type RequestParameters,
  type Variables,
} from "relay-runtime";
import WebSocket from "ws";
import { given, tell, until, type Given } from "../kit.js";
import MembersPage from "../../generated/relay/relayMembersPageQuery.graphql.js";
import MemberRefetch from "../../generated/relay/relayMemberRefetchQuery.graphql.js";
import type { relayGroupQuery } from "../../generated/relay/relayGroupQuery.graphql.js";
import type { relayInviteMutation } from "../../generated/relay/relayInviteMutation.graphql.js";
import type { relayWithdrawMutation } from "../../generated/relay/relayWithdrawMutation.graphql.js";
import type { relayRemoveMutation } from "../../generated/relay/relayRemoveMutation.graphql.js";
import type { relayRemarkMutation } from "../../generated/relay/relayRemarkMutation.graphql.js";
import type { relayStatusSubscription } from "../../generated/relay/relayStatusSubscription.graphql.js";

const { url, token, groupId } = given<Given>();
const sent: string[] = [];

async function ask(params: RequestParameters, variables: Variables): Promise<GraphQLResponse> {
  sent.push(params.name);
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
    },
    body: JSON.stringify({ documentId: params.id, variables }),
  });
  return (await response.json()) as GraphQLResponse;
}

const socket = createClient({
  url: `${url.replace("http", "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
});

const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(ask, (params, variables) =>
    Observable.create((sink) =>
      socket.subscribe(
        // Relay's type has neither an error's readonly list nor null for data that isn't there.
        { query: "", variables, documentId: params.id } as never,
        { next: (value) => sink.next(value as GraphQLResponse), error: (error) => sink.error(error as Error), complete: () => sink.complete() },
      ),
    ),
  ),
});

graphql`
  fragment relay_member on Member @refetchable(queryName: "relayMemberRefetchQuery") {
    id
    remark
    healthCode
    person { name }
  }
`;

const members = graphql`
  fragment relay_members on Group
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }, search: { type: "String" })
  @refetchable(queryName: "relayMembersPageQuery") {
    members(first: $first, after: $after, search: $search) @connection(key: "relay_members__members") {
      edges { node { id ...relay_member } }
    }
  }
`;

const GroupQuery = graphql`
  query relayGroupQuery($id: ID!, $search: String) {
    group(id: $id) { id name ...relay_members @arguments(search: $search) }
  }
`;

/** Who stands in the store's list now. */
function listed(): string[] {
  const operation = environment.lookup(getSingularSelector(getFragment(members), groupRef!)! as never);
  const data = operation.data as { members: { edges: { node: { id: string } }[] } };
  return data.members.edges.map((edge) => edge.node.id);
}

let groupRef: Parameters<typeof getSingularSelector>[1];
const seen = await fetchQuery<relayGroupQuery>(environment, GroupQuery, { id: groupId, search: null }).toPromise();
groupRef = seen?.group;
assert.equal(listed().length, 2);

// The next pages, by the query that Relay made for `node(id:)`.
for (;;) {
  const connection = environment.lookup(getSingularSelector(getFragment(members), groupRef!)! as never).data as {
    members: { pageInfo: { endCursor: string; hasNextPage: boolean } };
  };
  if (!connection.members.pageInfo.hasNextPage) break;
  await fetchQuery(environment, MembersPage, {
    id: groupId, first: 2, after: connection.members.pageInfo.endCursor, search: null,
  }).toPromise();
}
const everyone = listed();
assert.equal(new Set(everyone).size, everyone.length);
const last = everyone.at(-1)!;

// A refetch of one member through `node`, after another change of it.
await fetchQuery(environment, MemberRefetch, { id: last }).toPromise();
const remarkOf = (id: string) => environment.getStore().getSource().get(id)?.["remark"];
assert.equal(typeof remarkOf(last), "string");

function commit<T extends { variables: object; response: object }>(mutation: unknown, variables: T["variables"]) {
  return new Promise<T["response"]>((resolve, reject) => {
    commitMutation(environment, {
      mutation: mutation as never,
      variables: variables as never,
      onCompleted: (data, errors) => (errors?.length ? reject(errors) : resolve(data as T["response"])),
      onError: reject,
    });
  });
}

await commit<relayRemarkMutation>(
  graphql`
    mutation relayRemarkMutation($input: UpdateMemberRemarkInput!) {
      updateMemberRemark(input: $input) { member { id remark } errors { code } }
    }
  `,
  { input: { memberId: last, remark: "Class 9" } },
);
assert.equal(remarkOf(last), "Class 9");

const RemoveMutation = graphql`
  mutation relayRemoveMutation($input: RemoveMemberInput!, $connections: [ID!]!) {
    removeMember(input: $input) {
      removedMemberId @deleteEdge(connections: $connections)
      group { id memberCount }
      errors { code message }
    }
  }
`;
const list = ConnectionHandler.getConnectionID(groupId, "relay_members__members", { search: null });
const removed = await commit<relayRemoveMutation>(RemoveMutation, {
  input: { memberId: last }, connections: [list],
});
assert.equal(removed.removeMember?.removedMemberId, last);
assert.deepEqual(listed(), everyone.slice(0, -1));

// What was withdrawn leaves the store by its id.
const invited = await commit<relayInviteMutation>(
  graphql`
    mutation relayInviteMutation($input: CreateInvitationInput!) {
      createInvitation(input: $input) { invitation { id } errors { code } }
    }
  `,
  { input: { groupId } },
);
const invitationId = invited.createInvitation?.invitation?.id ?? "";
assert.ok(environment.getStore().getSource().get(invitationId));
await commit<relayWithdrawMutation>(
  graphql`
    mutation relayWithdrawMutation($input: WithdrawInvitationInput!) {
      withdrawInvitation(input: $input) {
        withdrawnInvitationId @deleteRecord
        errors { code }
      }
    }
  `,
  { input: { invitationId } },
);
assert.ok(!environment.getStore().getSource().get(invitationId));

let status: string | undefined;
const subscription = requestSubscription<relayStatusSubscription>(environment, {
  subscription: graphql`
    subscription relayStatusSubscription($groupId: ID!) {
      groupStatusChanged(groupId: $groupId) { id colour name }
    }
  `,
  variables: { groupId },
  onNext: (data) => { status = data?.groupStatusChanged?.colour; },
  onError: (error) => { throw error; },
});
await until(() => status);
subscription.dispose();
await socket.dispose();
tell({ listed: everyone.length, sent });
