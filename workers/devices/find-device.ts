import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import type { DeviceKind } from '../../contract/devices.ts'
import { CARDS_QUERY, parseCards, visibleCards } from './cards.ts'

const ANSWER_TIMEOUT_MS = 10_000

/** The device that a worker trains on. */
export interface Device {
  kind: DeviceKind
  /** The CPU's or the GPUs' model name. */
  name: string
  /** Memory of one GPU; null for a CPU. */
  memoryBytes: number | null
  /** One entry per concurrent training process: the environment that pins it to a GPU, or nothing. */
  slots: NodeJS.ProcessEnv[]
}

/**
 * The GPUs if there are any, otherwise the CPU, for `trainings` concurrent processes on each.
 * @param wanted  `cpu` to ignore GPUs, `cuda` to require one
 * @throws if a GPU is required and there is none
 */
export function findDevice(
  { wanted, trainings }: { wanted: 'cpu' | 'cuda' | undefined; trainings: number },
  visible: string | undefined,
): Device {
  const cards = wanted === 'cpu' ? [] : visibleCards(parseCards(queryCards()), visible)
  if (cards.length === 0 && wanted === 'cuda')
    throw new Error('STUDYHALL_DEVICE is cuda, but nvidia-smi reports no card that this worker may use.')
  return cards.length > 0 ? cardsDevice(cards, trainings) : processorDevice(trainings)
}

/** @param trainings  concurrent processes per GPU */
export function cardsDevice(cards: ReturnType<typeof parseCards>, trainings: number): Device {
  const names = [...new Set(cards.map(({ name }) => name))]
  return {
    kind: 'GPU',
    name: `${cards.length > 1 ? `${cards.length} × ` : ''}${names.join(', ')}`,
    memoryBytes: Math.min(...cards.map(({ memoryBytes }) => memoryBytes)),
    // Ordered so that every GPU gets its first process before any gets its second.
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

function queryCards(): string {
  const { stdout, status } = spawnSync('nvidia-smi', CARDS_QUERY, {
    timeout: ANSWER_TIMEOUT_MS,
    encoding: 'utf8',
  })
  return status === 0 ? stdout : ''
}
