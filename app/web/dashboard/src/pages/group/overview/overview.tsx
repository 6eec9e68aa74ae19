// A group at a glance.
import type { PartProps } from "../group";

export function Overview({ group }: PartProps) {
  return <p>{group.name}</p>;
}
