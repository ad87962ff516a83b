// GraphiQL's style without the fonts that lie in it: browsers load them at once, and the pages' policy takes no fonts
// but the product's own.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../settings.mjs'
import { writeFileWhole } from '../stamps.mjs'

export const explorerStyle = join(root, 'web/graphql/generated/graphiql.css')

export const graphiqlStyle = join(root, 'node_modules/graphiql/dist/style.css')

/** Written beside what else is generated for the pages. */
export function generateExplorerStyle() {
  const style = readFileSync(graphiqlStyle, 'utf8')
  const kept = style.replace(/@font-face\s*\{[^{}]*\}/g, '')
  if (kept.length === style.length) throw new Error('GraphiQL’s style has no fonts: take it as it is')
  writeFileWhole(explorerStyle, kept)
}
