// The same bits on every backend, in float32.
import { conformance } from './conformance'

conformance('float32')
