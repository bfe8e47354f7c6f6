// Compares the results of http-tests/cache-tests with what we reach: prints
// the counts for each kind of test and what failed, and fails below the
// thresholds. Arguments: the suite's folder, and the file of its results.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [folder, file] = process.argv.slice(2)
const load = async name => (await import(pathToFileURL(`${folder}/tests/${name}`))).default

// Surrogate-Control is counted apart: it is no part of RFC 9111.
const families = {
  'RFC 9111': { suites: await load('index.mjs'), atLeast: { required: 147, optimal: 78 } },
  'Surrogate-Control': { suites: [await load('surrogate-control.mjs')], atLeast: { required: 8, optimal: 9 } }
}
const results = JSON.parse(readFileSync(file, 'utf8'))
let short = false

for (const [family, { suites, atLeast }] of Object.entries(families)) {
  const tests = suites.flatMap(suite => suite.tests).filter(test => !test.browser_only)
  for (const kind of ['required', 'optimal', 'check']) {
    const all = tests.filter(test => (test.kind || 'required') === kind)
    const failed = all.filter(test => results[test.id] !== true)
    const passed = all.length - failed.length
    console.log(`${family}, ${kind}: ${passed} of ${all.length}`)
    for (const test of failed) {
      const [why, what] = results[test.id] || ['Missing', 'it did not run']
      console.log(`  ${test.id}: ${why}: ${what}`)
    }
    if (passed < (atLeast[kind] || 0)) {
      console.log(`  want ${atLeast[kind]} at least`)
      short = true
    }
  }
}
for (const id of ['stale-sie-close', 'stale-sie-503', 'stale-while-revalidate', 'stale-while-revalidate-window']) {
  if (id in results && results[id] !== true) {
    console.log(`${id} has to pass`)
    short = true
  }
}
process.exit(short ? 1 : 0)
