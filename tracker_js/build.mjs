// How does src/ become dist/tracker.js? One script of old-fashioned kind, for every browser of the last five years.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url)));

export const options = {
  entryPoints: [new URL("src/main.ts", import.meta.url).pathname],
  outfile: new URL("dist/tracker.js", import.meta.url).pathname,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  define: { VERSION: JSON.stringify(version) },
};

if (process.argv[1] === new URL(import.meta.url).pathname) await build(options);
