// Somebody at the dashboard: a browser of their own, watched for what must never happen there.
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { until } from "../kit.js";

/** Whose dashboard it is, and how they look at it. */
export interface Wishes {
  /** Where the page is. */
  base: string;
  /** Where the server is, if elsewhere. */
  server?: string | undefined;
  locale?: "zh-CN" | "en-GB";
  width?: number;
  dark?: boolean;
  /** Where pictures for the documents go, when they are wanted. */
  pictures?: string | null | undefined;
  /** Names, phones and ID numbers, which no address and no storage may hold. */
  secrets?: string[];
}

const PATIENCE = 20_000; // ms for something to show
const MASK = /^(data|blob):/;

export class Visitor {
  private readonly troubles: string[] = [];
  private readonly addresses = new Set<string>();
  /** While true, the browser may report that the server can't be reached. */
  cutOff = false;

  private constructor(
    readonly context: BrowserContext,
    readonly wishes: Wishes,
  ) {}

  /** Open a browser of one's own: nothing is stored in it. */
  static async arrive(browser: Browser, wishes: Wishes): Promise<Visitor> {
    const context = await browser.newContext({
      locale: wishes.locale ?? "en-GB",
      viewport: { width: wishes.width ?? 1280, height: 800 },
      colorScheme: wishes.dark ? "dark" : "light",
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    context.setDefaultTimeout(PATIENCE);
    const visitor = new Visitor(context, wishes);
    await context.exposeFunction("reportTrouble", (what: string) => visitor.troubles.push(what));
    await context.addInitScript(() => {
      const report = (window as unknown as { reportTrouble(what: string): void }).reportTrouble;
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        report(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}`),
      );
    });
    visitor.watch();
    return visitor;
  }

  /** Open an address of the page in a new tab. */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.wishes.base}${path}`);
    return page;
  }

  /** Go to an address of the page, until it hears of every change. */
  async go(page: Page, path: string, signedIn = true): Promise<void> {
    await page.goto(`${this.wishes.base}${path}`);
    if (signedIn) await this.isLive(page);
  }

  /** Choose between the two languages. */
  say(zh: string, en: string): string {
    return this.wishes.locale === "zh-CN" ? zh : en;
  }

  /** Sign in by the code that the page shows; it stays where it is. */
  async signIn(page: Page, phone: string): Promise<void> {
    await page.getByLabel(this.say("手机号", "Phone")).fill(phone);
    await page.getByRole("button", { name: this.say("获取验证码", "Send me a code") }).click();
    const code = page.getByLabel(this.say("验证码", "Code"), { exact: true });
    await until(async () => /^\d{6}$/.test(await code.inputValue()));
    await page.getByRole("button", { name: this.say("登录", "Sign in"), exact: true }).click();
    await this.isLive(page);
  }

  /** Wait until the page hears of every change. */
  isLive(page: Page): Promise<void> {
    return page.getByText(this.say("实时", "Live"), { exact: true }).waitFor();
  }

  /** Have a machine look at the page as people who don't see, or see badly, meet it. */
  async inspect(page: Page): Promise<void> {
    const { locale, width, dark } = this.wishes;
    const where = `${new URL(page.url()).pathname} ${locale} ${width} ${dark ? "dark" : "light"}`;
    await page.locator("h1").first().waitFor();
    await until(async () => (await page.locator("[aria-busy=true]").count()) === 0);
    await page.evaluate(axe.source);
    const findings = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
    });
    assert.deepEqual(findings, [], where);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0, `${where} is wider than its window`);
  }

  /** Take a picture for the documents, where they are wanted. */
  async picture(page: Page, name: string): Promise<void> {
    const { pictures, locale, width } = this.wishes;
    if (!pictures) return;
    const path = `${pictures}/${name}-${locale?.slice(0, 2)}.png`;
    const height = width === 360 ? 740 : name === "groups" ? 500 : 800;
    await page.emulateMedia({ colorScheme: "light" });
    await page.screenshot({ path, clip: { x: 0, y: 0, width: width ?? 1280, height }, animations: "disabled" });
    await page.emulateMedia({});
  }

  /** Close the browser; nothing that was watched for may have happened. */
  async leave(): Promise<void> {
    for (const page of this.context.pages()) await this.look(page);
    await this.context.close();
    assert.deepEqual(this.troubles, []);
  }

  /** Nothing personal in addresses, titles and storage. */
  private async look(page: Page): Promise<void> {
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title, document.cookie]),
    );
    const seen = [stored, ...this.addresses].map(decodeURIComponent);
    for (const secret of this.wishes.secrets ?? []) {
      const told = seen.filter((each) => each.includes(secret));
      assert.deepEqual(told, [], `${secret} is told`);
    }
  }

  private watch(): void {
    const { base, server = base } = this.wishes;
    this.context.on("console", (line) => {
      const isReport = /Failed to load resource|WebSocket connection to/.test(line.text());
      if (!(this.cutOff && isReport)) this.troubles.push(`console: ${line.text()}`);
    });
    this.context.on("weberror", (error) => this.troubles.push(`error: ${error.error()}`));
    this.context.on("request", (request) => {
      const url = request.url();
      if (MASK.test(url)) return;
      const { origin, pathname } = new URL(url);
      if (origin !== base && origin !== server) this.troubles.push(`asks ${url}`);
      // The sandbox stands outside: it shows the SMS of a phone.
      if (!pathname.startsWith("/sandbox")) this.addresses.add(url);
    });
    this.context.on("page", (page) => {
      page.on("framenavigated", (frame) => this.addresses.add(frame.url()));
    });
  }
}

/** Wait until something shows a text. */
export async function shows(locator: Locator, wanted: string | RegExp): Promise<void> {
  await locator.filter({ hasText: wanted }).first().waitFor();
}
