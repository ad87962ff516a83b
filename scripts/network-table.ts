/** Writes contract/networks/network-table.ts anew from the networks themselves: `npx tsx scripts/network-table.ts`. */
import { writeFileSync } from 'node:fs'
import { ARCHITECTURE_FAMILIES } from '../contract/architectures.ts'
import { measureNetwork } from '../workers/engine/architectures/measure-network.ts'

/** Of either stem, and divided by every stride without a remainder. */
const SIDES = [64, 128]

const rows = Object.values(ARCHITECTURE_FAMILIES)
  .flatMap(({ members }) => [...members])
  .map((architecture) => {
    const variants = SIDES.map((side) => describe(architecture, side))
    return [architecture, ...new Set(variants)].join(' | ')
  })
writeFileSync('contract/networks/network-table.ts', file(rows))

function describe(architecture: string, side: number): string {
  const { parameters, features, layers } = measureNetwork(architecture, [side, side, 1], 1)
  const [stem, ...others] = layers.slice(0, -1)
  if (!stem) throw new Error(`${architecture} has no convolution`)
  const byStride = new Map<number, number>()
  for (const { weights, height } of others)
    byStride.set(side / height, (byStride.get(side / height) ?? 0) + weights)
  const body = [...byStride].map(([stride, weights]) => `${stride}:${weights}`)
  return [parameters, features, stem.weights, side / stem.height, ...body].join(' ')
}

function file(lines: string[]): string {
  return `/**
 * Every member of the catalogue, a line each; written by scripts/network-table.ts. For images up to 64 pixels and, where
 * that differs, for larger ones: parameters at one channel and one class, features, weights of the first convolution and its
 * stride, and, for each stride that a layer's output has, the weights of the other convolutions with it.
 */
export const NETWORK_TABLE = \`
${lines.join('\n')}
\`
`
}
