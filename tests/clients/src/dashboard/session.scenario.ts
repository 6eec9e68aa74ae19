// One's session: what the first load weighs, two tabs of one session, renewing it, signing out.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { tell, until } from "../kit.js";
import { pass } from "./clock.js";
import { play } from "./stage.js";
import { Visitor } from "./visitor.js";

const ACCESS_TOKEN_SECONDS = 15 * 60;

const LIGHT = 200_000; // bytes, as they travel

/** What a page's first load weighs, as it travels: document, scripts and styles. */
async function weight(page: Page, load: () => Promise<unknown>): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (!["document", "script", "stylesheet"].includes(request.resourceType())) return;
    const size = request.sizes();
    sizes.push(size.then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize));
  });
  await load();
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

await play(async ({ url, phone, groupId, secrets }, browser, base) => {
  const visitor = await Visitor.arrive(browser, { base, server: url, secrets });
  const one = await visitor.context.newPage();
  const bytes = await weight(one, async () => {
    await one.goto(`${base}/dashboard/groups/${groupId}`);
    await visitor.signIn(one, phone); // and one stands where one wanted to go
  });
  tell({ at: "loaded", bytes });
  assert.ok(bytes > 0 && bytes < LIGHT, `${bytes} bytes`);
  await one.getByRole("heading", { level: 1, name: "育才小学" }).waitFor();
  const two = await visitor.open("/dashboard/");
  await visitor.isLive(two);
  await two.getByRole("link", { name: "育才小学" }).waitFor();
  const stored = () => one.evaluate(() => localStorage.getItem("groupcode.session"));

  // Tokens get old: the session is renewed when it is next used, once for both tabs.
  const before = await stored();
  await pass(url, ACCESS_TOKEN_SECONDS + 1);
  await Promise.all([
    one.getByRole("link", { name: "About me" }).click(),
    two.getByRole("link", { name: "育才小学" }).click(),
  ]);
  await until(async () => (await stored()) !== before);
  await one.getByRole("heading", { level: 1, name: "About me" }).waitFor();
  await two.getByRole("heading", { level: 1, name: "育才小学" }).waitFor();
  tell({ at: "renewed" }); // and the test gives the group another name
  await two.getByRole("heading", { level: 1, name: "育才中学" }).waitFor();
  await one.getByRole("link", { name: "My groups" }).click();
  await one.getByRole("link", { name: "育才中学" }).waitFor();

  // Signing out in one tab ends the other, and leaves nothing on either.
  await one.getByRole("button", { name: "Sign out" }).click();
  for (const page of [one, two]) {
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    assert.equal(await page.getByText("育才中学").count(), 0);
  }
  assert.equal(await stored(), null);
  await visitor.leave();
});
