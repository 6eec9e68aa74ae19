// What the creator decides: name, requirement, invitations, alerts, hands, the end.
import type { PartProps } from "../group";

export function Settings({ group }: PartProps) {
  return <p>{group.name}</p>;
}
