/** `npm run worker`: one more worker of this checkout's product, beside the one that `npm start` runs. */
import { makeEnvironment } from './processes/environment.ts'
import { readPorts } from './setup/choose-ports.mjs'

const ports = readPorts()
if (!ports) {
  console.error('Nothing is set up yet: run `npm run setup` first.')
  process.exit(1)
}
Object.assign(process.env, makeEnvironment(ports))
await import('../workers/main.ts')
