import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { WebhookSecrets } from '../../../server/webhooks/webhook-secrets.ts'

const page = readFileSync('docs/webhooks.md', 'utf8')
const example = (language: string) => page.match(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``))![1]!

const BODY = '{"type":"run.failed","title":"Für „ada“"}'
const secrets = new WebhookSecrets('a secret of an instance')
const { secret, stored } = secrets.make()
const older = secrets.make()
const other = secrets.make()
const signedAt = (at: Date, by = [stored]) => secrets.sign(by, 'evt_1', at, BODY)
const now = () => new Date()

const CASES = [
  { said: true, headers: signedAt(now()), body: BODY },
  { said: true, headers: signedAt(now(), [older.stored, stored]), body: BODY },
  { said: false, headers: signedAt(now(), [other.stored]), body: BODY },
  { said: false, headers: signedAt(now()), body: `${BODY} ` },
  { said: false, headers: { ...signedAt(now()), 'webhook-id': 'evt_2' }, body: BODY },
  { said: false, headers: signedAt(new Date(Date.now() - 400_000)), body: BODY },
]

describe('the page about webhooks', () => {
  it('verifies in Node what is signed here, and nothing else', async () => {
    const url = `data:text/javascript,${encodeURIComponent(example('js'))}`
    const { isFromStudyhall } = await import(/* @vite-ignore */ url)
    const said = CASES.map(({ headers, body }) => isFromStudyhall(secret, headers, body))
    expect(said).toEqual(CASES.map(({ said }) => said))
  })

  it('does so in Python', async () => {
    const program = `${example('python')}
import json, sys
for case in json.loads(sys.argv[1]):
    print(is_from_studyhall(${JSON.stringify(secret)}, case["headers"], case["body"].encode()))`
    const { stdout } = await promisify(execFile)('python3', ['-c', program, JSON.stringify(CASES)])
    expect(stdout.trim().split('\n')).toEqual(CASES.map(({ said }) => (said ? 'True' : 'False')))
  })
})
