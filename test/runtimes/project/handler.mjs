// A function in the manner of AWS Lambda: an event in, JSON out; what is remembered travels with the events.
import * as cauchy from 'cauchy'
import { trainByText } from './training.mjs'

export const handler = (event) => trainByText(cauchy, event)
