// The dashboard's built files on an origin of their own, as somebody else would host them.
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css" };

/** Serve the files of `dist` on a port of the loopback, for a server that is elsewhere. */
export async function host(dist: string, port: number, server: string): Promise<Server> {
  const page = readFileSync(join(dist, "index.html"), "utf8")
    .replace("$lang", "zh-CN")
    .replace("$server", server)
    .replace("$sandbox", `${server}/sandbox`);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${server} ${server.replace("http", "ws")}`,
  ].join("; ");
  const site = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page");
    const file = join(dist, pathname.replace("/dashboard/", ""));
    if (pathname.startsWith("/dashboard/assets/") && existsSync(file)) {
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      createReadStream(file).pipe(response);
      return;
    }
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", policy);
    response.end(page);
  });
  await new Promise<void>((listening) => site.listen(port, "127.0.0.1", listening));
  return site;
}
