// Starts GraphiQL: every file it needs lies beside this one, nothing is fetched from elsewhere.
"use strict";

(() => {
  const HEADERS = '{\n  "Authorization": "Bearer "\n}';

  // The walk of the README, in its order: a text, and the variables to be filled in.
  const TABS = [
    {
      variables: {},
      query: `# 1. Ask for a code. It comes by SMS, to be read at /sandbox.
mutation { requestVerificationCode(input: {phone: "+8613900000001", purpose: SIGN_IN}) {
  challenge errors { code message }
} }
`,
    },
    {
      variables: { code: "", challenge: "" },
      query: `# 2. Put the code of the SMS and the challenge of 1 into the Variables. Then put the
# accessToken of the answer behind "Bearer " in the Headers, here and in the tabs that follow.
mutation($code: String!, $challenge: String!) { signIn(input: {
  phone: "+8613900000001", code: $code, challenge: $challenge
}) { accessToken refreshToken me { id name } errors { code message } } }
`,
    },
    {
      variables: { token: "" },
      query: `# 3. Only when an answer says UNAUTHENTICATED: with the refreshToken of 2.
mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
  accessToken refreshToken errors { code message }
} }
`,
    },
    {
      variables: {},
      query: `# 4. A face check. In the sandbox it passes at once; the next tab wants its id.
mutation { startIdentityVerification(input: {
  purpose: IDENTIFY, name: "王老师", idType: RESIDENT_ID, idNumber: "440106199001011235"
}) { verification { id url status } errors { code message } } }
`,
    },
    {
      variables: { check: "" },
      query: `# 5. With the verification's id.
mutation($check: ID!) { confirmIdentity(input: {verificationId: $check}) {
  me { name } errors { code message }
} }
`,
    },
    {
      variables: {},
      query: `# 6. Copy the group's id: the next tabs want it.
mutation { createGroup(input: {
  name: "第一小学", type: SCHOOL, address: "广州市天河区", consent: true
}) { group { id colour } errors { code message } } }
`,
    },
    {
      variables: { group: "" },
      query: `# 7. Copy the invitation's token for the family.
mutation($group: ID!) { createInvitation(input: {groupId: $group}) {
  invitation { token url expiresAt } errors { code message }
} }
`,
    },
    {
      variables: { group: "" },
      query: `# 8. Answers at once, then at every change, until you stop it.
subscription($group: ID!) { groupStatusChanged(groupId: $group) {
  colour colourReasons { reason count }
} }
`,
    },
    {
      variables: { group: "" },
      query: `# 9. First turn 440106199001011235 red by the example on /sandbox, then refresh.
mutation($group: ID!) { refreshGroup(input: {groupId: $group}) {
  run { status } nextAllowedAt errors { code message }
} }
`,
    },
    {
      variables: { group: "" },
      query: `# 10. Read why.
query($group: ID!) { group(id: $group) {
  colour
  members(first: 10) { nodes { role healthCode person { name idNumberMasked } anomaly { reasons openedAt } } }
} }
`,
    },
    {
      variables: {},
      query: `# 11. A family joins: first tell /sandbox of relatives, by its example.
mutation { syncRelatives { relatives { id name relation student verified } errors { code message } } }
`,
    },
    {
      variables: { token: "", child: "" },
      query: `# 12. With the invitation's token and the relative's id.
mutation($token: String!, $child: ID!) { joinGroup(input: {
  token: $token, consent: true, people: [{relativeId: $child, remark: "三年二班"}]
}) { members { id person { name student } enrolledBy { name } } errors { code message path } } }
`,
    },
    {
      variables: {},
      query: `# 13. A face check. In the sandbox it passes at once; the next tab wants its id.
mutation { startIdentityVerification(input: {
  purpose: LEAVE, name: "王老师", idType: RESIDENT_ID, idNumber: "440106199001011235"
}) { verification { id url status } errors { code message } } }
`,
    },
    {
      variables: { member: "", check: "" },
      query: `# 14. Ask to leave for the child, with the verification's id.
mutation($member: ID!, $check: ID!) { requestLeave(input: {
  memberId: $member, reason: "转学", verificationId: $check
}) { member { leaveRequest { reason dueAt } } errors { code message } } }
`,
    },
  ];

  // One spelling for both ways: what goes out as an HTTP header is connection_init's payload on a
  // WebSocket, where case counts and the server reads "authorization". "Bearer" with no token
  // behind it is the preset as it was: no header rather than a bad one.
  function outgoing(typed) {
    const headers = {};
    for (const [name, value] of Object.entries(typed ?? {})) {
      const text = String(value).trim();
      if (!/^(bearer)?$/i.test(text)) headers[name.toLowerCase()] = text;
    }
    return headers;
  }

  // GraphiQL's history keeps the headers of each run in localStorage; a token must not stay there.
  const storage = GraphiQL.createLocalStorage({ namespace: "groupcode-graphiql" });
  const store = storage.setItem;
  storage.setItem = (key, value) => store(key, withoutTokens(value));

  function withoutTokens(value) {
    let parsed;
    try {
      parsed = JSON.parse(value);
    } catch {
      return value; // a plain text, such as the query being edited
    }
    return JSON.stringify(parsed, (name, v) => (name === "headers" && v ? HEADERS : v));
  }

  const socket = new URL("/graphql", window.location.href);
  socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";

  // A socket (graphql-transport-ws) is opened by a subscription and closes with it, so each is
  // signed in by the headers of its own tab. No retries: who explores wants to see the refusal.
  function fetcher(params, options) {
    const headers = outgoing(options?.headers);
    const send = GraphiQL.createFetcher({
      url: "/graphql",
      headers: { accept: "application/json" },
      enableIncrementalDelivery: false,
      wsClient: graphqlWs.createClient({
        url: socket.href,
        connectionParams: headers,
        retryAttempts: 0,
      }),
    });
    return send(params, { ...options, headers });
  }

  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, {
      fetcher,
      defaultTabs: TABS.map(({ query, variables }) => ({
        query,
        variables: JSON.stringify(variables, null, 2),
        headers: HEADERS,
      })),
      defaultHeaders: HEADERS,
      defaultEditorToolsVisibility: "headers",
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
      storage,
    }),
  );
})();
