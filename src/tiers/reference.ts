// The JavaScript tier as a file of its own, dist/reference.js, for the few that compute with it.
export { jsBackend } from '../backends/js/driver'
