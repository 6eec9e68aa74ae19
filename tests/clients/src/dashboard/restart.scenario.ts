// A manager looks at the log while the server is killed and deployed: it is shown, and nothing is
// missed or told twice.
import assert from "node:assert/strict";
import { tell, until } from "../kit.js";
import { play } from "./stage.js";
import { Visitor } from "./visitor.js";

const AGAIN = 60_000; // ms until the server has started and the page, which waits ever longer, is back

await play<{ names: string[] }>(async ({ url, phone, groupId, secrets, names }, browser, base) => {
  const visitor = await Visitor.arrive(browser, { base, server: url, secrets });
  const page = await visitor.open(`/dashboard/groups/${groupId}/log`);
  await visitor.signIn(page, phone);
  const events = page.getByRole("list", { name: "Events" }).getByRole("listitem");
  const banner = page.getByText("The connection is lost");
  visitor.cutOff = true;
  const called = (name: string) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor({ timeout: AGAIN });
  for (const name of names.slice(0, -1)) {
    await called(name);
    await events.first().waitFor();
    tell({ at: "watching" }); // and the test ends the server
    await banner.waitFor();
    tell({ at: "lost" }); // and the test starts it again, and gives the group its next name
  }
  await called(names.at(-1) ?? "");
  await banner.waitFor({ state: "detached" });
  await visitor.isLive(page);
  const numbers = () => events.evaluateAll((items) => items.map((item) => (item as HTMLLIElement).value));
  // The server's restarts are in the numbers of what was changed after them.
  await until(async () => (await events.filter({ hasText: "Name, type or address was edited" }).count()) === names.length - 1);
  const told = await numbers();
  assert.deepEqual(told, told.map((_, back) => told.length - back));
  await visitor.leave();
});
