// A member's life on a phone: from the link to the joined group with a child, and out of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { tell, until } from "../kit.js";
import { play } from "./stage.js";
import { shows, Visitor } from "./visitor.js";

interface Human {
  name: string;
  idNumber: string;
}

interface Wanted {
  token: string;
  parent: Human;
  child: Human;
  creator: string;
}

const GROUP = "育才小学";

function section(page: Page, name: string | RegExp): Locator {
  return page.getByRole("region", { name, exact: true });
}

/** Say who somebody is; then their face is checked. */
async function identify(within: Locator | Page, { name, idNumber }: Human): Promise<void> {
  await within.getByLabel("姓名（与证件一致）").fill(name);
  await within.getByLabel("证件号码").fill(idNumber);
  await within.getByRole("button", { name: "开始实人认证" }).click();
}

function pass(within: Locator | Page): Promise<void> {
  return within.getByRole("button", { name: "直接通过（沙箱）" }).click();
}

/** Whoever enrols a child is known by name first; the child shows their own face. */
async function bringsTheChild(page: Page, { parent, child }: Wanted): Promise<void> {
  await page.getByRole("button", { name: "先完成实名认证，再添加亲属" }).click();
  const dialog = page.getByRole("dialog");
  await identify(dialog, parent);
  await pass(dialog);
  await page.getByRole("button", { name: "手动添加亲属" }).click();
  await dialog.getByLabel("与我的关系").selectOption("子女");
  await dialog.getByLabel("是学生").check();
  await identify(dialog, child);
  await pass(dialog);
  await dialog.waitFor({ state: "detached" });
  assert.ok(await page.getByRole("checkbox", { name: new RegExp(`^${child.name} · 子女`) }).isChecked());
}

/** From the link, without a session, to the joined group, on one page. */
async function joins(visitor: Visitor, page: Page, phone: string, wanted: Wanted): Promise<void> {
  const { parent, child, creator } = wanted;
  await shows(section(page, "您收到了一份加入团体的邀请"), "请先用手机号登录");
  await visitor.inspect(page);
  await visitor.signIn(page, phone);
  await shows(section(page, GROUP), new RegExp(creator));
  await bringsTheChild(page, wanted);
  await page.getByLabel(`${parent.name}的备注`).fill("家长");
  await page.getByLabel(`${child.name}的备注`).fill("一年级 2 班");
  await visitor.inspect(page);
  await page.getByRole("checkbox", { name: /我已阅读并同意上述条款/ }).check();
  await page.getByRole("button", { name: "加入（2 人）" }).click();
  // The last step is on the provider's page, in a window of its own.
  await identify(section(page, "最后一步：确认是您本人"), parent);
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "打开人脸认证页面（新窗口）" }).click();
  const provider = await opened;
  await provider.getByRole("button").first().click();
  await shows(section(page, new RegExp(`已加入：${GROUP}`)), new RegExp(`${parent.name}.*${child.name}`, "s"));
  await provider.close();
  await visitor.inspect(page);
  await page.getByRole("link", { name: "打开团体" }).click();
}

/** What managers see of one, and who looked. */
async function looks(visitor: Visitor, page: Page, { parent, child, creator }: Wanted): Promise<void> {
  await shows(section(page, `我（${parent.name}）`), /健康码\s*● 绿码/);
  await shows(section(page, `${child.name}（由我代加入）`), /健康码\s*● 绿码/);
  await visitor.inspect(page);
  tell({ at: "joined" }); // and the test has the creator read the list of members
  await page.getByRole("link", { name: "我的信息", exact: true }).click();
  await until(async () => {
    await page.reload();
    await visitor.isLive(page);
    const looked = section(page, "谁看过");
    await looked.getByText(/30 天内/).first().waitFor();
    return looked.getByText(creator).count();
  });
  await visitor.inspect(page);
  await page.goBack();
}

/** One asks to leave and stays after all; for the child consent is withdrawn. */
async function leaves(visitor: Visitor, page: Page, { parent, child }: Wanted): Promise<void> {
  const own = section(page, `我（${parent.name}）`);
  const dialog = page.getByRole("dialog");
  await own.getByRole("button", { name: "申请退团" }).click();
  await dialog.getByLabel("原因").fill("工作调动");
  await dialog.getByRole("button", { name: "下一步：实人认证" }).click();
  await identify(dialog, parent);
  await pass(dialog);
  await shows(own, /工作调动.*自动退团倒计时\s*23 小时/s);
  await own.getByRole("button", { name: "撤回退团申请" }).click();
  await own.getByRole("button", { name: "申请退团" }).waitFor();
  const ward = section(page, `${child.name}（由我代加入）`);
  await ward.getByRole("button", { name: "撤回同意" }).click();
  await dialog.getByRole("button", { name: "撤回同意" }).click();
  await shows(dialog, /仍会保留的内容/);
  await visitor.inspect(page);
  await page.keyboard.press("Escape");
  await shows(ward, "已撤回同意");
  await visitor.inspect(page);
}

/** All that is kept of one, as a file; and nothing left on the phone. */
async function takesTheirData(page: Page, { parent, child }: Wanted): Promise<void> {
  await page.getByRole("link", { name: "我的信息", exact: true }).click();
  await shows(section(page, "授权记录"), "已撤回");
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "导出我的全部数据" }).click();
  const text = readFileSync(await (await file).path(), "utf8");
  for (const told of [parent.name, child.name]) assert.ok(text.includes(told), told);
  await page.getByRole("button", { name: "退出登录" }).first().click();
  await page.getByRole("heading", { level: 1, name: "登录" }).waitFor();
}

await play<Wanted>(async ({ url, phone, secrets, ...wanted }, browser, base) => {
  const wishes = { locale: "zh-CN", width: 360 } as const;
  const visitor = await Visitor.arrive(browser, { base, server: url, secrets, ...wishes });
  const page = await visitor.open(`/join/${wanted.token}`);
  await joins(visitor, page, phone, wanted);
  await looks(visitor, page, wanted);
  await leaves(visitor, page, wanted);
  await takesTheirData(page, wanted);
  await visitor.leave();
});
