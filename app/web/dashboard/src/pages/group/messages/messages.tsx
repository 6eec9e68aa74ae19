// The SMS of a group and what became of them.
import type { PartProps } from "../group";

export function Messages({ group }: PartProps) {
  return <p>{group.name}</p>;
}
