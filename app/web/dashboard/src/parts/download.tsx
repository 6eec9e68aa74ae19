// A file behind a link that works for some minutes: downloaded at once, and by hand if need be.
import { texts } from "../texts";
import { Countdown, isPast } from "./times";

const t = texts({
  zh: {
    ready: "文件已生成，正在下载。",
    byHand: "没有开始？点这里下载",
    left: "链接剩余",
    over: "下载链接已失效，请重新导出。",
  },
  en: {
    ready: "The file is ready and on its way.",
    byHand: "Nothing happens? Download it here",
    left: "The link works for another",
    over: "The link works no more. Export again.",
  },
});

/** What the API answers to an export. */
export interface ExportedFile {
  url: string;
  expiresAt: string;
}

/** Start a download. The server sends the file as an attachment, so the page stays. */
export function download(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.rel = "noreferrer";
  link.click();
}

export function Ready({ file }: { file: ExportedFile }) {
  if (isPast(file.expiresAt)) return <p role="status">{t.over}</p>;
  return (
    <>
      <p role="status">{t.ready}</p>
      <p>
        <a href={file.url} rel="noreferrer">
          {t.byHand}
        </a>{" "}
        <span class="hint">
          {t.left} <Countdown until={file.expiresAt} />
        </span>
      </p>
    </>
  );
}
