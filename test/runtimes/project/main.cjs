// The whole run, by require.
const cauchy = require('cauchy')

import('./training.mjs').then(({ train }) => console.log(JSON.stringify(train(cauchy))))
