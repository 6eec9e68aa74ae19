// A text to copy: shown in full, so that it can be copied by hand where the browser won't.
import { Button } from "./button";
import { toast } from "./toasts";
import { texts } from "../texts";

const t = texts({
  zh: { copy: "复制", copied: "已复制", byHand: "浏览器不允许复制，请手动选择" },
  en: { copy: "Copy", copied: "Copied", byHand: "The browser doesn't allow it: select it by hand" },
});

export function Copy({ text, label }: { text: string; label: string }) {
  const copy = () =>
    (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"))).then(
      () => toast(t.copied),
      () => toast(t.byHand),
    );
  return (
    <div class="copy">
      <input
        readOnly
        value={text}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => void copy()}>{t.copy}</Button>
    </div>
  );
}
