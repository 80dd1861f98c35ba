// The same with all of the package in one module, found by its address alone.
import * as cauchy from './node_modules/cauchy/dist/browser.mjs'
import { report } from './report.mjs'

await report(cauchy)
