// A function in the manner of Vercel's edge runtime.
import * as cauchy from 'cauchy'
import { trainByText } from './training.mjs'

const answer = async (request) => Response.json(await trainByText(cauchy, await request.json()))

addEventListener('fetch', (event) => event.respondWith(answer(event.request)))
