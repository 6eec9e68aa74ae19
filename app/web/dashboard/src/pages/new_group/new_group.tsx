// Creating a group.
import { Page } from "../../parts/page";
import { texts } from "../../texts";

const t = texts({ zh: { title: "创建团体" }, en: { title: "Create a group" } });

export function NewGroup() {
  return <Page title={t.title}>{null}</Page>;
}
