// Signing out: the server ends the session, and this device forgets it.
import { useClient } from "@urql/preact";
import { useState } from "preact/hooks";
import { SignOutDocument } from "../graphql/generated";
import { forget } from "./tokens";

export function useSignOut(): { signOut: () => void; busy: boolean } {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const signOut = async () => {
    setBusy(true);
    await client.mutation(SignOutDocument, {}).toPromise();
    setBusy(false);
    forget(); // also where the server couldn't be told
  };
  return { signOut: () => void signOut(), busy };
}
