import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type { Surroundings } from '../surroundings.ts'

/** Which upload a file’s bytes went to, so that the same command goes on with it. */
export class UploadMemory {
  readonly #file: string

  constructor(env: Surroundings['env']) {
    const base = env.XDG_STATE_HOME || path.join(env.HOME ?? homedir(), '.local/state')
    this.#file = path.join(base, 'studyhall', 'uploads.json')
  }

  async find(key: string): Promise<string | undefined> {
    return (await this.#read())[key]
  }

  async note(key: string, uploadId: string): Promise<void> {
    const known = Object.entries(await this.#read()).slice(-MOST_REMEMBERED)
    await mkdir(path.dirname(this.#file), { recursive: true })
    await writeFile(`${this.#file}.new`, JSON.stringify({ ...Object.fromEntries(known), [key]: uploadId }))
    await rename(`${this.#file}.new`, this.#file)
  }

  /** What cannot be read is forgotten: at worst a file is sent again. */
  async #read(): Promise<Record<string, string>> {
    try {
      return JSON.parse(await readFile(this.#file, 'utf8'))
    } catch {
      return {}
    }
  }
}

const MOST_REMEMBERED = 100
