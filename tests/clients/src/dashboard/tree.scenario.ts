// An overseer looks at a tree of organisations: usable by everybody, by keys alone, and live. One red
// code in one group turns the top; what turned while the network was away is there afterwards.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { tell, until } from "../kit.js";
import { pass } from "./clock.js";
import { play } from "./stage.js";
import { shows, Visitor } from "./visitor.js";

const LOOKS = [
  { locale: "zh-CN", width: 1280, dark: true },
  { locale: "zh-CN", width: 360, dark: false },
  { locale: "en-GB", width: 360, dark: true },
  { locale: "en-GB", width: 1280, dark: false },
] as const;

interface Wanted {
  organisation: string;
  /** A group that turns red, one that does while the network is away, and one too small for numbers. */
  red: string;
  away: string;
  small: string;
  /** The phone of who manages the second one. */
  manager: string;
}

/** The name of the organisation, with its colour beside it. */
const top = (page: Page) => page.locator("header", { has: page.getByRole("heading", { level: 1 }) });

/** Whether a manager was told by SMS that somebody is anomalous. */
async function isAlerted(url: string, phone: string): Promise<boolean> {
  const answer = await fetch(`${url}/sandbox/messages?phone=${encodeURIComponent(phone)}`);
  const { messages } = (await answer.json()) as { messages: { template: string; params: { red?: string } }[] };
  return messages.some(({ template, params }) => template === "anomaly_alert" && params.red === "1");
}

async function look(visitor: Visitor, page: Page, { organisation, small }: Wanted): Promise<void> {
  const dialog = page.getByRole("dialog");
  await visitor.go(page, "/dashboard/");
  await visitor.inspect(page);
  await page.getByRole("link", { name: organisation }).click();
  await page.getByRole("heading", { level: 1, name: organisation }).waitFor();
  await shows(page.getByRole("table").first(), /\d/);
  await visitor.inspect(page);
  if (visitor.wishes.width === 1280) await visitor.picture(page, "organisation");
  await page.getByRole("button", { name: small }).click();
  await shows(dialog, visitor.say("只显示颜色", "only the colour is shown"));
  await visitor.inspect(page);
  await page.keyboard.press("Escape");
  await page.getByLabel(visitor.say("只看不是绿码的", "Only those that aren't green")).check();
  await page.getByRole("button", { name: small }).waitFor({ state: "detached" });
  await visitor.inspect(page);
}

/** Everything there is, by keys: to the tiles, along them, into one and back. */
async function byKeys(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 800 }); // where tiles stand in several rows
  await page.reload();
  const tiles = page.locator("[data-group]");
  await tiles.first().waitFor();
  await page.getByLabel("Only those that aren't green").focus();
  await page.keyboard.press("Tab"); // over the link of the first part, if it has one
  await until(async () => {
    if (await page.evaluate(() => "group" in (document.activeElement as HTMLElement).dataset)) return true;
    await page.keyboard.press("Tab");
    return false;
  });
  const name = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  const first = await name();
  await page.keyboard.press("ArrowRight");
  const second = await name();
  assert.notEqual(second, first);
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  assert.equal(await name(), first);
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await name(), first);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  const opened = await page.getByRole("dialog").getByRole("heading", { level: 2 }).innerText();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await until(async () => (await name()).startsWith(opened));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => "group" in (document.activeElement as HTMLElement).dataset), false);
  await page.setViewportSize({ width: 1280, height: 800 });
}

await play<Wanted>(async ({ url, phone, secrets, pictures, ...wanted }, browser, base) => {
  let page: Page | undefined;
  let visitor: Visitor | undefined;
  for (const each of LOOKS) {
    await visitor?.leave();
    if (visitor) await pass(url, 61); // a phone gets one code a minute
    visitor = await Visitor.arrive(browser, { base, server: url, secrets, pictures, ...each });
    page = await visitor.open("/dashboard/");
    await visitor.signIn(page, phone);
    await look(visitor, page, wanted);
  }
  assert(page && visitor);
  await byKeys(page);
  await shows(top(page), "Yellow");
  tell({ at: "watching" }); // and somebody turns red in a group
  await shows(top(page), "Red");
  tell({ at: "red", ms: Date.now() });
  await page.getByRole("button", { name: `${wanted.red}: Red` }).waitFor();
  await shows(page.getByRole("status"), `Just turned: ${wanted.red}, Red`);
  await shows(page.getByRole("list", { name: "Who turned" }).getByRole("listitem"), wanted.red);
  await shows(page.getByRole("listitem"), "1 red");
  await page.getByRole("row", { name: /Red 1 / }).waitFor();
  await page.getByRole("button", { name: `${wanted.away}: Green` }).waitFor();
  visitor.cutOff = true;
  await visitor.context.setOffline(true);
  await page.getByText("The connection is lost").waitFor();
  tell({ at: "away" }); // and somebody turns red in another group, whose manager is alerted
  await until(() => isAlerted(url, wanted.manager), 30);
  await visitor.context.setOffline(false);
  await page.getByRole("button", { name: `${wanted.away}: Red` }).waitFor();
  await shows(page.getByRole("status"), `Just turned: ${wanted.away}, Red`);
  await visitor.isLive(page);
  await visitor.leave();
});
