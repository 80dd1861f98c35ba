// What is used of TensorFlow.js, which the package neither installs nor bundles.

export interface Tensor {
  readonly shape: readonly number[]
  readonly dtype: string
  dataSync(): ArrayLike<number>
  data(): Promise<ArrayLike<number>>
  dispose(): void
}

export interface Variable extends Tensor {
  assign(value: Tensor): void
}

export interface NamedTensor {
  readonly name: string
  readonly tensor: Tensor
}

/** tf.Optimizer, its protected methods too. */
export interface TensorFlowOptimizer {
  readonly iterations: number
  incrementIterations(): void
  saveIterations(): Promise<NamedTensor>
  extractIterations(weights: readonly NamedTensor[]): Promise<readonly NamedTensor[]>
  getWeights(): Promise<NamedTensor[]>
  setWeights(weights: readonly NamedTensor[]): Promise<void>
  dispose(): void
}

/** The module: `@tensorflow/tfjs`, `@tensorflow/tfjs-core` or `@tensorflow/tfjs-node`. */
export interface TensorFlow {
  readonly Optimizer: abstract new () => object
  engine(): { readonly registeredVariables: Readonly<Record<string, Variable>> }
  tensor(values: Float32Array | Int32Array, shape: number[], dtype: 'float32' | 'int32'): Tensor
}
