// Signing out: the server ends the session, and this device forgets it.
import { useClient } from "@urql/preact";
import { SignOutDocument } from "../graphql/generated";
import { forget } from "./tokens";

export function useSignOut(): () => Promise<void> {
  const client = useClient();
  return async () => {
    await client.mutation(SignOutDocument, {}).toPromise();
    forget(); // also where the server couldn't be told
  };
}
