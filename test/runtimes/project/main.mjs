// The whole run, by import.
import * as cauchy from 'cauchy'
import { trainByText } from './training.mjs'

console.log(JSON.stringify(await trainByText(cauchy)))
