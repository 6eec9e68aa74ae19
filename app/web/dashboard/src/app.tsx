// The whole: a client for whoever is signed in, the frame around every page, and the pages.
import { Provider } from "@urql/preact";
import { LocationProvider, Route, Router } from "preact-iso";
import { useEffect, useMemo } from "preact/hooks";
import { setClock } from "./clock";
import { Frame } from "./frame";
import { createClient } from "./graphql/client";
import { follow } from "./graphql/live";
import { BASE } from "./links";
import { Groups } from "./pages/groups/groups";
import { Missing } from "./pages/missing";
import { SignIn } from "./pages/sign_in/sign_in";
import { loaded } from "./parts/loaded";
import { signedIn } from "./session/tokens";

const Me = loaded(() => import("./pages/me/me").then(({ Me }) => Me));
const NewGroup = loaded(() =>
  import("./pages/new_group/new_group").then(({ NewGroup }) => NewGroup),
);
const Join = loaded(() => import("./pages/join/join").then(({ Join }) => Join));
const Organisation = loaded(() =>
  import("./pages/organisation/organisation").then(({ Organisation }) => Organisation),
);
const Group = loaded(() => import("./pages/group/group").then(({ Group }) => Group));

export function App() {
  // A new client, and so an empty cache, for each session.
  const client = useMemo(createClient, [signedIn.value]);
  useEffect(() => {
    void setClock(client);
    return signedIn.value ? follow(client) : undefined;
  }, [client]);
  return (
    <Provider value={client}>
      <LocationProvider scope={BASE}>
        <Frame>
          <Pages />
        </Frame>
      </LocationProvider>
    </Provider>
  );
}

/** Without a session there is the page to join, and for every other address the page to sign in. */
function Pages() {
  if (!signedIn.value) {
    return (
      <Router>
        <Route path="/join/:token" component={Join} />
        <Route default component={SignIn} />
      </Router>
    );
  }
  return (
    <Router>
      <Route path="/dashboard/" component={Groups} />
      <Route path="/dashboard/new-group" component={NewGroup} />
      <Route path="/dashboard/me" component={Me} />
      <Route path="/dashboard/groups/:groupId/:part?" component={Group} />
      <Route path="/dashboard/organisations/:organisationId" component={Organisation} />
      <Route path="/join/:token" component={Join} />
      <Route default component={Missing} />
    </Router>
  );
}
