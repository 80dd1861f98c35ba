// The base of the schedulers whose rate is a closed form of the step: floor + (from − floor) · h(t).
import type { Curve } from '../schedules/curves'
import { LRScheduler } from './base'
import type { MomentumCycle } from './momentum-cycle'
import {
  checkRates,
  readInitialRates,
  readRates,
  type Scheduled,
  type SchedulerState,
  stateReader,
  writeRates,
} from './rates'

export interface ClosedForm {
  /** The curve h of a group. */
  curveOf: (group: number) => Curve
  /** The rate where h is 0, of all groups or one a group. Default 0. */
  floor?: number | readonly number[]
  /** The rates where h is 1, one a group. Default: those that the groups have. */
  peak?: readonly number[]
  /** What later schedulers take for the initial rates. Default: those that the groups have, or had before any scheduler. */
  initial?: readonly number[]
  /** Shapes the initial rate, whatever the other schedulers of a chain make of it (PyTorch's LambdaLR). Default false. */
  absolute?: boolean
  /** The momentum that goes with the rate. Default none. */
  momentum?: MomentumCycle | undefined
}

/** A group's schedule: rate = offset + floor + (from − floor) · h / at. */
interface Form {
  /** The initial rate, or the one assigned last. */
  readonly from: number
  /** 1, or h when `from` was assigned. */
  readonly at: number
  readonly offset: number
}

interface Position extends Form {
  readonly h: number
  /** The rate last set. */
  readonly rate: number
}

export abstract class ClosedFormLR extends LRScheduler {
  readonly #kind: string
  readonly #form: ClosedForm
  readonly #floors: readonly number[]
  #t = 0
  #initial: readonly number[]
  #positions: readonly Position[] = []

  /** @internal */
  constructor(kind: string, optimizer: Scheduled, form: ClosedForm) {
    super(kind, optimizer)
    this.#kind = kind
    this.#form = form
    const { floor = 0 } = form
    this.#floors = typeof floor === 'number' ? optimizer.groups.map(() => floor) : floor
    this.#initial = form.initial ?? readInitialRates(optimizer)
    this.begin(readRates(optimizer))
    optimizer.groups.forEach((group, i) => {
      group.initialLr = this.#initial[i]
    })
  }

  get lastLr(): number[] {
    return this.#positions.map((position) => position.rate)
  }

  /** @internal */
  begin(rates: readonly number[]): void {
    const { curveOf, absolute, peak = absolute ? this.#initial : rates } = this.#form
    this.#install(
      0,
      peak.map((from, i) => this.#position(i, { from, at: 1, offset: 0 }, curveOf(i)(0))),
    )
  }

  /** @internal */
  advance(assigned?: readonly boolean[]): void {
    const rates = readRates(this.optimizer)
    this.#install(
      this.#t + 1,
      this.#positions.map((position, i) => this.#next(i, position, rates[i], assigned?.[i])),
    )
  }

  stateDict(): SchedulerState {
    const momentum = this.#form.momentum?.read()
    const groups = this.#positions.map((position, i) => ({
      ...position,
      initial: this.#initial[i],
      lr: this.optimizer.groups[i].lr,
      ...(momentum && { momentum: momentum[i] }),
    }))
    return { kind: this.#kind, t: this.#t, groups }
  }

  /** @internal */
  prepareLoad(state: unknown): () => void {
    const read = stateReader(this.#kind, state)
    const t = read.count('t')
    const groups = read.rows('groups', this.#initial.length, {
      initial: { min: 0 },
      from: {},
      at: { min: 0, openMin: true },
      offset: {},
      h: { min: 0 },
      rate: { min: 0 },
      lr: { min: 0 },
    })
    const { momentum } = this.#form
    const momenta = momentum && read.rows('groups', groups.length, { momentum: { min: 0 } })
    const loadMomentum = momentum?.prepare(momenta?.map((group) => group.momentum) ?? [])
    return () => {
      loadMomentum?.()
      writeRates(
        this.#kind,
        this.optimizer,
        groups.map((group) => group.lr),
      )
      this.#t = t
      this.#initial = groups.map((group) => group.initial)
      this.#positions = groups.map(({ from, at, offset, h, rate }) => ({ from, at, offset, h, rate }))
    }
  }

  #install(t: number, positions: readonly Position[]): void {
    const rates = positions.map((position) => position.rate)
    checkRates(this.#kind, rates)
    this.#form.momentum?.write(t)
    writeRates(this.#kind, this.optimizer, rates)
    this.#t = t
    this.#positions = positions
  }

  #position(i: number, { from, at, offset }: Form, h: number): Position {
    const floor = this.#floors[i]
    // A rate assigned below the floor would be carried below zero by a rising curve.
    const rate = Math.max(0, offset + floor + (from - floor) * (h / at))
    return { from, at, offset, h, rate }
  }

  #next(i: number, last: Position, lr: number, assignedInChain: boolean | undefined): Position {
    const { curveOf, absolute } = this.#form
    const h = curveOf(i)(this.#t + 1)
    const assigned = assignedInChain ?? lr !== last.rate
    const recursive = assignedInChain === false && absolute !== true
    const next = assigned || recursive ? this.#rebase(i, last, lr, h, recursive) : this.#position(i, last, h)
    // At the zero of a cosine PyTorch's recursion forgets what was assigned and rises to the initial rate again.
    const forgets = h === 0 && last.h !== 0 && !absolute
    return forgets ? { ...next, from: this.#initial[i], at: 1 } : next
  }

  /** The next position with the same curve through `lr` at the present step. */
  #rebase(i: number, last: Position, lr: number, h: number, recursive: boolean): Position {
    const kept = recursive ? last.offset : 0
    if (last.h !== 0) return this.#position(i, { from: lr - kept, at: last.h, offset: kept }, h)
    // No scale takes a zero to `lr`: shift the curve, in PyTorch's recursion for this one step.
    const shifted = this.#position(i, { ...last, offset: lr - this.#floors[i] }, h)
    return recursive ? { ...shifted, offset: kept } : shifted
  }
}
