// A manager's everyday: sections and who is in which, the roster and who hasn't joined, what comes by
// the clock. All by keys and labels, in a dark English page.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { until } from "../kit.js";
import { play } from "./stage.js";
import { shows, Visitor } from "./visitor.js";

interface Wanted {
  /** Somebody of the roster who hasn't joined. */
  missing: string;
  /** A member who is in no section. */
  member: string;
}

const press = (where: Page | Locator, name: string) => where.getByRole("button", { name, exact: true }).click();

/** Make a section, put somebody into it, find them by it, rename it, and remove it. */
async function sections(page: Page, go: (part: string) => Promise<void>, member: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  const list = page.getByRole("list", { name: "Sections" });
  await go("sections");
  await shows(list.getByRole("listitem"), "一年级 3 people");
  await page.getByRole("textbox", { name: "Name" }).fill("一 年级");
  await press(page, "Make a section");
  await page.getByRole("alert").waitFor(); // the same name, spaced
  await page.getByRole("textbox", { name: "Name" }).fill("二年级");
  await press(page, "Make a section");
  await shows(list.getByRole("listitem"), "二年级 0 people");
  await go("members");
  await page.getByRole("link", { name: member }).click();
  await dialog.getByLabel("Section").selectOption({ label: "二年级" });
  await page.getByText("They are moved").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.searchParams.has("member")); // the way back has been gone
  await go("sections");
  await list.getByRole("link", { name: "二年级" }).click();
  await page.getByRole("status").filter({ hasText: "1 of 8 match" }).waitFor();
  await until(async () => (await page.getByRole("rowheader").getByRole("link").allInnerTexts()).join() === member);
  await page.getByText("Filters (1 set)").click();
  assert(await page.getByLabel("二年级").isChecked());
  await page.getByLabel("In none").check();
  await page.getByRole("status").filter({ hasText: "5 of 8 match" }).waitFor();
  await go("sections");
  await press(page, "Rename 二年级");
  await dialog.getByLabel("Name").fill("三年级");
  await press(dialog, "Save");
  await shows(list.getByRole("listitem"), "三年级 1 person");
  await press(page, "Remove 三年级");
  await press(dialog, "Remove");
  await list.getByRole("link", { name: "三年级" }).waitFor({ state: "detached" });
}

/** See who hasn't joined, import more, and mend what isn't taken. */
async function roster(page: Page, go: (part: string) => Promise<void>, missing: string): Promise<void> {
  const names = page.getByRole("region", { name: "Who hasn't joined" }).getByRole("rowheader");
  await go("roster");
  await page.getByText("1 of 9 haven't joined.").waitFor();
  await shows(names, missing);
  assert.equal(await names.count(), 1);
  const field = page.getByLabel("A line a person: name, remark, section");
  await field.fill(`上官林\t1 班\t一年级\n,只有备注\n${missing},,一年级\n`);
  await press(page, "Import 3 lines");
  await page.getByText("2 lines were taken.").waitFor();
  await page.getByText("Line 2").filter({ hasText: "The name is empty" }).waitFor();
  assert.equal(await field.inputValue(), ",只有备注");
  await until(async () => (await names.allInnerTexts()).length === 2);
  await press(page, "Clear the roster");
  await press(page.getByRole("dialog"), "Clear the roster");
  await page.getByText("There is no roster yet.").waitFor();
}

/** Change the schedule and stop it; choose when digest and alerts come. */
async function schedules(page: Page, go: (part: string) => Promise<void>): Promise<void> {
  const part = (name: string) => page.getByRole("region", { name, exact: true });
  const schedule = part("Reminders by a schedule");
  await go("schedules");
  await shows(schedule, "08:30: Monday, Friday");
  await press(schedule, "Change it");
  await schedule.getByLabel("Time").fill("07:15");
  await schedule.getByLabel("Friday").uncheck();
  await schedule.getByLabel("No negative test within").selectOption({ label: "48 hours" });
  await press(schedule, "Save");
  await shows(schedule, "07:15: Monday");
  await shows(schedule, "whoever has no negative test within 48 hours");
  await press(schedule, "Stop it");
  await shows(schedule, "Nobody is reminded by a schedule.");
  // Boxes are ticked once the server has answered.
  const digest = part("Daily digest");
  await digest.getByLabel("At").fill("18:30");
  await press(digest, "Save the time");
  await page.getByText("The digest comes at 18:30").waitFor();
  await digest.getByLabel("Send me a digest by SMS each day").click();
  await digest.getByLabel("At").waitFor({ state: "detached" });
  const alerts = part("Anomaly alerts");
  await alerts.getByLabel("At once for code red and a positive test alone").click();
  await alerts.getByLabel("At", { exact: true }).fill("09:00");
  await press(alerts, "Save the time");
  await page.getByText("What can wait comes at 09:00").waitFor();
  await alerts.getByLabel("Send me an SMS about new anomalies").click();
  await alerts.getByLabel("At", { exact: true }).waitFor({ state: "detached" });
}

await play<Wanted>(async ({ url, phone, groupId, secrets, missing, member }, browser, base) => {
  const visitor = await Visitor.arrive(browser, { base, server: url, secrets, dark: true });
  const page = await visitor.open("/dashboard/");
  await visitor.signIn(page, phone);
  const go = (part: string) => visitor.go(page, `/dashboard/groups/${groupId}/${part}`);
  await sections(page, go, member);
  await roster(page, go, missing);
  await schedules(page, go);
  await visitor.inspect(page);
  await visitor.leave();
});
