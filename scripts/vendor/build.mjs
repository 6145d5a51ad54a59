// Builds the scripts and fonts that the page serves into the package; users need no Node. Run by `make vendor`.
import { build } from "esbuild";
import { geoArea, geoCentroid } from "d3-geo";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { feature } from "topojson-client";

const here = new URL(".", import.meta.url);
const out = new URL("../../src/detente/desk/static/vendor/", here);
const geometry = new URL("../../src/detente/charts/data/", here);
const modules = new URL("node_modules/", here);
mkdirSync(out, { recursive: true });
mkdirSync(geometry, { recursive: true });

// Vega and Vega-Lite as published; the interpreter, which does without eval, comes as a module only.
await build({
  entryPoints: [new URL("vega-interpreter/build/vega-interpreter.js", modules).pathname],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "vegaInterpreter",
  platform: "browser",
  target: "es2022",
  outfile: new URL("vega-interpreter.min.js", out).pathname,
});

const copies = [
  ["vega/build/vega.min.js", out],
  ["vega-lite/build/vega-lite.min.js", out],
  ["@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", out],
  ["@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2", out],
  ["@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2", out],
  ["@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2", out],
  ["world-atlas/countries-110m.json", geometry],
];
for (const [from, to] of copies) {
  copyFileSync(new URL(from, modules), new URL(from.split("/").pop(), to));
}

// Where each state stands on the map: the middle of its largest piece of land. The finer atlas has the small states too.
const atlas = JSON.parse(readFileSync(new URL("world-atlas/countries-50m.json", modules), "utf8"));
const middles = new Map();
for (const { id, geometry: land } of feature(atlas, atlas.objects.countries).features.filter((f) => f.id)) {
  for (const coordinates of land.type === "Polygon" ? [land.coordinates] : land.coordinates) {
    const piece = { type: "Polygon", coordinates };
    if (geoArea(piece) > (middles.get(id)?.area ?? 0)) {
      const [longitude, latitude] = geoCentroid(piece);
      middles.set(id, { area: geoArea(piece), row: `${id},${longitude.toFixed(2)},${latitude.toFixed(2)}` });
    }
  }
}
const rows = [...middles.values()].map((m) => m.row).sort();
writeFileSync(new URL("middles.csv", geometry), ["numeric,longitude,latitude", ...rows].join("\n") + "\n");

// The licences of everything that went into the files above, in one text beside them.
const parts = [];
const seen = new Set();
const visit = (name) => {
  if (seen.has(name)) return;
  seen.add(name);
  const folder = new URL(`${name}/`, modules);
  const info = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  const text = file ? readFileSync(new URL(file, folder), "utf8").trim() : "(no licence file in the package)";
  parts.push(`${info.name} ${info.version} — ${info.license}\n\n${text}\n`);
  Object.keys(info.dependencies ?? {}).sort().forEach(visit);
};
Object.keys(JSON.parse(readFileSync(new URL("package.json", here), "utf8")).dependencies).sort().forEach(visit);
writeFileSync(new URL("LICENSES.txt", out), parts.join(`\n${"-".repeat(100)}\n\n`));
