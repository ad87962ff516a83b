import type { PointShape } from '../../charts/scatter/point-shape.ts'
import { formatBytes, formatLarge } from '../../design/format-numbers.ts'
import type { LearnedFrom, TradeOffCost } from '../../graphql/generated/operations.ts'
import { BACKEND_WORDS, type Backend } from '../try/networks/load-tensorflow.ts'

export interface Cost {
  /** In the URL. */
  name: string
  title: string
  /** What the line joins the best of. */
  kind: 'size' | 'speed'
  format: (cost: number) => string
}

export const costs: Record<TradeOffCost, Cost> = {
  PARAMETERS: { name: 'parameters', title: 'Parameters', kind: 'size', format: formatLarge },
  MULTIPLY_ADDS: {
    ...{ name: 'multiply-adds', title: 'Multiply-adds of an image' },
    ...{ kind: 'size', format: formatLarge },
  },
  DOWNLOAD_BYTES: {
    ...{ name: 'download', title: 'Download for TensorFlow.js' },
    ...{ kind: 'size', format: formatBytes },
  },
}

/** Time of one image, as it was measured on this machine. */
export function timeCost(backend: Backend): Cost {
  const title = `Time of an image here, with ${BACKEND_WORDS[backend]}`
  return { name: `time-${backend}`, title, kind: 'speed', format: formatMilliseconds }
}

function formatMilliseconds(ms: number): string {
  return `${Number(ms.toPrecision(3))} ms`
}

/** Of what stands in the URL. */
export function costNamed(name: string | null): TradeOffCost {
  const found = (Object.keys(costs) as TradeOffCost[]).find((cost) => costs[cost].name === name)
  return found ?? 'PARAMETERS'
}

/** A title within a sentence. */
export function inSentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1)
}

export const teachers: Record<LearnedFrom, { label: string; shape: PointShape; colour: number }> = {
  PEERS: { label: 'taught each other', shape: 'CIRCLE', colour: 0 },
  LABELS: { label: 'alone', shape: 'SQUARE', colour: 1 },
  TEACHER: { label: 'had a teacher', shape: 'TRIANGLE', colour: 2 },
}
