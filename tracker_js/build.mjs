// How does src/ become dist/? Scripts of old-fashioned kind, for every browser of the last five years.
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

/** Brevo's calls as ours: the server puts it behind the tracker where a site asks for it. */
export const brevo = {
  ...options,
  entryPoints: [new URL("src/brevo.ts", import.meta.url).pathname],
  outfile: new URL("dist/brevo.js", import.meta.url).pathname,
};

if (process.argv[1] === new URL(import.meta.url).pathname) for (const one of [options, brevo]) await build(one);
