// Tiles of groups: one stop for the Tab key, and arrows among them. A shape beside each colour.
import { useState } from "preact/hooks";
import type { TileFragment } from "../../graphql/generated";
import { colourNames } from "../../names";
import { SHAPES } from "../../parts/badges";
import { COLON } from "../../texts";

export function Tile({
  group,
  isStop,
  onOpen,
}: {
  group: TileFragment;
  isStop: boolean;
  onOpen: (groupId: string) => void;
}) {
  const { id, name, colour } = group;
  const label = `${name}${COLON}${colourNames[colour]}`;
  return (
    <li>
      <button
        type="button"
        class={`tile ${colour.toLowerCase()}`}
        aria-label={label}
        title={label}
        tabIndex={isStop ? 0 : -1}
        data-group={id}
        onClick={() => onOpen(id)}
      >
        <span aria-hidden="true">{SHAPES[colour]}</span>
      </button>
    </li>
  );
}

/** Where the Tab key stops among tiles, and what the arrows do: along them, or to the row beside. */
export function useArrows() {
  const [place, setPlace] = useState<string | null>(null);
  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && target.dataset.group) setPlace(target.dataset.group);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { target, currentTarget, key } = event;
    if (!(target instanceof HTMLElement) || !target.dataset.group) return;
    if (!(currentTarget instanceof HTMLElement)) return;
    const tiles = [...currentTarget.querySelectorAll<HTMLElement>("[data-group]")];
    const next = goal(tiles, tiles.indexOf(target), key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return { place, onFocus, onKeyDown };
}

function goal(tiles: HTMLElement[], at: number, key: string): HTMLElement | undefined {
  switch (key) {
    case "ArrowRight":
      return tiles[at + 1];
    case "ArrowLeft":
      return tiles[at - 1];
    case "Home":
      return tiles[0];
    case "End":
      return tiles.at(-1);
    case "ArrowDown":
      return beside(tiles.slice(at), tiles[at]);
    case "ArrowUp":
      return beside(tiles.slice(0, at + 1).reverse(), tiles[at]);
    default:
      return undefined;
  }
}

/** The nearest tile of the next row, in the direction that `tiles` go on in from one. */
function beside(tiles: HTMLElement[], from: HTMLElement | undefined): HTMLElement | undefined {
  if (!from) return undefined;
  const { top, left } = from.getBoundingClientRect();
  const others = tiles.map((tile) => ({ tile, at: tile.getBoundingClientRect() }));
  const row = others.find(({ at }) => Math.abs(at.top - top) > 1)?.at.top;
  const inRow = others.filter(({ at }) => row !== undefined && Math.abs(at.top - row) <= 1);
  const away = ({ at }: { at: DOMRect }) => Math.abs(at.left - left);
  return inRow.sort((one, other) => away(one) - away(other))[0]?.tile;
}
