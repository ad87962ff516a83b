import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { GraphQLError } from 'graphql'
import { z } from 'zod'
import type { Logger } from '../../logging/open-log.ts'
import { isDatabaseAway } from '../../prisma/database-away.ts'
import { AppError } from '../errors.ts'
import { refuseHostileText } from '../refuse-text.ts'
import type { Tool, Toolbox } from './tool.ts'

const INSTRUCTIONS = `Studyhall trains cohorts of small neural networks that teach each other (deep mutual learning).
To answer whether mutual learning helps on a dataset: list_datasets, plan_experiment, start_experiment with at least three seeds, watch_experiment until it has ended, get_verdict. Tell the verdict with its interval and number of seeds, and claim no effect whose interval includes 0.
whoami tells the budget; what would exceed it is refused.`
/** Members and elements of one call's arguments. */
const MOST_INPUT = 1_000

/** An MCP server for one request: its tools act with the powers of whoever asked. */
export function createMcpServer(tools: Record<string, Tool>, toolbox: Toolbox, log: Logger): McpServer {
  const server = new McpServer(
    { name: 'studyhall', version: '1' },
    { instructions: INSTRUCTIONS, maxToolInputElements: MOST_INPUT },
  )
  for (const [name, { title, description, input, readOnly, run }] of Object.entries(tools)) {
    const annotations = { readOnlyHint: readOnly, destructiveHint: name.startsWith('cancel_') }
    const config = { title, description, inputSchema: z.strictObject(input), annotations }
    server.registerTool(name, config, async (given): Promise<CallToolResult> => {
      try {
        refuseHostileText(given)
        return succeeded(await run(toolbox, given))
      } catch (error) {
        return failed(error, name, log)
      }
    })
  }
  return server
}

/** As text, too, for clients that know no structured content. */
function succeeded(result: Record<string, unknown>): CallToolResult {
  const text = JSON.stringify(result)
  return { structuredContent: JSON.parse(text), content: [{ type: 'text', text }] }
}

/** For the agent, who may do something about it. */
function failed(error: unknown, name: string, log: Logger): CallToolResult {
  if (error instanceof AppError) {
    const text = error.problems.map(({ code, message }) => `${code}: ${message}`).join('\n')
    return { isError: true, content: [{ type: 'text', text }] }
  }
  if (error instanceof GraphQLError && error.extensions.code === 'RATE_LIMITED')
    return { isError: true, content: [{ type: 'text', text: `RATE_LIMITED: ${error.message}` }] }
  if (!isDatabaseAway(error)) log.error({ err: error, tool: name }, 'a tool failed')
  const text = 'UNAVAILABLE: something went wrong on our side. Try again.'
  return { isError: true, content: [{ type: 'text', text }] }
}
