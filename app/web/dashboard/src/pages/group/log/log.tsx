// Everything that happened in the group, as it happens.
import type { PartProps } from "../group";

export function Log({ group }: PartProps) {
  return <p>{group.name}</p>;
}
