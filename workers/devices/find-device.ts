import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import type { DeviceKind } from '../../contract/devices.ts'
import { problemsOf, softwareOf } from './card-health.ts'
import { CARDS_QUERY, type Card, parseCards, visibleCards } from './cards.ts'
import { type CudaLibrary, findPackagesFolder, inspectCudaLibraries } from './cuda-libraries.ts'

const ANSWER_TIMEOUT_MS = 10_000

/** The device that a worker trains on. */
export interface Device {
  kind: DeviceKind
  /** The CPU's or the GPUs' model name. */
  name: string
  /** Memory of one GPU; null for a CPU. */
  memoryBytes: number | null
  /** Driver and libraries of the GPUs; null for a CPU. */
  software: string | null
  uuids: string[]
  /** One entry per concurrent training process: the environment that pins it to a GPU, or nothing. */
  slots: NodeJS.ProcessEnv[]
  /** Why GPUs that are there are not used. */
  problems: string[]
}

interface Wishes {
  /** `cpu` to ignore GPUs, `cuda` to require one. */
  wanted: 'cpu' | 'cuda' | undefined
  /** Concurrent processes on each device. */
  trainings: number
}

interface Place {
  /** CUDA_VISIBLE_DEVICES. */
  visibleCards?: string | undefined
  trainingEnvironment: NodeJS.ProcessEnv
}

export interface Machine {
  cards: readonly Card[]
  libraries: readonly CudaLibrary[]
}

/**
 * The GPUs if there are any that can be used, otherwise the CPU.
 * @throws if a GPU is required and none can be used; says why
 */
export function findDevice(wishes: Wishes, place: Place): Device {
  if (wishes.wanted === 'cpu') return processorDevice(wishes.trainings)
  return chooseDevice(wishes, inspectMachine(place))
}

export function inspectMachine({ visibleCards: visible, trainingEnvironment }: Place): Machine {
  return {
    cards: visibleCards(parseCards(queryCards()), visible),
    libraries: inspectCudaLibraries(findPackagesFolder(), trainingEnvironment.LD_LIBRARY_PATH),
  }
}

/** @throws if a GPU is required and none can be used; says why */
export function chooseDevice({ wanted, trainings }: Wishes, { cards, libraries }: Machine): Device {
  const problems = problemsOf(cards, libraries)
  if (problems.length === 0)
    return { ...cardsDevice(cards, trainings), software: softwareOf(cards[0]?.driver ?? null, libraries) }
  if (wanted === 'cuda')
    throw new Error(
      `STUDYHALL_DEVICE is cuda, but no card can be used. ${problems.join(' ')} npm run doctor tells more.`,
    )
  return { ...processorDevice(trainings), problems: cards.length > 0 ? problems : [] }
}

/** @param trainings  concurrent processes per GPU */
export function cardsDevice(cards: readonly Card[], trainings: number): Device {
  const names = [...new Set(cards.map(({ name }) => name))]
  return {
    kind: 'GPU',
    name: `${cards.length > 1 ? `${cards.length} × ` : ''}${names.join(', ')}`,
    memoryBytes: Math.min(...cards.map(({ memoryBytes }) => memoryBytes)),
    software: null,
    uuids: cards.map(({ uuid }) => uuid),
    // Ordered so that every GPU gets its first process before any gets its second.
    slots: Array.from({ length: trainings }, () =>
      cards.map(({ uuid }) => ({ CUDA_VISIBLE_DEVICES: uuid })),
    ).flat(),
    problems: [],
  }
}

export function cardOf({ name, memoryBytes, software }: Device) {
  return memoryBytes === null ? undefined : { name, memoryBytes, software: software ?? 'unknown software' }
}

export function processorName(): string {
  return cpus()[0]?.model.trim() || 'unknown processor'
}

function processorDevice(trainings: number): Device {
  return {
    kind: 'CPU',
    name: processorName(),
    memoryBytes: null,
    software: null,
    uuids: [],
    problems: [],
    slots: Array.from({ length: trainings }, () => ({})),
  }
}

export function queryCards(): string {
  const { stdout, status } = spawnSync('nvidia-smi', CARDS_QUERY, {
    timeout: ANSWER_TIMEOUT_MS,
    encoding: 'utf8',
  })
  return status === 0 ? stdout : ''
}
