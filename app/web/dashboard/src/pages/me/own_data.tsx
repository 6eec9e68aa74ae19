// Taking out all that is kept of the viewer, and signing out.
import { useState } from "preact/hooks";
import { useDeed } from "../../graphql/deeds";
import { ExportMyDataDocument } from "../../graphql/generated";
import { Button } from "../../parts/button";
import { download, Ready, type ExportedFile } from "../../parts/download";
import { Refusals } from "../../parts/fields";
import { Section } from "../../parts/page";
import { useSignOut } from "../../session/sign_out";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "我的数据",
    about: "把系统保存的关于您的全部数据导出为一个文件。请妥善保管：其中有您的个人信息。",
    action: "导出我的全部数据",
    end: "在本设备上退出",
    endAbout: "退出后，本设备不再保留登录。公用设备请务必退出。",
    signOut: "退出登录",
  },
  en: {
    title: "My data",
    about:
      "Export everything that is kept of you as one file. Keep it safe: it holds your personal data.",
    action: "Export all my data",
    end: "Sign out on this device",
    endAbout: "Nothing of your session stays on this device. Do it on devices that others use.",
    signOut: "Sign out",
  },
});

export function OwnData() {
  const exporting = useDeed(ExportMyDataDocument);
  const [file, setFile] = useState<ExportedFile | null>(null);
  const { signOut, busy } = useSignOut();
  const exportAll = async () => {
    setFile(null);
    const made = await exporting.run({});
    if (!made?.url || !made.expiresAt) return;
    download(made.url);
    setFile({ url: made.url, expiresAt: made.expiresAt });
  };
  return (
    <>
      <Section title={t.title}>
        <p>{t.about}</p>
        <Button busy={exporting.busy} onClick={() => void exportAll()}>
          {t.action}
        </Button>
        <Refusals deed={exporting} />
        {file && <Ready file={file} />}
      </Section>
      <Section title={t.end}>
        <p>{t.endAbout}</p>
        <Button busy={busy} onClick={signOut}>
          {t.signOut}
        </Button>
      </Section>
    </>
  );
}
