// A manager's week, as they live it at the dashboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { tell, until } from "../kit.js";
import { pass } from "./clock.js";
import { play } from "./stage.js";
import { shows, Visitor } from "./visitor.js";

const GROUP = "育才小学";
const RED = "陈建国";
const DAY = 24 * 60 * 60; // seconds

function part(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Parts of the group" }).getByRole("link", { name });
}

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

/** Somebody turns red before one's eyes, and the page says who, since when and by which record. */
async function turnsRed(page: Page, list: Page): Promise<void> {
  const why = section(page, "Colour, and why");
  await shows(why, "Green");
  const who = page.getByLabel("Who", { exact: true });
  const option = who.getByRole("option").filter({ hasText: RED });
  await who.selectOption((await option.textContent()) ?? "");
  await page.getByRole("button", { name: "Make them red" }).click();
  await shows(section(page, "Refresh"), "8 of 8 people");
  await shows(why, "Red code · 1 person");
  await shows(list.getByRole("listitem").filter({ hasText: GROUP }), "Red code 1");
  await why.getByRole("button", { name: "Red code" }).click();
  await shows(why, new RegExp(`${RED}.*anomalous since.*Red code: since`, "s"));
  await why.getByRole("link", { name: "See them in the list (1)" }).click();
  await shows(section(page, "Anomalies"), new RegExp(`1 person.*${RED}.*Anomalous since`, "s"));
}

/** Whoever is anomalous is reminded; how many that is stands there first, what became of it after. */
async function reminds(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send health reminders" }).click();
  const dialog = page.getByRole("dialog", { name: "Health reminders" });
  await shows(dialog, "1 person meets this.");
  await dialog.getByRole("button", { name: "Remind 1 person" }).click();
  await shows(dialog, "1 person was reminded.");
  await dialog.getByRole("button", { name: "Remind others" }).click();
  await shows(dialog, "Of them 1 had a reminder within the hour");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await part(page, "SMS").click();
  const reminder = section(page, "SMS").getByRole("listitem").filter({ hasText: "Health reminder" });
  await shows(reminder, /Sent.*1 attempt/s);
}

/** Members are found by pinyin, ordered, filtered, and each opened by the keyboard. */
async function findsMembers(page: Page): Promise<void> {
  await part(page, "Members").click();
  const members = section(page, "Members");
  const names = members.getByRole("rowheader");
  await shows(members, "8 in all");
  await members.getByLabel("Search names and remarks").fill("cjg");
  await shows(members, "1 of 8 match");
  await shows(names, RED);
  await members.getByRole("link", { name: RED }).press("Enter");
  const detail = page.getByRole("dialog", { name: RED });
  await shows(detail, /Red.*What to do/s);
  await page.goBack();
  await detail.waitFor({ state: "detached" });
  await members.getByLabel("Search names and remarks").fill("");
  await shows(members, "8 in all");
  // Also while the group moves all the time, what is shown is what was asked for last.
  tell({ at: "searching" }); // and the test edits remarks
  for (const [keyword, found] of Array(4).fill([["cjg", "1 of 8 match"], ["", "8 in all"]]).flat()) {
    await members.getByLabel("Search names and remarks").fill(keyword);
    await shows(members, found);
  }
  const byName = members.getByRole("columnheader", { name: "Name" });
  await byName.getByRole("button").click();
  await until(async () => (await byName.getAttribute("aria-sort")) === "ascending");
  await until(async () => (await names.first().textContent())?.startsWith(RED)); // chen before huang
  await members.getByText("Filters", { exact: true }).click();
  await members.getByRole("checkbox", { name: "Red code" }).check();
  await shows(members, "1 of 8 match");
}

/** An invitation, as a link, as a QR image, and on paper. */
async function invites(page: Page): Promise<void> {
  await part(page, "Invitations").click();
  await page.getByRole("button", { name: "New invitation" }).click();
  const link = page.getByLabel("Link to join");
  const address = await link.inputValue();
  assert.match(address, /\/join\/[\w-]{20,}$/);
  await page.getByRole("img", { name: `QR image to join “${GROUP}”` }).first().waitFor();
  await shows(page.getByRole("listitem").filter({ has: link }), /Time left 23 h/);
  await page.emulateMedia({ media: "print" });
  await page.getByText(address).waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0);
  await page.emulateMedia({ media: "screen" });
}

/** What another requirement would change is shown before it is set. */
async function asksForMore(page: Page): Promise<void> {
  await part(page, "Overview").click();
  const requirement = section(page, "Requirement");
  await requirement.getByRole("button", { name: "Change" }).click();
  await requirement.getByRole("combobox").selectOption("24 hours");
  await shows(requirement, "2 people would turn anomalous by this");
  await shows(requirement, /3 would be anomalous in all/);
  await requirement.getByRole("button", { name: "Set the requirement" }).click();
  await shows(section(page, "Colour, and why"), "Test expired · 2 people");
}

/** Days pass in which nobody looks; the page says what that means, and a refresh is shown as it goes. */
async function comesBack(page: Page, url: string): Promise<void> {
  await pass(url, 3 * DAY);
  const refresh = section(page, "Refresh");
  await shows(refresh, "Nobody refreshed this group by hand on two whole days");
  await refresh.getByRole("button", { name: "Refresh now" }).click();
  await shows(refresh, /Done.*8 of 8 people/s);
  await shows(refresh, "Active: refreshed by itself four times a day");
  await refresh.getByRole("progressbar").waitFor();
}

/** Seven days, of which some have no numbers, and one as a file. */
async function reports(page: Page): Promise<void> {
  await part(page, "Reports").click();
  const days = page.getByRole("table", { name: "Counts now and on seven days" });
  await days.waitFor();
  assert.equal(await days.getByRole("columnheader", { name: /no refresh/ }).count(), 5);
  assert.equal(await days.getByRole("columnheader", { name: /refreshed/ }).count(), 2);
  const red = days.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "Red", exact: true }) });
  assert.match(await red.innerText(), /1\s+1\s.*—.*1/s);
  await page.getByLabel("Format").selectOption("CSV");
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const text = readFileSync(await (await file).path(), "utf8");
  assert.equal(text.trim().split("\n").length, 9); // a heading and a row a member
  assert.ok(text.includes(RED));
}

/** Somebody asks to leave: a red dot comes by itself; they are let go, and listed as who left. */
async function letsGo(page: Page, list: Page): Promise<void> {
  tell({ at: "leaving" }); // and the test has a member ask
  await part(page, "Leaving").getByRole("img", { name: "1 request to leave" }).waitFor();
  await list.getByRole("img", { name: "1 request to leave" }).waitFor();
  await part(page, "Leaving").click();
  const waiting = section(page, "Asking to leave");
  await shows(waiting, /搬到别的城市了.*Out by itself in\s*2[34] h/s);
  await waiting.getByRole("button", { name: "Let them leave now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Let them leave now" }).click();
  await shows(waiting, "Nobody asks to leave now.");
  const left = section(page, "Left").getByRole("listitem");
  await left.getByText("Asked, and a manager let them go").click();
  await shows(left, /Reason.*搬到别的城市了.*Code on leaving.*Green/s);
  await part(page, "Leaving").getByRole("img").waitFor({ state: "detached" });
}

/** All of it stands in the log, each event once. */
async function readsTheLog(page: Page): Promise<void> {
  await part(page, "Log").click();
  const events = page.getByRole("list", { name: "Events" }).getByRole("listitem");
  await events.first().waitFor();
  const numbers = await events.evaluateAll((items) => items.map((item) => (item as HTMLLIElement).value));
  const newest = numbers[0] ?? 0;
  assert.deepEqual(numbers, Array.from({ length: Math.min(newest, 50) }, (_, back) => newest - back));
}

await play(async ({ url, phone, secrets }, browser, base) => {
  const visitor = await Visitor.arrive(browser, { base, server: url, secrets });
  const page = await visitor.open("/dashboard/");
  await visitor.signIn(page, phone);
  const list = await visitor.open("/dashboard/");
  await visitor.isLive(list);
  await page.getByRole("link", { name: GROUP }).click();
  await turnsRed(page, list);
  await reminds(page);
  await findsMembers(page);
  await invites(page);
  await asksForMore(page);
  await comesBack(page, url);
  await reports(page);
  await letsGo(page, list);
  await readsTheLog(page);
  await visitor.leave();
});
