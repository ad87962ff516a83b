import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { findKey } from '../api/stored-key.ts'
import type { Register } from './context.ts'
import { ImportFolder } from './mcp-import-folder.ts'

/** A failure of our own, by JSON-RPC's numbers for servers. */
const NOT_REACHED = -32_000

/**
 * Speaks the Model Context Protocol on stdin and stdout, and hands every message on to the product's /mcp, which has the
 * tools: the key's scopes and budget hold there, whatever an agent asks for here. With `--folder` there is one more, of this
 * machine.
 */
export const registerMcp: Register = (program, { surroundings, open }) => {
  program
    .command('mcp')
    .description('lets an agent use Studyhall: the Model Context Protocol on stdin and stdout')
    .option('--folder <path...>', 'which an agent may upload as a dataset, and what lies in it')
    .action(async ({ folder = [] }: { folder?: string[] }) => {
      const { url, key } = await findKey(surroundings.env)
      const product = new StreamableHTTPClientTransport(new URL('/mcp', url), {
        requestInit: { headers: { authorization: `Bearer ${key}` } },
      })
      const local = folder.length > 0 ? new ImportFolder(folder, open, surroundings.signal) : null
      await bridge(new StdioServerTransport(), product, { local, signal: surroundings.signal })
    })
}

async function bridge(
  agent: StdioServerTransport,
  product: StreamableHTTPClientTransport,
  { local, signal }: { local: ImportFolder | null; signal: AbortSignal },
): Promise<void> {
  const listings = new Set<string | number>()
  const ended = new Promise<void>((resolve) => {
    agent.onclose = resolve
    process.stdin.once('end', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  product.onmessage = (message) => {
    const isListing = 'result' in message && listings.delete(message.id)
    void agent.send(local && isListing ? withTool(message, local) : message)
  }
  agent.onmessage = (message) => {
    const request = 'method' in message && 'id' in message ? message : null
    if (local && request?.method === 'tools/call' && request.params?.name === ImportFolder.toolName) {
      void local
        .call(request.params.arguments)
        .then((result) => agent.send({ jsonrpc: '2.0', id: request.id, result }))
      return
    }
    if (request?.method === 'tools/list') listings.add(request.id)
    product.send(message).catch((error) => {
      // A notification waits for no answer.
      if (request) void agent.send(refusal(request.id, error))
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

/** The product's answer to what tools there are, with the one of this machine. */
function withTool(message: JSONRPCMessage & { result: object }, local: ImportFolder): JSONRPCMessage {
  const { tools = [] } = message.result as { tools?: object[] }
  return { ...message, result: { ...message.result, tools: [...tools, local.definition] } }
}
