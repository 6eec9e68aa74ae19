// An invitation on paper, in both languages: all that is printed of the page.
import { useEffect, useRef } from "preact/hooks";
import type { LiveInvitationFragment } from "../../../graphql/generated";
import type { PartProps } from "../group";
import { QrImage } from "./qr_image";
import { t } from "./texts";

const LANGUAGES = [
  {
    lang: "zh-CN",
    scan: "扫描二维码，自愿加入团体",
    link: "或打开链接",
    until: "有效期至",
  },
  {
    lang: "en-GB",
    scan: "Scan to join the group. Joining is voluntary.",
    link: "Or open the link",
    until: "Valid until",
  },
];

interface Props extends PartProps {
  invitation: LiveInvitationFragment;
  /** Whether it was chosen to be printed now. */
  chosen: boolean;
}

export function Poster({ group, invitation, chosen }: Props) {
  const poster = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!chosen) return;
    const image = poster.current?.querySelector("img");
    void image?.decode().then(
      () => print(),
      () => print(),
    );
  }, [chosen, invitation]);
  return (
    <article class="poster" ref={poster}>
      <h1>{group.name}</h1>
      {LANGUAGES.map(({ lang, scan }) => (
        <p key={lang} lang={lang}>
          {scan}
        </p>
      ))}
      <QrImage svg={invitation.qrSvg} alt={t.qr(group.name)} />
      <p>{LANGUAGES.map(({ link }) => link).join(" / ")}</p>
      <p class="link">{invitation.url}</p>
      {LANGUAGES.map(({ lang, until }) => (
        <p key={lang} lang={lang}>
          {until} {moment(lang, invitation.expiresAt)}
        </p>
      ))}
    </article>
  );
}

function moment(locale: string, at: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  return format.format(new Date(at));
}
