// Everything the report is made of.
import type { BackendInfo } from 'cauchy'
import type { BackendResult } from '../compare/backends'
import type { ModelResult } from '../compare/results'
import type { Digits } from '../problems/digits'
import type { Machine } from './machine'

export interface Report {
  machine: Machine
  /** The backend of the sweep. */
  backend: BackendInfo
  models: ModelResult[]
  backends: BackendResult
  digits: Digits
}
