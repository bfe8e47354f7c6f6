// Compares the results of http-tests/cache-tests with what we reach: prints
// the counts for each kind of test and what failed, with the reason if that is
// known, and fails below the thresholds. Arguments: the suite's folder, and the
// file of its results.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [folder, file] = process.argv.slice(2)
const load = async name => (await import(pathToFileURL(`${folder}/tests/${name}`))).default

// Surrogate-Control is counted apart: it is no part of RFC 9111.
const families = {
  'RFC 9111': { suites: await load('index.mjs'), atLeast: { required: 142, optimal: 78 } },
  'Surrogate-Control': { suites: [await load('surrogate-control.mjs')], atLeast: { required: 8, optimal: 9 } }
}
// Why tests fail that the thresholds leave out. This cut of the suite is older
// than RFC 9111, whose §5.1 decides how an Age is read.
const firstMember = 'the first member of Age counts (RFC 9111 §5.1), and here it is fresh'
const invalidAge = 'an invalid Age is ignored (RFC 9111 §5.1)'
const oneVisitor = 'an answer with Set-Cookie is one visitor\'s'
const noParts = 'parts (206) are not stored'
const noStale = 'where a stale answer is forbidden and the origin is gone, the answer is 504 or 502'
const reasons = {
  'age-parse-nonnumeric': invalidAge,
  'age-parse-negative': invalidAge,
  'age-parse-float': invalidAge,
  'age-parse-prefix-twoline': firstMember,
  'age-parse-dup-0': firstMember,
  'age-parse-dup-0-twoline': firstMember,
  'age-parse-dup-old': firstMember,
  'stale-close-must-revalidate': noStale,
  'stale-close-proxy-revalidate': noStale,
  'stale-close-no-cache': noStale,
  'stale-close-s-maxage=2': noStale,
  'headers-store-Set-Cookie': oneVisitor,
  '304-etag-update-response-Set-Cookie': oneVisitor,
  'other-set-cookie': oneVisitor,
  'headers-store-Transfer-Encoding': 'an answer in a transfer coding that nobody knows cannot be read',
  '304-etag-update-response-ETag': 'a 304 with another ETag updates nothing (RFC 9111 §4.3.4)',
  'vary-normalise-lang-select': 'fr;q=0.5, de does not ask for the same as en, de (RFC 9111 §4.1)',
  'conditional-lm-fresh-no-lm': 'a Date later than If-Modified-Since means modified (RFC 9111 §4.3.2)',
  'partial-store-partial-reuse-partial': noParts,
  'partial-store-partial-reuse-partial-byterange': noParts,
  'partial-store-partial-reuse-partial-absent': noParts,
  'partial-store-partial-reuse-partial-suffix': noParts,
  'partial-store-partial-complete': noParts
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
      console.log(`  ${test.id}: ${why}: ${what}${reasons[test.id] ? ` (${reasons[test.id]})` : ''}`)
      if (kind !== 'check' && !reasons[test.id]) {
        console.log('    has to pass, for nothing says why it should not')
        short = true
      }
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
