// Colours of groups and codes: always a word and a shape beside the colour.
import type { GroupColour, HealthCode } from "../graphql/enums";
import { codeNames, colourNames } from "../names";

/** A shape for each colour, for who can't tell colours apart. */
export const SHAPES: Record<HealthCode, string> = {
  GREEN: "●",
  YELLOW: "▲",
  RED: "◆",
  UNKNOWN: "○",
  WITHHELD: "—",
};

export function ColourBadge({ colour }: { colour: GroupColour }) {
  return <Badge of={colour}>{colourNames[colour]}</Badge>;
}

export function CodeBadge({ code }: { code: HealthCode }) {
  return <Badge of={code}>{codeNames[code]}</Badge>;
}

function Badge({ of, children }: { of: HealthCode; children: string }) {
  return (
    <span class={`badge ${of.toLowerCase()}`}>
      <span aria-hidden="true">{SHAPES[of]}</span> {children}
    </span>
  );
}

/** A red dot with a number; nothing where the number is zero. */
export function Dot({ count, label }: { count: number | null | undefined; label: string }) {
  if (!count) return null;
  return (
    <span class="dot" role="img" aria-label={label} title={label}>
      {count}
    </span>
  );
}
