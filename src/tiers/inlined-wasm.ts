// The WebAssembly tier from digits within the JavaScript: nothing is read or fetched.
import hex from '../../dist/kernels.wasm'
import { compile } from './digits'

export const loadInlinedWasm = () => compile(hex)
