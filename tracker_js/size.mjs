// What does the tracker weigh, and what does each feature cost? `make size`.
// A feature's cost: what gzip saves when its module is left out of the build.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { brevo, options } from "./build.mjs";

const LIMIT = 3500;
const FEATURES = {
  "identify, in every shape": ["identify", "export const identify = () => {};"],
  "clicks: links, downloads, attributes": ["clicks", "export const asked = () => {}; export const watchClicks = () => {};"],
  "forms": ["forms", "export const watchForms = () => {};"],
  "consent, Global Privacy Control": [
    "consent",
    "export const isRequired = () => false, word = () => 'unknown', maySend = () => true, mayStore = () => true, mayTell = () => true, recall = () => {}, say = () => {};",
  ],
  "coming by a message": ["landing", "export const land = () => '';"],
  "pages, single-page navigation": [
    "page",
    "import { put } from './queue'; import { later } from './transport'; export const event = (key, fields) => { put({ key, ...fields }); later(); }; export const watchPages = () => {};",
  ],
  "queue that persists": [
    "queue",
    "const all = []; export const put = (event) => all.push({ name: event.key, size: 0, who: {}, event }); export const waiting = () => all;",
  ],
};
// Minified, gzip -9, brotli 11: published scripts, measured 2026-11.
const PEERS = [
  ["Medama (page views)", 1503, 764, 613],
  ["GoatCounter", 5670, 2199, 1852],
  ["Umami 3.1", 4595, 2224, 1963],
  ["Plausible 0.4.6", 6434, 2670, 2355],
  ["Snowplow 4.10 (queue, retry)", 51358, 17423, 15642],
  ["Segment analytics-next 1.84", 114551, 31322, 27445],
];

const weigh = (code) => {
  const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return [code.length, gzipSync(code, { level: 9 }).length, brotli.length];
};

const without = (module, stub) => ({
  name: "without",
  setup: ({ onLoad }) => {
    onLoad({ filter: new RegExp(`/src/${module}\\.ts$`) }, ({ path }) => ({
      contents: stub,
      loader: "ts",
      resolveDir: path.slice(0, path.lastIndexOf("/")),
    }));
  },
});

const row = (name, sizes) => console.log(name.padEnd(40), ...sizes.map((size) => String(size).padStart(8)));

const whole = weigh(readFileSync(options.outfile));
console.log("bytes".padEnd(40), "minified".padStart(8), "gzip -9".padStart(8), "brotli".padStart(8));
row("Sentiero", whole);
for (const [name, [module, stub]] of Object.entries(FEATURES)) {
  const { outputFiles } = await build({ ...options, write: false, plugins: [without(module, stub)], logLevel: "error" });
  const sizes = weigh(outputFiles[0].contents);
  row(`  of it ${name}`, sizes.map((size, place) => whole[place] - size));
}
row("Behind it, where a site asks: Brevo's calls", weigh(readFileSync(brevo.outfile)));
PEERS.forEach(([name, ...sizes]) => row(name, sizes));
console.log(`\n${whole[1] <= LIMIT ? "ok" : "MISS"}: ${whole[1]} of at most ${LIMIT} bytes gzip -9`);
process.exitCode = whole[1] <= LIMIT ? 0 : 1;
