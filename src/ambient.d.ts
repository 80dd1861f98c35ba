// Modules that only the bundler resolves.

declare module '*js-kernels?float32' {
  export const kernels: typeof import('./generated/js-kernels').kernels
}

declare module '*js-kernels?float64' {
  export const kernels: typeof import('./generated/js-kernels').kernels
}

declare module '#*.wasm' {
  const module: WebAssembly.Module
  export default module
}

declare module '*packed?float32' {
  export const drivePacked: typeof import('./backends/js/packed').drivePacked
}

declare module '*.wasm' {
  const hex: string
  export default hex
}

declare module '*/binding.gyp' {
  const text: string
  export default text
}

declare module '*/native/compile.mjs' {
  /** Compiles in a temporary folder that `prepare` fills; what node-gyp printed if it failed. */
  export function compileApart(
    prepare: (folder: string) => void,
    output: string,
    gyp: string,
  ): string | undefined
}

declare module '*/native/stamp.mjs' {
  /** The fingerprint of the addon's sources. */
  export function sourceStamp(): string
}

declare module '*.css' {
  const text: string
  export default text
}
