// Who asked to leave, and who has left.
import type { PartProps } from "../group";

export function Leaving({ group }: PartProps) {
  return <p>{group.name}</p>;
}
