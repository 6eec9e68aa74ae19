// What is known of whoever is signed in, and what they may do with it.
import { Page } from "../../parts/page";
import { texts } from "../../texts";
import { Accesses } from "./accesses";
import { Consents } from "./consents";
import { Family } from "./family";
import { Identity } from "./identity";
import { Messages } from "./messages";
import { OwnData } from "./own_data";

const t = texts({ zh: { title: "我的信息" }, en: { title: "About me" } });

export function Me() {
  return (
    <Page title={t.title}>
      <Identity />
      <Family />
      <Accesses />
      <Consents />
      <Messages />
      <OwnData />
    </Page>
  );
}
