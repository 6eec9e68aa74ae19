// From an invitation's link to the joined group, for oneself and for relatives.
import { Page } from "../../parts/page";
import { texts } from "../../texts";

const t = texts({ zh: { title: "加入团体" }, en: { title: "Join a group" } });

export function Join() {
  return <Page title={t.title}>{null}</Page>;
}
