// The module of all kernels, in a bundle that uses more than the common ones: edge-kernels.ts puts it here.
export const loaded: { kernels?: WebAssembly.Module } = {}
