// Brings the module of all kernels into a bundle for an edge runtime. Every module that names an uncommon
// kernel imports this one as '#kernels', by way of the build (esbuild.config.mjs).
import kernels from '#kernels.wasm'
import { loaded } from './edge-loaded'

loaded.kernels = kernels

export { loaded }
