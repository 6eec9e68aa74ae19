// What every scene at the dashboard has: a browser, the page's address, and the watched group.
import type { Browser } from "playwright-core";
import { launch } from "../chromium.js";
import { given } from "../kit.js";
import { host } from "./site.js";

export interface Stage {
  /** Where a Chromium is. */
  browser: string;
  /** Where the server is. */
  url: string;
  /** The built files, to be hosted on `port` instead of being served by the server. */
  dist?: string;
  port?: number;
  /** Where pictures for the documents go, when they are wanted. */
  pictures?: string | null;
  phone: string;
  groupId: string;
  secrets: string[];
}

/** Play a scene in a browser, at the dashboard where it is served or hosted. */
export async function play<More>(
  scene: (stage: Stage & More, browser: Browser, base: string) => Promise<void>,
): Promise<void> {
  const stage = given<Stage & More & { token?: string }>();
  const { dist, port, url } = stage;
  const site = dist && port ? await host(dist, port, url) : undefined;
  const browser = await launch(stage.browser);
  try {
    await scene(stage, browser, site ? `http://dashboard.example:${port}` : url);
  } catch (error) {
    console.error(await seen(browser));
    throw error;
  } finally {
    await browser.close();
    site?.close();
    site?.closeAllConnections();
  }
}

/** What stood on every page when the scene failed. */
async function seen(browser: Browser): Promise<string> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  const texts = pages.map(async (page) => `${page.url()}\n${await page.locator("body").innerText()}`);
  return (await Promise.all(texts)).join("\n\n");
}
