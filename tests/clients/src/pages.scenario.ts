// The server's own pages in a browser: GraphiQL, and what a person finds where a link leads.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { launch } from "./chromium.js";
import { given, tell } from "./kit.js";

const { url, browser: executablePath, token } = given<{ url: string; browser: string; token: string }>();
const browser = await launch(executablePath);
const troubles: string[] = [];

async function open(path: string): Promise<Page> {
  const page = await browser.newPage({ locale: "en-GB" });
  page.on("console", (line) => line.type() === "error" && troubles.push(`${path}: ${line.text()}`));
  page.on("pageerror", (error) => troubles.push(`${path}: ${error}`));
  page.on("request", (request) => {
    const here = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
    if (!here) troubles.push(`${path} asks ${request.url()}`);
  });
  await page.goto(`${url}${path}`);
  return page;
}

try {
  // The first tab runs as it is: nobody needs to be signed in for it.
  const graphiql = await open("/graphql");
  await graphiql.locator(".graphiql-execute-button").click();
  await graphiql.locator(".result-window", { hasText: '"data"' }).waitFor();

  const join = await open(`/join/${token}`);
  const home = await open("/");
  tell({
    join: await join.locator("body").innerText(),
    links: await home.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
  });
  assert.deepEqual(troubles, []);
} finally {
  await browser.close();
}
