// The WebAssembly tier from bytes within the JavaScript: nothing is read or fetched.
import bytes from '../../dist/kernels.wasm'
import { wasmBackend } from '../backends/wasm'

/** Compiles the kernels; throws where WebAssembly is missing, forbidden or without SIMD. */
export const loadInlinedWasm = () => wasmBackend(new WebAssembly.Module(bytes))
