// What is known of whoever is signed in, and what they may do with it.
import { Page } from "../../parts/page";
import { texts } from "../../texts";

const t = texts({ zh: { title: "我的信息" }, en: { title: "About me" } });

export function Me() {
  return <Page title={t.title}>{null}</Page>;
}
