// Generates Prisma's client and the GraphQL types: always with `npm run generate`, only when needed in
// set-up.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateGraphql, graphqlOutputs, listGraphqlInputs } from './build/generate-graphql.mjs'
import { runCommand } from './run-command.mjs'
import { root } from './settings.mjs'
import { clearStamp, hashInputs, hasStamp, writeStamp } from './stamps.mjs'

export const generateStep = {
  name: 'generate',
  title: 'Generated code',
  needs: ['packages'],
  isCurrent: () => isPrismaCurrent() && isGraphqlCurrent(),
  async run({ signal, tell }) {
    if (!isPrismaCurrent()) {
      tell('Prisma client')
      await generatePrisma(signal)
    }
    if (!isGraphqlCurrent()) {
      tell('GraphQL types')
      await generateGraphqlTypes()
    }
  },
}

function isPrismaCurrent() {
  return existsSync(join(root, 'prisma/generated/client.ts')) && hasStamp('prisma', hashPrismaInputs())
}

function isGraphqlCurrent() {
  return graphqlOutputs.every((path) => existsSync(path)) && hasStamp('graphql', hashGraphqlInputs())
}

async function generatePrisma(signal) {
  clearStamp('prisma')
  await runCommand(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), 'generate'], {
    log: 'prisma-generate',
    signal,
    env: {
      // Generating needs no schema engine, but Prisma downloads one unless given a path.
      PRISMA_SCHEMA_ENGINE_BINARY: existsSync('/bin/true') ? '/bin/true' : '/usr/bin/true',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
    why: 'Prisma could not generate its client from prisma/schema.prisma.',
  })
  writeStamp('prisma', hashPrismaInputs())
}

async function generateGraphqlTypes() {
  clearStamp('graphql')
  await generateGraphql()
  writeStamp('graphql', hashGraphqlInputs())
}

function hashPrismaInputs() {
  return hashInputs({
    files: [join(root, 'prisma/schema.prisma'), ...versionsOf(['prisma', '@prisma/client'])],
  })
}

function hashGraphqlInputs() {
  return hashInputs({
    files: [
      ...listGraphqlInputs(),
      ...versionsOf(['graphql', '@graphql-codegen/core', '@graphql-codegen/typescript-operations']),
    ],
  })
}

function versionsOf(packages) {
  return packages.map((name) => join(root, 'node_modules', name, 'package.json'))
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await generatePrisma()
  await generateGraphqlTypes()
}
