/** `npm run dev`: the product to work on, until Ctrl-C. */
import { startDevelopment } from './dev/start-development.ts'

try {
  const startedMs = performance.now()
  const { webUrl, ports, ready } = await startDevelopment()
  await ready()
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`
Studyhall in development: ${webUrl}    (up in ${seconds} s; Ctrl-C ends it)
  pages    reload as they change
  server   starts again when its sources change; its inspector is on 127.0.0.1:${ports.inspectServer}
  worker   likewise; its inspector is on 127.0.0.1:${ports.inspectWorker}
`)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
