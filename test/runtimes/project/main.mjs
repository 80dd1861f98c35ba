// The whole run, by import.
import * as cauchy from 'cauchy'
import { train } from './training.mjs'

console.log(JSON.stringify(train(cauchy)))
