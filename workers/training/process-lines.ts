import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const MAX_LINE_CHARACTERS = 1000
const MAX_LINES_PER_SECOND = 20

/** Lines that TensorFlow and Node print at every start and that nobody can act on. */
const NOISE = [
  /^$/,
  /cpu_feature_guard|oneDNN|Unable to register cu|computation_placer|NUMA node/,
  /^(To enable the following instructions|Hi, looks like you are running TensorFlow)/,
  /^WARNING: All log messages before absl::InitializeLog/,
  /^=+$/,
  /(Experimental|Deprecation)Warning|^\(Use `node --trace/,
  /successful NUMA|TF-TRT Warning|cuda drivers? on your machine|kernel version|Created device/i,
]

/** Passes on a stream's lines except noise, cut to 1,000 characters, at most 20 per second. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let second = 0
  let inSecond = 0
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => {
    if (NOISE.some((noise) => noise.test(line))) return
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) {
      if (inSecond > MAX_LINES_PER_SECOND) onLine(`(${inSecond - MAX_LINES_PER_SECOND} more lines not shown)`)
      second = now
      inSecond = 0
    }
    if (++inSecond <= MAX_LINES_PER_SECOND) onLine(line.slice(0, MAX_LINE_CHARACTERS))
  })
}
