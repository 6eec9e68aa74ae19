// Every page in both languages, on a phone and on a screen, light and dark: usable by everybody.
import type { Page } from "playwright-core";
import { tell } from "../kit.js";
import { pass } from "./clock.js";
import { play } from "./stage.js";
import { Visitor } from "./visitor.js";

const LOOKS = [
  { locale: "zh-CN", width: 1280, dark: true },
  { locale: "zh-CN", width: 360, dark: false },
  { locale: "en-GB", width: 360, dark: true },
  { locale: "en-GB", width: 1280, dark: false },
] as const;
const PAGES = ["", "me", "new-group", "nowhere"];
const PARTS = [
  ...["", "members", "sections", "roster", "anomalies", "leaving", "invitations", "schedules"],
  ...["messages", "reports", "log", "settings"],
];
/** What the documents show, on a screen and on a phone. */
const SHOWN = {
  1280: [
    { path: /^\/dashboard\/$/, name: "groups" },
    { path: /^\/dashboard\/groups\/[^/]+\/$/, name: "overview" },
  ],
  360: [
    { path: /\/members$/, name: "members" },
    { path: /^\/join\//, name: "join" },
  ],
};

interface Wanted {
  /** A group that one is a plain member of. */
  joinedId: string;
  token: string;
}

/** The pages that open over others. */
async function overlays(visitor: Visitor, page: Page, groupId: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await visitor.go(page, `/dashboard/groups/${groupId}/members`);
  await page.getByRole("rowheader").first().getByRole("link").click();
  await dialog.getByRole("heading", { level: 3 }).first().waitFor();
  await visitor.inspect(page);
  await visitor.go(page, `/dashboard/groups/${groupId}/anomalies`);
  await page.getByRole("button", { name: visitor.say("健康消息提醒", "Send health reminders") }).click();
  await dialog.waitFor();
  await visitor.inspect(page);
}

await play<Wanted>(async ({ url, phone, groupId, joinedId, token, secrets, pictures }, browser, base) => {
  const paths = [
    ...PAGES.map((page) => `/dashboard/${page}`),
    ...PARTS.map((part) => `/dashboard/groups/${groupId}/${part}`),
    `/dashboard/groups/${joinedId}`,
    `/join/${token}`,
  ];
  for (const look of LOOKS) {
    const visitor = await Visitor.arrive(browser, { base, server: url, secrets, pictures, ...look });
    const page = await visitor.open(`/join/${token}`);
    await visitor.inspect(page);
    await visitor.go(page, "/dashboard/", false);
    await visitor.inspect(page);
    await visitor.signIn(page, phone);
    for (const path of paths) {
      await visitor.go(page, path);
      await visitor.inspect(page);
      const picture = SHOWN[look.width].find((each) => each.path.test(path));
      if (picture) await visitor.picture(page, picture.name);
    }
    await overlays(visitor, page, groupId);
    await visitor.leave();
    tell({ ...look, pages: paths.length });
    await pass(url, 61); // a phone gets one code a minute
  }
});
