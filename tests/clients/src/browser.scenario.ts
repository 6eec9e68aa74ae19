// A headless Chromium opens the page on origins of its own, and uses the server from there.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { launch } from "./chromium.js";
import type { Seen } from "./page.js";
import { given, tell, type Given } from "./kit.js";

type Wanted = Given & { browser: string; port: number; hosts: string[] };
const { browser: executablePath, port, hosts, ...wanted } = given<Wanted>();

const script = readFileSync("build/page.js");
const site = createServer((request, response) => {
  const asked = request.url === "/page.js";
  response.setHeader("content-type", asked ? "text/javascript" : "text/html");
  response.end(asked ? script : "<!doctype html><title>front end</title><script src=/page.js></script>");
});
await new Promise<void>((listening) => site.listen(port, "127.0.0.1", listening));

const browser = await launch(executablePath);
try {
  for (const host of hosts) {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${port}/`);
    const seen = await page.evaluate(
      (given) => (window as unknown as { use(given: unknown): Promise<Seen> }).use(given),
      wanted,
    );
    tell({ host, ...seen });
    await page.close();
  }
} finally {
  await browser.close();
  site.close();
}
