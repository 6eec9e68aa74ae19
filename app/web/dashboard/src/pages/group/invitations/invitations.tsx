// The ways in: invitations as links and QR images, with their clocks.
import type { PartProps } from "../group";

export function Invitations({ group }: PartProps) {
  return <p>{group.name}</p>;
}
