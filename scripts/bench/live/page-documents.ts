import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type DefinitionNode, type FragmentDefinitionNode, parse, print, visit } from 'graphql'

const FEATURES = path.resolve('web/features')

/** An operation as the pages send it, with the fragments that it uses. */
export function pageDocument(operation: string): string {
  const definitions = readdirSync(FEATURES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.graphql'))
    .flatMap((name) => parse(readFileSync(path.join(FEATURES, name), 'utf8')).definitions)
  const wanted = definitions.find(
    (each) => each.kind === 'OperationDefinition' && each.name?.value === operation,
  )
  if (!wanted) throw new Error(`the pages have no operation ${operation}`)
  const used = new Map<string, DefinitionNode>()
  collectFragments(wanted, definitions, used)
  return [wanted, ...used.values()].map(print).join('\n')
}

function collectFragments(
  node: DefinitionNode,
  all: readonly DefinitionNode[],
  used: Map<string, DefinitionNode>,
): void {
  visit(node, {
    FragmentSpread({ name: { value } }) {
      if (used.has(value)) return
      const isIt = (each: DefinitionNode): each is FragmentDefinitionNode =>
        each.kind === 'FragmentDefinition' && each.name.value === value
      const fragment = all.find(isIt)!
      used.set(value, fragment)
      collectFragments(fragment, all, used)
    },
  })
}
