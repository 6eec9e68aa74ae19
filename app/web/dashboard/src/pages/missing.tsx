// An address at which there is no page.
import { links } from "../links";
import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { texts } from "../texts";

const t = texts({
  zh: { title: "没有这个页面", back: "回到我的团体" },
  en: { title: "There is no such page", back: "Back to my groups" },
});

export function Missing() {
  return (
    <Page title={t.title}>
      <LinkButton href={links.groups()}>{t.back}</LinkButton>
    </Page>
  );
}
