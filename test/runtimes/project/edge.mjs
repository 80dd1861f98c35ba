// A function in the manner of Vercel's edge runtime.
import * as cauchy from 'cauchy'
import { train } from './training.mjs'

addEventListener('fetch', (event) => {
  event.respondWith(event.request.json().then((job) => new Response(JSON.stringify(train(cauchy, job)))))
})
