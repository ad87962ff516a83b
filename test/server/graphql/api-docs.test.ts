import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentedLines } from '../../documented-lines.ts'
import { makeKey } from '../make-key.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const page = readFileSync('docs/api/mutations.md', 'utf8')
const commands = [...page.matchAll(/^## (\w+)\n[\s\S]*?```sh\n([\s\S]*?)```/gm)].map(([, name, command]) => ({
  name: name!,
  command: command!,
}))

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

it('docs/api has one curl for each mutation, and each is understood by the API', async () => {
  const mutations = buildSchema(readFileSync('schema.graphql', 'utf8')).getMutationType()!.getFields()
  expect(commands.map(({ name }) => name)).toEqual(Object.keys(mutations))
  const script = commands.map(({ command }) => `${command}\necho`).join('\n')
  const env = { PATH: process.env.PATH, URL: server.url, KEY: await makeKey(ada), TEAM_ID: ada.teamId }
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env })
  const answers = stdout
    .trim()
    .split(/\n+/)
    .map((line) => JSON.parse(line))
  expect(answers).toHaveLength(commands.length)
  for (const [k, { errors, data }] of answers.entries()) {
    expect([commands[k]!.name, errors]).toEqual([commands[k]!.name, undefined])
    expect(Object.keys(data)).toEqual([commands[k]!.name])
  }
  const created = answers.filter(({ data }) => Object.values<{ errors: [] }>(data)[0]!.errors.length === 0)
  expect(created.length).toBeGreaterThan(0)
})

it('README and the introduction have a curl that is answered', async () => {
  const lines = documentedLines().filter(({ line }) => /^curl .*\/graphql/.test(line))
  expect(lines.map(({ file }) => file)).toEqual(['docs/api/README.md', 'README.md'])
  for (const { line } of lines) {
    const command = line.replace('http://localhost:3000', '$URL')
    const env = { PATH: process.env.PATH, URL: server.url, KEY: await makeKey(ada) }
    const { stdout } = await promisify(execFile)('bash', ['-c', command.replace('curl ', 'curl --silent ')], {
      env,
    })
    expect(JSON.parse(stdout)).toMatchObject({ data: { viewer: { teams: [{ name: 'Ada’s team' }] } } })
  }
})
