// Bundle each scenario of src/ for Node, and the page for the browser.
import { readFileSync, readdirSync } from "node:fs";
import { transformAsync } from "@babel/core";
import { build } from "esbuild";

/** What Relay's own Babel plugin makes of the graphql`…` in its scenario. */
const relay = {
  name: "relay",
  setup(building) {
    building.onLoad({ filter: /src\/relay\/.*\.ts$/ }, async ({ path }) => {
      const { code } = await transformAsync(readFileSync(path, "utf8"), {
        filename: path,
        configFile: false,
        plugins: ["@babel/plugin-syntax-typescript", ["relay", { eagerEsModules: true }]],
      });
      return { contents: code, loader: "ts" };
    });
  },
};

const scenarios = readdirSync("src", { recursive: true })
  .filter((name) => name.endsWith(".scenario.ts"))
  .map((name) => `src/${name}`);

await build({
  entryPoints: scenarios,
  outdir: "build",
  entryNames: "[name]",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  sourcemap: "inline",
  plugins: [relay],
});
await build({
  entryPoints: ["src/page.ts"],
  outdir: "build",
  bundle: true,
  platform: "browser",
  format: "iife",
});
