import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import yazl from 'yazl'
import { archiveFolder } from '../../../cli/studyhall/files/archive-folder.ts'
import { openZip } from '../../../workers/datasets/archives/zip-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studyhall-folder-'))
  await mkdir(path.join(folder, 'train/cat'), { recursive: true })
  await writeFile(path.join(folder, 'train/cat/0.png'), 'a cat')
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function namesIn(zip: string): Promise<string[]> {
  const source = await openZip(zip)
  await source.close()
  return source.list.map((file) => file.path)
}

describe('a folder that is archived for an upload', () => {
  it('has what links inside of it lead to, once around', async () => {
    await symlink('0.png', path.join(folder, 'train/cat/1.png'))
    await symlink('cat', path.join(folder, 'train/puss'))
    await symlink('..', path.join(folder, 'train/cat/up'))
    await symlink('/nowhere', path.join(folder, '.hidden'))
    const { file, remove } = await archiveFolder(folder)
    expect(await namesIn(file)).toEqual([
      'train/cat/0.png',
      'train/cat/1.png',
      'train/puss/0.png',
      'train/puss/1.png',
    ])
    await remove()
  })

  it.each([
    ['/etc/hostname', 'to outside of the folder'],
    ['gone.png', 'to nothing'],
  ])('is refused with a link to %s, which would be missing', async (target, told) => {
    await symlink(target, path.join(folder, 'train/cat/1.png'))
    await expect(archiveFolder(folder)).rejects.toThrow(`train/cat/1.png is a symbolic link ${told}`)
  })

  it('with a file that cannot be read is refused, and leaves no zip behind', async () => {
    const temporary = path.join(folder, '.temporary')
    await mkdir(temporary)
    vi.stubEnv('TMPDIR', temporary)
    const addFile = vi.spyOn(yazl.ZipFile.prototype, 'addFile')
    addFile.mockImplementationOnce(function (this: yazl.ZipFile, file, name, options) {
      rmSync(file)
      return this.addFile(file, name, options)
    })
    await expect(archiveFolder(folder)).rejects.toThrow(/cannot be archived: .*0\.png/)
    expect(await readdir(temporary)).toEqual([])
  })
})
