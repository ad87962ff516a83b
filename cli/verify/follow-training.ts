import { findParting } from '../../contract/runs/find-parting.ts'
import type { Receipt, WeightHashes } from '../../contract/runs/receipt.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import { ownEngineBuild } from '../../workers/engine-build.mjs'

export interface Verdict {
  isEqual: boolean
  words: string
}

/** Compares a training with a receipt while it goes on, by its events. */
export class FollowedTraining {
  readonly #receipt: Receipt
  readonly #checks: readonly WeightHashes[]
  #lastEqual: number | undefined
  #verdict: Verdict | undefined

  /** @param checks  the receipt's hashes to compare with, at least one */
  constructor(receipt: Receipt, checks: readonly WeightHashes[]) {
    this.#receipt = receipt
    this.#checks = checks
  }

  /** Undefined until the weights have parted, or what comes after the last check tells whether that is the end. */
  get verdict(): Verdict | undefined {
    return this.#verdict
  }

  take(event: TrainingEvent): void {
    if (this.#verdict) return
    if (this.#lastEqual === undefined) this.#compare(event)
    else if (event.type === 'phase') this.#verdict = equal(`after all ${this.#lastEqual} steps`)
    else if ((event.type === 'metrics' || event.type === 'weights') && event.step > this.#lastEqual)
      this.#verdict = this.#equalSoFar(this.#lastEqual)
  }

  /** What is known where the training has ended without a verdict; undefined where it came to no comparison. */
  conclude(): Verdict | undefined {
    if (this.#verdict || this.#lastEqual === undefined) return this.#verdict
    return this.#equalSoFar(this.#lastEqual)
  }

  #compare(event: TrainingEvent): void {
    if (event.type !== 'weights') return
    const wanted = this.#checks.find(({ step }) => step === event.step)
    const parting = wanted && findParting(wanted, event)
    if (parting) this.#verdict = parted(this.#receipt, parting.step, parting.tensor)
    else if (event.step === this.#checks.at(-1)?.step) this.#lastEqual = event.step
  }

  #equalSoFar(step: number): Verdict {
    const isLast = this.#receipt.weights.at(-1)?.step === step
    const hint = isLast
      ? ', the last hash of the receipt: the training goes on, and of the steps after it the receipt tells nothing'
      : ''
    return equal(`up to step ${step}${hint}`)
  }
}

function equal(how: string): Verdict {
  return { isEqual: true, words: `equal to the bit ${how}` }
}

function parted({ engineBuild }: Receipt, step: number, tensor: string): Verdict {
  const own = ownEngineBuild()
  const hint =
    engineBuild === own ? '' : ` The run was trained by engine build ${engineBuild}, and this is ${own}.`
  return { isEqual: false, words: `parted at step ${step}, first in ${tensor}.${hint}` }
}
