// Work on the page: `npm run dev` serves it on http://127.0.0.1:5173/dashboard/, built anew at each
// change, beside a server of `make run` (SERVER names another). It is a page of another origin then.
import { createServer } from "node:http";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, basename } from "node:path";
import { context } from "esbuild";
import { bundle } from "./bundle.mjs";

const server = process.env.SERVER ?? "http://127.0.0.1:8000";
const port = Number(process.env.PORT ?? 5173);
const outdir = mkdtempSync(join(tmpdir(), "dashboard-"));
process.on("exit", () => rmSync(outdir, { recursive: true }));
process.on("SIGINT", () => process.exit());
process.on("SIGTERM", () => process.exit());

const building = await context({ ...bundle, outdir, sourcemap: "inline", logLevel: "info" });
await building.watch();

const types = { ".js": "text/javascript", ".css": "text/css" };
const page = () =>
  readFileSync("index.html", "utf8")
    .replace("$lang", "zh-CN")
    .replace("$server", server)
    .replace("$sandbox", `${server}/sandbox`);

createServer((request, response) => {
  const path = new URL(request.url, "http://page").pathname;
  const file = join(outdir, basename(path));
  const isFile = path.startsWith("/dashboard/assets/") && existsSync(file);
  response.setHeader("content-type", isFile ? types[extname(file)] : "text/html; charset=utf-8");
  response.end(isFile ? readFileSync(file) : page());
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/dashboard/`));
