// The whole run, by require.
const cauchy = require('cauchy')

import('./training.mjs')
  .then(({ trainByText }) => trainByText(cauchy))
  .then((answer) => console.log(JSON.stringify(answer)))
