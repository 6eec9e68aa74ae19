// Who doesn't meet the requirement, why, since when, and what changes next.
import type { PartProps } from "../group";

export function Anomalies({ group }: PartProps) {
  return <p>{group.name}</p>;
}
