// Build dist/: the page, its scripts and styles by hashed names, the licences of what is in them,
// the manifest of its operations, and the hash of the source that it was built from.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { bundle } from "./bundle.mjs";

const dist = process.argv[2] ?? "dist";
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

const { metafile } = await build({
  ...bundle,
  outdir: join(dist, "assets"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  minify: true,
  metafile: true,
});

const built = Object.entries(metafile.outputs);
const entry = (ending) =>
  basename(built.find(([path]) => basename(path).startsWith("main-") && path.endsWith(ending))[0]);
const page = readFileSync("index.html", "utf8")
  .replace("main.css", entry(".css"))
  .replace("main.js", entry(".js"));
writeFileSync(join(dist, "index.html"), page);

writeFileSync(join(dist, "LICENSES.md"), licences());
writeFileSync(join(dist, "documents.json"), `${JSON.stringify(await documents(), null, 1)}\n`);
writeFileSync(join(dist, "SOURCE"), sourceHash());
report();

/** The packages that the bundle holds, with their licences in full. */
function licences() {
  const folders = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const found = path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/);
    if (found) folders.add(found[0]);
  }
  const parts = ["# Licences of what the dashboard's scripts are built of\n"];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    parts.push(`## ${name} ${version} (${license})\n`);
    if (file) parts.push(readFileSync(join(folder, file), "utf8").replace(/^#/gm, "").trim(), "");
  }
  return `${parts.join("\n")}\n`;
}

/** Every operation by its hash, as the page sends it. */
async function documents() {
  const bundle = join(dist, "documents.mjs");
  await build({
    entryPoints: ["src/graphql/manifest.ts"],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
  });
  const { texts } = await import(resolve(bundle));
  rmSync(bundle);
  const hash = (text) => createHash("sha256").update(text).digest("hex");
  return Object.fromEntries(texts.map((text) => [hash(text), text]));
}

function sourceHash() {
  const tool = join("..", "..", "..", "tools", "dashboard.py");
  return existsSync(tool) ? execFileSync("python3", [tool, "--hash"], { encoding: "utf8" }) : "";
}

/** Say how large each file is as it travels. */
function report() {
  for (const [path, { bytes }] of built) console.log(`${dirname(path)}/${basename(path)} ${bytes}`);
}
