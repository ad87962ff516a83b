/**
 * Writes what the landing page tells of a measured result anew from the results themselves:
 * `npx tsx scripts/write-landing-result.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { measuredResult } from './landing/measured-result.ts'

const FILE = 'experiments/results/label-noise/results.json'

const result = measuredResult(FILE, JSON.parse(readFileSync(FILE, 'utf8')))
writeFileSync('web/features/welcome/recorded/result.json', `${JSON.stringify(result, null, 1)}\n`)
