import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { readConfig } from './front/config.ts'
import { openFront, type Pages } from './front/open-front.ts'

/** Requests under way are answered within this time; sockets, which have no end, are cut. */
const STOP_WITHIN_MS = 2_000

// What it writes is for its own user alone.
process.umask(0o077)

try {
  const config = readConfig()
  const server = openFront(config.api, await preparePages(config), config)
  server.once('error', endWith)
  server.listen(config.port, config.host, () => {
    console.log(`pages at http://${config.host}:${config.port}, the API at ${config.api.origin}`)
  })
  const stop = () => {
    setTimeout(() => process.exit(), STOP_WITHIN_MS).unref()
    server.close(() => process.exit())
  }
  process.on('unhandledRejection', (reason) => console.error(reason))
  process.on('uncaughtException', (error) => {
    console.error(error)
    process.exitCode = 1
    stop()
  })
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  endWith(error)
}

async function preparePages({ development, host, port }: ReturnType<typeof readConfig>): Promise<Pages> {
  // Next would listen for upgrades on the server that answers, and end those that are the API's: this one has none.
  const ofNext = createServer()
  const pages = next({
    dir: fileURLToPath(new URL('.', import.meta.url)),
    dev: development,
    hostname: host,
    port,
    httpServer: ofNext,
  })
  await pages.prepare()
  const answer = pages.getRequestHandler()
  return {
    answer: (request, response) => {
      answer(request, response).catch((error) => {
        console.error(error)
        response.destroy()
      })
    },
    ...(development && { upgrade: (...upgrade) => void ofNext.emit('upgrade', ...upgrade) }),
  }
}

function endWith(error: unknown): never {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
