// The run in a page or a Web Worker, sent back to the server.
import * as cauchy from 'cauchy'
import { report } from './report.mjs'

await report(cauchy)
