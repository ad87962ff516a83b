import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import type { DeviceKind } from '../../contract/devices.ts'
import { CARDS_QUERY, parseCards, visibleCards } from './cards.ts'

const ANSWER_TIMEOUT_MS = 10_000

/** What a worker trains on. */
export interface Device {
  kind: DeviceKind
  /** The processor's model, or the cards' name. */
  name: string
  /** Of one card; null for a CPU. */
  memoryBytes: number | null
  /** What each training process at a time gets into its environment: one card, or nothing of its own. */
  slots: NodeJS.ProcessEnv[]
}

/**
 * The cards where there are any, each for one training process at a time; else the processor, for `trainings` of them.
 * @param wanted  `cpu` to leave the cards alone, `cuda` to insist on them
 * @throws where cards are insisted on and there is none
 */
export function findDevice(
  { wanted, trainings }: { wanted: 'cpu' | 'cuda' | undefined; trainings: number },
  visible: string | undefined,
): Device {
  const cards = wanted === 'cpu' ? [] : visibleCards(parseCards(askForCards()), visible)
  if (cards.length === 0 && wanted === 'cuda')
    throw new Error('STUDYHALL_DEVICE is cuda, and nvidia-smi tells of no card that this worker may use.')
  return cards.length > 0 ? cardsDevice(cards, trainings) : processorDevice(trainings)
}

/** A card is given to `trainings` processes at a time: 1 unless more are asked for. */
export function cardsDevice(cards: ReturnType<typeof parseCards>, trainings: number): Device {
  const names = [...new Set(cards.map(({ name }) => name))]
  return {
    kind: 'GPU',
    name: `${cards.length > 1 ? `${cards.length} × ` : ''}${names.join(', ')}`,
    memoryBytes: Math.min(...cards.map(({ memoryBytes }) => memoryBytes)),
    // Every card gets its first process before one gets its second.
    slots: Array.from({ length: trainings }, () =>
      cards.map(({ uuid }) => ({ CUDA_VISIBLE_DEVICES: uuid })),
    ).flat(),
  }
}

function processorDevice(trainings: number): Device {
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  return {
    kind: 'CPU',
    name: model,
    memoryBytes: null,
    slots: Array.from({ length: trainings }, () => ({})),
  }
}

function askForCards(): string {
  const { stdout, status } = spawnSync('nvidia-smi', CARDS_QUERY, {
    timeout: ANSWER_TIMEOUT_MS,
    encoding: 'utf8',
  })
  return status === 0 ? stdout : ''
}
