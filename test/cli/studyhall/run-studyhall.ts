import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runCommand } from '../../../cli/studyhall/commands/run-command.ts'
import { makeKey } from '../../server/make-key.ts'
import type { Person, TestServer } from '../../server/test-server.ts'

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

export interface Terminal {
  /** Its home folder, a temporary one. */
  home: string
  env: Record<string, string>
  /** The command in this process, as a shell without a terminal runs it. */
  studyhall(argv: string[], more?: { input?: string; signal?: AbortSignal; env?: object }): Promise<Ended>
  close(): Promise<void>
}

/** Somebody who has a key of the person's team in the environment. */
export async function openTerminal(server: TestServer, person: Person, url = server.url): Promise<Terminal> {
  const home = await mkdtemp(path.join(tmpdir(), 'studyhall-home-'))
  const key = await makeKey(person)
  const env = { HOME: home, STUDYHALL_URL: url, STUDYHALL_KEY: key }
  return {
    home,
    env,
    close: () => rm(home, { recursive: true, force: true }),
    async studyhall(argv, { input, signal = new AbortController().signal, env: more = {} } = {}) {
      let stdout = ''
      let stderr = ''
      const code = await runCommand(argv, {
        env: { ...env, ...more },
        print: (text) => {
          stdout += text
        },
        tell: (text) => {
          stderr += text
        },
        isTerminal: false,
        readInput: input === undefined ? null : async () => input,
        signal,
      })
      return { code, stdout, stderr }
    },
  }
}
