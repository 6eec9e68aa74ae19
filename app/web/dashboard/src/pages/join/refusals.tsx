// Why joining was refused, and what to do where waiting helps.
import type { Deed } from "../../graphql/deeds";
import type { JoinGroupMutation } from "../../graphql/generated";
import { Refusals } from "../../parts/fields";
import { t } from "./texts";

export type Joining = Pick<Deed<JoinGroupMutation, unknown>, "refusals" | "failure" | "busy">;

export function JoinRefusals({ join, shownByFields }: { join: Joining; shownByFields: string[] }) {
  const isFull = join.refusals.some(({ code }) => code === "GROUP_FULL");
  return (
    <>
      <Refusals deed={join} shownByFields={shownByFields} />
      {isFull && <p>{t.full}</p>}
    </>
  );
}
