import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { testServerProgram } from '../../scripts/setup/install/install-test-servers.mjs'
import { findFreePorts } from '../free-ports.ts'

const START_TIMEOUT_MS = 45_000
const POLL_MS = 100
const REGION = 'us-east-1'
const CREDENTIALS = { accessKeyId: 'studyhall', secretAccessKey: 'of-this-test-alone' }

/** What the environment of a process says so that it keeps its blobs in the server's bucket. */
export interface S3Server {
  endpoint: string
  bucket: string
  region: string
  environment: Record<string, string>
  client: S3Client
  stop(): Promise<void>
}

/** A SeaweedFS with a bucket of its own. The AWS SDK of this process finds the credentials in the environment, as usual. */
export async function startS3Server(): Promise<S3Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 's3-server-'))
  await writeFile(path.join(folder, 's3.json'), JSON.stringify(identities()))
  const { child, port } = await spawnServer(folder)
  const endpoint = `http://127.0.0.1:${port}`
  const bucket = 'studyhall-test'
  const environment = {
    STUDYHALL_S3_BUCKET: bucket,
    STUDYHALL_S3_ENDPOINT: endpoint,
    STUDYHALL_S3_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  }
  Object.assign(process.env, environment)
  const client = new S3Client({ endpoint, region: REGION, forcePathStyle: true })
  const stop = async () => {
    client.destroy()
    const exited = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGKILL')) await exited
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await waitForServer(endpoint, child, path.join(folder, 'log'))
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    await stop()
    throw error
  }
  return { endpoint, bucket, region: REGION, environment, client, stop }
}

function identities() {
  const credentials = [{ accessKey: CREDENTIALS.accessKeyId, secretKey: CREDENTIALS.secretAccessKey }]
  return { identities: [{ name: 'studyhall', credentials, actions: ['Admin', 'Read', 'Write', 'List'] }] }
}

async function spawnServer(folder: string): Promise<{ child: ChildProcess; port: number }> {
  const names = ['master', 'volume', 'filer', 's3'].flatMap((part) => [`${part}.port`, `${part}.port.grpc`])
  const ports = await findFreePorts(names.length)
  const args = [
    ...[`-logdir=${folder}`, 'server', '-ip=127.0.0.1', '-ip.bind=127.0.0.1', `-dir=${folder}`],
    ...names.map((name, index) => `-${name}=${ports[index]}`),
    ...['-s3', `-s3.config=${path.join(folder, 's3.json')}`, '-s3.iam=false'],
    ...['-s3.port.iceberg=0', '-s3.port.lance=0', '-master.telemetry=false', '-volume.max=8'],
    ...['-master.volumeSizeLimitMB=256', '-volume.minFreeSpace=1MiB'],
  ]
  const child = spawn(testServerProgram('weed'), args, { cwd: folder, stdio: 'ignore' })
  return { child, port: ports[names.indexOf('s3.port')]! }
}

async function waitForServer(endpoint: string, child: ChildProcess, log: string): Promise<void> {
  const lateMs = performance.now() + START_TIMEOUT_MS
  while (performance.now() < lateMs && child.exitCode === null) {
    const answer = await fetch(`${endpoint}/healthz`).catch(() => null)
    if (answer?.ok) return
    await sleep(POLL_MS)
  }
  throw new Error(`the S3 server did not start: ${await readFile(log, 'utf8').catch(() => 'it left no log')}`)
}
