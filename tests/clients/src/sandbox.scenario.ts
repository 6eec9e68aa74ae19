// Somebody uses the sandbox's page: reads an SMS, moves the clock, sets a fault and a record,
// and ends a face check where its url leads.
import { launch } from "./chromium.js";
import { given, tell, until } from "./kit.js";

interface Wanted {
  browser: string;
  url: string;
  phone: string;
  check: string;
}
const { browser: executablePath, url, phone, check } = given<Wanted & { token?: string }>();

const browser = await launch(executablePath);
try {
  const page = await browser.newPage({ locale: "en-GB" });
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
  page.on("request", (request) => request.url().startsWith(url) || trouble.push(request.url()));
  const text = (selector: string) => page.locator(selector).innerText();
  const shows = (selector: string, wanted: string) =>
    until(async () => (await text(selector)).includes(wanted));

  await page.goto(`${url}/sandbox`);
  tell({ heading: await text("h1") });
  await page.fill("#phone", phone);
  tell({ code: await page.locator("#sms .code").first().innerText() });

  const before = await until(async () => Date.parse((await (await fetch(`${url}/sandbox/clock`)).json()).now));
  await page.click("#advance button[data-seconds='3600']");
  const moved = await until(async () => {
    const { now } = await (await fetch(`${url}/sandbox/clock`)).json();
    const minutes = (Date.parse(now) - before) / 60_000;
    return minutes > 59 ? minutes : 0;
  });
  tell({ minutes: Math.round(moved) });

  const faults = "#faults tr[data-system=health]";
  await page.click(`${faults} button:has-text("down")`);
  await shows("#set", "503");
  tell({ fault: await (await fetch(`${url}/sandbox/faults`)).json() });
  await page.click(`${faults} button:has-text("works")`);
  await until(async () => (await text("#set")) === "{}");

  await page.click("#record button");
  await shows("#saved", '"health_code": "RED"');
  tell({ example: await text("#routes pre >> nth=0"), copies: await page.locator("#routes .copy").count() });

  await page.goto(check);
  await page.click("button:has-text('Fail')");
  await shows("#ended", "FAILED");

  const chinese = await browser.newPage({ locale: "zh-CN" });
  await chinese.goto(`${url}/sandbox`);
  tell({ heading: await chinese.locator("h1").innerText(), trouble });
} finally {
  await browser.close();
}
