// Modules that only the bundler resolves.

declare module '*kernels?float32' {
  export const kernels: typeof import('./backends/js/kernels').kernels
}

declare module '*kernels?float64' {
  export const kernels: typeof import('./backends/js/kernels').kernels
}

declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>
  export default bytes
}
