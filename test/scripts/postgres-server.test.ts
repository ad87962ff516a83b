import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedDatabaseUrl, readPostgresState } from '../../scripts/setup/postgres/database-url.mjs'
import { placePostgres } from '../../scripts/setup/postgres/place-postgres.mjs'
import {
  findRunningPostgres,
  startPostgres,
  stopPostgres,
  stopPostgresIfUnused,
} from '../../scripts/setup/postgres/postgres-server.mjs'

let parent: string
/** Is not there before the first start. */
let folder: string

beforeAll(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'studyhall postgres '))
  // As root the server runs as somebody else, who must be able to come by.
  chmodSync(parent, 0o755)
  folder = path.join(parent, 'home')
})
afterAll(async () => {
  await stopPostgres({ folder })
  rmSync(parent, { recursive: true })
})

async function query(sql: string, url = embeddedDatabaseUrl({ folder })): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the embedded PostgreSQL', () => {
  it('is made at the first start, in a path with a space, and found running at the second', async () => {
    const place = placePostgres(folder)
    expect(await startPostgres({ folder })).toBe(true)
    // Where it lies does not change by its folder's coming to be.
    expect(placePostgres(folder)).toEqual(place)
    const first = findRunningPostgres({ folder })
    expect(await startPostgres({ folder })).toBe(false)
    expect(findRunningPostgres({ folder })).toEqual(first)
    expect(await query('select current_database() as name')).toEqual([{ name: 'studyhall' }])
  })

  it('asks for its password, which only the owner may read', async () => {
    const url = new URL(embeddedDatabaseUrl({ folder }))
    url.password = 'guess'
    await expect(query('select 1', url.toString())).rejects.toThrow(/password authentication failed/)
    expect(statSync(path.join(folder, 'postgres.json')).mode & 0o777).toBe(0o600)
  })

  it('listens on the loopback address alone and writes through to the disk', async () => {
    expect(await query('show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    expect(await query('show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }])
    expect(await query('show fsync')).toEqual([{ fsync: 'on' }])
  })

  it('keeps what was written over a stop, and starts in spite of a pid file that names a stranger', async () => {
    await query('create table kept as select 42 as value')
    const { port } = readPostgresState(folder)!
    expect(await stopPostgres({ folder })).toBe(true)
    expect(findRunningPostgres({ folder })).toBeUndefined()
    writeFileSync(
      path.join(folder, 'postgres/postmaster.pid'),
      `${process.ppid}\n${folder}\n1\n${port}\n\n127.0.0.1\n`,
    )
    expect(await startPostgres({ folder })).toBe(true)
    expect(readPostgresState(folder)!.port).toBe(port)
    expect(await query('select value from kept')).toEqual([{ value: 42 }])
  })

  it('comes back after its process was killed', async () => {
    process.kill(findRunningPostgres({ folder })!.pid, 'SIGKILL')
    await expect.poll(() => findRunningPostgres({ folder })).toBeUndefined()
    expect(await startPostgres({ folder })).toBe(true)
    expect(await query('select value from kept')).toEqual([{ value: 42 }])
  })

  it('takes another port when a stranger sits on its own', async () => {
    const { port } = readPostgresState(folder)!
    await stopPostgres({ folder })
    const stranger = createServer().listen(port, '127.0.0.1')
    try {
      await startPostgres({ folder })
      expect(readPostgresState(folder)!.port).not.toBe(port)
      expect(await query('select value from kept')).toEqual([{ value: 42 }])
    } finally {
      stranger.close()
    }
  })

  it('is stopped when the last user leaves, also one who takes a moment to go', async () => {
    const client = new pg.Client({ connectionString: embeddedDatabaseUrl({ folder }) })
    await client.connect()
    const stopping = stopPostgresIfUnused({ folder })
    setTimeout(() => void client.end(), 500)
    expect(await stopping).toBe(true)
    expect(findRunningPostgres({ folder })).toBeUndefined()
  })

  it('is left running while somebody else uses it', async () => {
    await startPostgres({ folder })
    const client = new pg.Client({ connectionString: embeddedDatabaseUrl({ folder }) })
    await client.connect()
    try {
      expect(await stopPostgresIfUnused({ folder })).toBe(false)
      expect((await client.query('select 42 as value')).rows).toEqual([{ value: 42 }])
    } finally {
      await client.end()
    }
  })
})
