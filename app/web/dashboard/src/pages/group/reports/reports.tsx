// Seven days of the group, and their export.
import type { PartProps } from "../group";

export function Reports({ group }: PartProps) {
  return <p>{group.name}</p>;
}
