// Starts GraphiQL: every file it needs lies beside this one, nothing is fetched from elsewhere.
"use strict";

(() => {
  const HEADERS = '{\n  "Authorization": "Bearer "\n}';

  const TABS = [
    `# 1. Ask for a code; it comes by SMS, to be read at
# /sandbox/messages?phone=%2B8613800000001
mutation RequestCode {
  requestVerificationCode(
    input: { phone: "+8613800000001", purpose: SIGN_IN }
  ) {
    challenge
    errors { code message }
  }
}
`,
    `# 2. Put the code of the SMS in place of 000000, and the
# challenge of the answer between its quotes, then copy the accessToken of the answer.
mutation SignIn {
  signIn(
    input: { phone: "+8613800000001", code: "000000", challenge: "" }
  ) {
    accessToken
    refreshToken
    errors { code message }
  }
}
`,
    `# 3. Paste the accessToken behind "Bearer " in the
# Headers below, here and in the tabs that follow.
query Me {
  me {
    id
    name
    phone
    groups {
      nodes { id name colour colourReasons { reason count } memberCount }
    }
  }
}
`,
    `# 4. With the header of 3. Copy the id of the answer.
mutation CreateGroup {
  createGroup(
    input: {
      name: "Sunshine Primary School"
      type: SCHOOL
      address: "1 Garden Road"
      consent: true
    }
  ) {
    group { id name colour }
    errors { code message path }
  }
}
`,
    `# 5. With the header of 3 and the id of 4. Answers at
# once, then at every change, until you stop it.
subscription GroupStatusChanged {
  groupStatusChanged(groupId: "PASTE-THE-ID") {
    id
    name
    colour
    colourReasons { reason count }
  }
}
`,
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
      defaultTabs: TABS.map((query) => ({ query, headers: HEADERS })),
      defaultHeaders: HEADERS,
      defaultEditorToolsVisibility: "headers",
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
      storage,
    }),
  );
})();
