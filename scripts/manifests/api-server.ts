import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runOrThrow } from '../image/run-or-throw.ts'

const LONGEST_START_MS = 180_000
const LONGEST_END_MS = 30_000
const ETCD_PORTS = { client: 22_379, peer: 22_380 }
const PORT = 26_443
const TOKEN = 'of-this-machine-alone'

export interface Answer {
  status: number
  warnings: string[]
  body: string
}

/** Kubernetes' API server on an etcd of its own, in a folder; nothing schedules or runs what it is told. */
export class ApiServer {
  readonly #processes: ChildProcess[] = []
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = path.join(folder, 'state')
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder, { recursive: true })
  }

  async start(programs: string): Promise<void> {
    const key = path.join(this.#folder, 'accounts.key')
    await runOrThrow('openssl', ['genrsa', '-out', key, '2048'])
    const tokens = path.join(this.#folder, 'tokens.csv')
    writeFileSync(tokens, `${TOKEN},admin,admin,system:masters\n`)
    const client = `http://127.0.0.1:${ETCD_PORTS.client}`
    const peer = `http://127.0.0.1:${ETCD_PORTS.peer}`
    this.#spawn(path.join(programs, 'etcd'), [
      `--data-dir=${path.join(this.#folder, 'etcd')}`,
      ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
      ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
      `--initial-cluster=default=${peer}`,
    ])
    this.#spawn(path.join(programs, 'kube-apiserver'), [
      `--etcd-servers=${client}`,
      `--cert-dir=${this.#folder}`,
      ...['--bind-address=127.0.0.1', `--secure-port=${PORT}`, '--service-cluster-ip-range=10.96.0.0/16'],
      ...[`--token-auth-file=${tokens}`, '--authorization-mode=RBAC'],
      '--service-account-issuer=https://kubernetes.default.svc',
      ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
    ])
    const latest = Date.now() + LONGEST_START_MS
    for (;;) {
      const answer = await this.ask('GET', '/readyz').catch(() => null)
      if (answer?.status === 200) return
      const dead = this.#processes.find(({ exitCode }) => exitCode !== null)
      if (dead || Date.now() > latest)
        throw new Error(`The API server does not answer; its words are in ${this.#folder}.`)
      await sleep(1_000)
    }
  }

  ask(method: string, place: string, body = '', type = 'application/yaml'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type, accept: 'application/json' }
      // It signs its own certificate, which is thereby the authority as well.
      const ca = readFileSync(path.join(this.#folder, 'apiserver.crt'))
      const options = { host: '127.0.0.1', port: PORT, path: place, method, headers, ca }
      const asked = request(options, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => {
          const warnings = [response.headers.warning ?? []].flat()
          resolve({ status: response.statusCode ?? 0, warnings, body: text })
        })
      })
      asked.once('error', reject).end(body)
    })
  }

  async stop(): Promise<void> {
    for (const child of this.#processes.reverse()) {
      if (child.exitCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(LONGEST_END_MS, undefined, { ref: false })])
      child.kill('SIGKILL')
    }
  }

  #spawn(program: string, args: string[]): void {
    const log = openSync(path.join(this.#folder, `${path.basename(program)}.log`), 'w')
    this.#processes.push(spawn(program, args, { stdio: ['ignore', log, log] }))
  }
}
