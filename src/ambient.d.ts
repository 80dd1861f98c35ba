// Modules that only the bundler resolves.

declare module '*js-kernels?float32' {
  export const kernels: typeof import('./generated/js-kernels').kernels
}

declare module '*js-kernels?float64' {
  export const kernels: typeof import('./generated/js-kernels').kernels
}

declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>
  export default bytes
}
