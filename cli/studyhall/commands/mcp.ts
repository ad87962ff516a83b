import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { findKey } from '../api/stored-key.ts'
import type { Register } from './context.ts'

/** A failure of our own, by JSON-RPC's numbers for servers. */
const NOT_REACHED = -32_000

/**
 * Speaks the Model Context Protocol on stdin and stdout, and hands every message on to the product's /mcp, which has the
 * tools: the key's scopes and budget hold there, whatever an agent asks for here.
 */
export const registerMcp: Register = (program, { surroundings }) => {
  program
    .command('mcp')
    .description('lets an agent use Studyhall: the Model Context Protocol on stdin and stdout')
    .action(async () => {
      const { url, key } = await findKey(surroundings.env)
      const product = new StreamableHTTPClientTransport(new URL('/mcp', url), {
        requestInit: { headers: { authorization: `Bearer ${key}` } },
      })
      await bridge(new StdioServerTransport(), product, surroundings.signal)
    })
}

async function bridge(
  agent: StdioServerTransport,
  product: StreamableHTTPClientTransport,
  signal: AbortSignal,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    agent.onclose = resolve
    process.stdin.once('end', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  product.onmessage = (message) => void agent.send(message)
  agent.onmessage = (message) => {
    product.send(message).catch((error) => {
      // A notification waits for no answer.
      if ('method' in message && 'id' in message) void agent.send(refusal(message.id, error))
    })
  }
  await product.start()
  await agent.start()
  await ended
  await product.close()
  await agent.close()
}

/** What an agent learns where the product could not be asked. */
function refusal(id: string | number, error: unknown): JSONRPCMessage {
  const reason = error instanceof Error ? error.message : String(error)
  return { jsonrpc: '2.0', id, error: { code: NOT_REACHED, message: `Studyhall did not answer: ${reason}` } }
}
