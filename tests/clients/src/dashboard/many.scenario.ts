// A full group: how long the first picture takes, and whether lists of 500 move without a stutter.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { tell, until } from "../kit.js";
import { play } from "./stage.js";
import { shows, Visitor } from "./visitor.js";

interface Watched {
  longTasks: number[];
  largest: number;
}

/** Note in every page what keeps its thread for more than 50 ms, and when its largest part stood. */
function observe(): void {
  const seen: Watched = { longTasks: [], largest: 0 };
  Object.assign(window, { seen });
  const watch = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("longtask", ({ duration }) => seen.longTasks.push(Math.round(duration)));
  watch("largest-contentful-paint", ({ startTime }) => (seen.largest = Math.round(startTime)));
}

/** Do something; how long until it was shown, and the tasks over 50 ms on the way, all in ms. */
async function measured(page: Page, name: string, deed: () => Promise<unknown>): Promise<void> {
  const before = await page.evaluate(() => (window as unknown as { seen: Watched }).seen.longTasks.length);
  const began = performance.now();
  await deed();
  const shown = Math.round(performance.now() - began);
  const tasks = await page.evaluate(() => (window as unknown as { seen: Watched }).seen.longTasks);
  tell({ name, shown, longTasks: tasks.slice(before) });
}

/** When the first picture of a page stood, and its largest part, in ms since it was asked for. */
async function firstPicture(page: Page): Promise<void> {
  const [first, seen] = await page.evaluate(() => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [Math.round(paint?.startTime ?? 0), (window as unknown as { seen: Watched }).seen] as const;
  });
  tell({ name: "first picture", first, ...seen });
}

await play(async ({ url, phone, groupId, secrets }, browser, base) => {
  const visitor = await Visitor.arrive(browser, { base, server: url, secrets });
  await visitor.context.addInitScript(observe);
  const page = await visitor.open("/dashboard/");
  await firstPicture(page);
  await visitor.signIn(page, phone);
  await page.goto(`${base}/dashboard/groups/${groupId}`);
  await shows(page.getByRole("region", { name: "Colour, and why" }), "500 of at most 500");
  await firstPicture(page);

  const members = page.getByRole("region", { name: "Members", exact: true });
  const rows = members.getByRole("row");
  await measured(page, "members", async () => {
    await page.getByRole("link", { name: "Members", exact: true }).click();
    await shows(members, "500 in all");
  });
  await measured(page, "scrolled to the end", () =>
    until(async () => {
      await page.keyboard.press("End");
      return (await rows.count()) === 501;
    }, 60),
  );
  await measured(page, "ordered by name", async () => {
    await members.getByRole("button", { name: "Name" }).click();
    await members.locator('[aria-sort="ascending"]').filter({ hasText: "Name" }).waitFor();
    await until(async () => (await page.locator("[aria-busy=true]").count()) === 0);
  });
  await measured(page, "searched by pinyin", async () => {
    await members.getByLabel("Search names and remarks").fill("li");
    await shows(members, /\d+ of 500 match/);
  });
  await measured(page, "searched for one", async () => {
    await members.getByLabel("Search names and remarks").fill("育才校长");
    await shows(members, "1 of 500 match");
  });
  assert.equal(await rows.count(), 2);
  await visitor.leave();
});
