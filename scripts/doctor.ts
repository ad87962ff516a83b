/**
 * `npm run doctor`: whether this machine can train, on one screen: cards, NVIDIA's libraries, a convolution with its
 * gradients compared with the processor's, and whether it gives the same again. Exit code 1 if it cannot.
 */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cardEnvironment } from '../workers/devices/card-environment.ts'
import { inspectMachine } from '../workers/devices/find-device.ts'
import { trainingEnvironment } from '../workers/training/training-environment.ts'
import { compareProbes, conclude, examineMachine, type Probe } from './doctor/examine.ts'

const PROBE = fileURLToPath(new URL('doctor/probe.ts', import.meta.url))
const home = path.resolve(process.env.STUDYHALL_HOME ?? '.studyhall')
const environment = trainingEnvironment(process.env)
const wanted = process.env.STUDYHALL_DEVICE
const machine = inspectMachine({
  visibleCards: wanted === 'cpu' ? '' : process.env.CUDA_VISIBLE_DEVICES,
  trainingEnvironment: environment,
})
const hasCard = machine.cards.length > 0

const seen = examineMachine(machine, wanted === 'cuda')
for (const line of seen.lines) console.log(line)
const onProcessor = { ...environment, CUDA_VISIBLE_DEVICES: '' }
const onCard = { ...environment, ...cardEnvironment(environment, path.join(home, 'compiled-programs')) }
const processor = probe(onProcessor)
const computed = compareProbes(probe(hasCard ? onCard : onProcessor), processor, hasCard)
for (const line of computed.lines) console.log(line)
const { line, code } = conclude([...seen.problems, ...computed.problems], hasCard)
console.log(line)
process.exit(code)

function probe(env: NodeJS.ProcessEnv): Probe {
  const args = ['--import', import.meta.resolve('tsx'), PROBE]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  if (status !== 0) {
    console.log(`Not fit to train: TensorFlow cannot be used. ${stderr.trim().split('\n').at(-1)}`)
    process.exit(1)
  }
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Probe
}
