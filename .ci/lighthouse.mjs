// Reads the reports of Lighthouse in a folder, as .ci/lighthouse has them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const reports = (end) =>
  readdirSync(folder).filter((name) => name.endsWith(end)).map((name) => [name.slice(0, -end.length), JSON.parse(readFileSync(join(folder, name)))]);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

for (const [page, { categories, audits }] of reports(".page.json")) {
  console.log(page + ": " + Object.values(categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`).join(", "));
  for (const { score, auditRefs } of Object.values(categories)) {
    if (score === 1) continue;
    process.exitCode = 1;
    for (const { id } of auditRefs) if (audits[id].score === 0) console.log("  " + audits[id].title);
  }
}
const slow = reports(".slow.json").map(([, { audits }]) => audits);
const of = (id) => median(slow.map((audits) => audits[id].numericValue));
console.log(`list over a slow network: LCP ${(of("largest-contentful-paint") / 1000).toFixed(2)} s, CLS ${of("cumulative-layout-shift").toFixed(3)}`);
