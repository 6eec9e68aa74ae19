// Dialogs: the browser's own, so that keys, focus and what lies behind are taken care of.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { texts } from "../texts";
import { Button, type Kind } from "./button";
import { giveBack } from "./focus";

const t = texts({
  zh: { close: "关闭", cancel: "取消" },
  en: { close: "Close", cancel: "Cancel" },
});

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A dialog that is open for as long as it is shown. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    // A dialog that is taken away gives the focus back, once what goes with it is gone. One that was
    // closed has done so already, and whoever went on by a key since isn't called back.
    return () =>
      queueMicrotask(() => {
        if (document.activeElement === document.body) giveBack(opener);
      });
  }, []);
  return (
    <dialog ref={dialog} tabIndex={-1} aria-labelledby={heading} onClose={onClose}>
      <header>
        <h2 id={heading}>{title}</h2>
        <Button kind="quiet" label={t.close} onClick={() => dialog.current?.close()}>
          ✕
        </Button>
      </header>
      {children}
    </dialog>
  );
}

/** A dialog that asks whether to do something. */
export function Confirm({
  title,
  action,
  kind = "primary",
  busy,
  disabled = false,
  onConfirm,
  onClose,
  children,
}: Props & {
  action: string;
  kind?: Kind;
  busy: boolean;
  disabled?: boolean;
  onConfirm: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <footer class="actions">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button kind={kind} busy={busy} disabled={disabled} onClick={onConfirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
