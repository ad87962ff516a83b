// Writes docs/api/mutations.md and docs/api/reference.md from schema.graphql, so that they never tell of another API.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../settings.mjs'
import { writeFileWhole } from '../stamps.mjs'

export const apiDocs = ['docs/api/mutations.md', 'docs/api/reference.md'].map((path) => join(root, path))

const NOTE = '<!-- Written by `npm run generate` from schema.graphql: change that. -->'

export async function generateApiDocs(schema) {
  const graphql = await import('graphql')
  mkdirSync(join(root, 'docs/api'), { recursive: true })
  const [mutations, reference] = apiDocs
  writeFileWhole(mutations, describeMutations(schema, graphql))
  writeFileWhole(reference, describeReference(schema, graphql))
}

function describeMutations(schema, graphql) {
  const fields = Object.values(schema.getMutationType().getFields())
  return `${NOTE}

# Mutations

Each is runnable as it stands once \`URL\`, \`KEY\` and the ids that it names are set in the shell; \`createTeam\`, \`createApiKey\` and others that need a session answer FORBIDDEN to a key. Expected failures come in \`errors\`, and nothing has changed then.

${fields.map((field) => describeMutation(field, graphql)).join('\n')}`
}

function describeMutation({ name, description, args, type, deprecationReason }, graphql) {
  const input = graphql.getNamedType(args[0].type)
  const example = exampleOf(args[0].type, 'input', graphql)
  const operation = `mutation ($input: ${args[0].type}) { ${name}(input: $input) { ${selectionOf(type, graphql)} } }`
  const body = JSON.stringify({ query: operation, variables: { input: example } }, null, 2)
  return `## ${name}

${plain(description)}${deprecationReason ? ` **Deprecated:** ${plain(deprecationReason)}` : ''}

\`\`\`sh
curl --silent "$URL/graphql" --header "Authorization: Bearer $KEY" --header 'Content-Type: application/json' --data @- <<END
${body.replaceAll('\\', '\\\\').replaceAll('$input', '\\$input')}
END
\`\`\`

${tableOf(Object.values(input.getFields()), ['input field', 'type', 'is'])}
`
}

/** What a curl asks for in return: ids and errors. */
function selectionOf(type, graphql) {
  const fields = Object.values(graphql.getNamedType(type).getFields()).map(({ name, type: fieldType }) => {
    const named = graphql.getNamedType(fieldType)
    if (graphql.isLeafType(named)) return name
    if (name === 'errors') return 'errors { code message path }'
    const inner = named.getFields?.() ?? {}
    if (inner.id) return `${name} { id }`
    const leaf = Object.values(inner).find((field) => graphql.isLeafType(graphql.getNamedType(field.type)))
    return leaf ? `${name} { ${leaf.name} }` : `${name} { __typename }`
  })
  return fields.join(' ')
}

/** By the names of fields, where a type alone says too little. */
const EXAMPLES = {
  name: 'pets',
  slug: 'the-pets',
  fileName: 'pets.zip',
  byteLength: 1000,
  sha256: '0'.repeat(64),
  split: 'train',
  from: 'cat',
  to: 'dog',
  email: 'ada@example.org',
  url: 'https://example.org/studyhall',
  architecture: 'resnet-8',
  recipe: { epochs: 2 },
  idempotencyKey: 'once',
}
/** Optional fields that an example shows all the same. */
const SHOWN = ['recipe', 'idempotencyKey', 'rename']

function exampleOf(type, name, graphql) {
  const inner = graphql.getNullableType(type)
  if (graphql.isListType(inner)) return [exampleOf(inner.ofType, name, graphql)]
  if (graphql.isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields())
    const shown = fields.filter((field) => graphql.isRequiredInputField(field) || SHOWN.includes(field.name))
    return Object.fromEntries(shown.map((field) => [field.name, exampleOf(field.type, field.name, graphql)]))
  }
  if (inner.name === 'ID') return `$${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
  if (graphql.isEnumType(inner)) return inner.getValues()[0].name
  if (name in EXAMPLES) return EXAMPLES[name]
  return (
    { Int: 1, Float: 0.5, Bytes: 1000, Boolean: true, JSON: {}, DateTime: '2027-01-01T00:00:00Z' }[
      inner.name
    ] ?? 'text'
  )
}

function describeReference(schema, graphql) {
  const own = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  const roots = [schema.getQueryType(), schema.getSubscriptionType()]
  const isShown = (type) => !roots.includes(type) && type !== schema.getMutationType()
  const objects = own.filter(
    (type) => (graphql.isObjectType(type) || graphql.isInterfaceType(type)) && isShown(type),
  )
  const data = objects.filter(({ name }) => !/(Payload|Connection|Edge)$/.test(name))
  return `${NOTE}

# Queries, subscriptions and types

[Mutations](mutations.md) have a page of their own. Lists that end in \`Connection\` are pages: \`nodes\`, \`edges { cursor node }\`, \`pageInfo { hasNextPage endCursor }\` and \`totalCount\`.

${roots.map((type) => section(type, 'is')).join('\n')}
${data.map((type) => section(type, 'is')).join('\n')}
${own
  .filter(graphql.isUnionType)
  .map(
    (type) =>
      `## ${type.name}\n\n${plain(type.description)} One of ${type
        .getTypes()
        .map(({ name }) => `\`${name}\``)
        .join(', ')}.\n`,
  )
  .join('\n')}
${own
  .filter(graphql.isInputObjectType)
  .filter(({ name }) => !isInputOfMutation(schema, name))
  .map((type) => section(type, 'is'))
  .join('\n')}
${own
  .filter(graphql.isEnumType)
  .map((type) => `## ${type.name}\n\n${plain(type.description)}\n\n${valueTable(type)}\n`)
  .join('\n')}`
}

function isInputOfMutation(schema, name) {
  return (
    name.endsWith('Input') &&
    name[0].toLowerCase() + name.slice(1, -5) in schema.getMutationType().getFields()
  )
}

const section = (type, is) =>
  `## ${type.name}\n\n${plain(type.description)}\n\n${tableOf(Object.values(type.getFields()), ['field', 'type', is])}\n`

function tableOf(fields, [field, type, is]) {
  const rows = fields.map((each) => {
    const args = (each.args ?? []).map(
      (arg) => `\`${arg.name}: ${arg.type}\`${arg.description ? ` (${plain(arg.description)})` : ''}`,
    )
    const old = each.deprecationReason ? ` **Deprecated:** ${plain(each.deprecationReason)}` : ''
    const said = `${plain(each.description)}${args.length > 0 ? ` Arguments: ${args.join(', ')}.` : ''}${old}`
    return `| \`${each.name}\` | \`${each.type}\` | ${said} |`
  })
  return [`| ${field} | ${type} | ${is} |`, '|---|---|---|', ...rows].join('\n')
}

function valueTable(type) {
  const rows = type.getValues().map(({ name, description }) => `| \`${name}\` | ${plain(description)} |`)
  return ['| value | is |', '|---|---|', ...rows].join('\n')
}

/** A description in one line, which may stand in a table. */
function plain(text) {
  return (text ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()
}
