// The same bits on every backend, in float64.
import { conformance } from './conformance'

conformance('float64')
