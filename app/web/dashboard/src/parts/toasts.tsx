// Short messages that something was done; a screen reader says them, and they go by themselves.
import { signal } from "@preact/signals";

const SHOWN = 6_000; // ms

const toasts = signal<{ id: number; text: string }[]>([]);
let last = 0;

export function toast(text: string): void {
  const id = ++last;
  toasts.value = [...toasts.value, { id, text }];
  setTimeout(() => (toasts.value = toasts.value.filter((each) => each.id !== id)), SHOWN);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
