import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { folderNamed, picturesNamed, written } from '../layouts.ts'
import { Packing } from '../packing.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

const understood = async (layout: string[], more: Record<string, Buffer | string> = {}) =>
  written(packing, { ...(await picturesNamed(layout)), ...more })

/** Training images of cat and dog, then test images of both. */
const CATS_AND_DOGS = { classes: ['cat', 'dog'], train: [4, 4], test: [2, 2] }

describe('litter is passed over', () => {
  it('hidden folders, thumbnails, folder icons and stray images beside the data', async () => {
    const layout = [
      ...['cat', 'dog'].flatMap((name) => [
        ...folderNamed(`set/train/${name}`, 4),
        ...folderNamed(`set/test/${name}`, 2),
      ]),
      ...['set/train/.ipynb_checkpoints/0.png', 'set/train/cat/.cache/0.png', 'preview.png'],
      ...['set/train/cat/@eaDir/0.png/SYNO.jpg', '__MACOSX/set/train/cat/._0.png'],
    ]
    const { leftOut, ...found } = await understood(layout, {
      'set/train/cat/Icon\r': '',
      'set/Thumbs.db': 'x',
    })
    expect(found).toMatchObject({ ...CATS_AND_DOGS, doubts: [] })
    expect(leftOut.map(({ path }) => path).sort()).toEqual([
      'preview.png',
      'set/train/.ipynb_checkpoints/0.png',
      'set/train/cat/.cache/0.png',
    ])
  })

  it('a name that cannot be used is left out, alone', async () => {
    const layout = ['cat', 'dog'].flatMap((name) => folderNamed(name, 5))
    const { leftOut, train } = await understood([...layout, 'cat/\u200e9.png', `dog/${'x'.repeat(1100)}.png`])
    expect(train).toEqual([4, 4])
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^its name holds control characters/),
      expect.stringMatching(/^its name is 1108 characters long/),
    ])
    expect(leftOut[0]!.path).toBe('cat/\\u200e9.png')
  })

  it('links of a folder are followed where they stay inside, and left out by name where they do not', async () => {
    const root = path.join(packing.folder, 'linked')
    for (const [name, bytes] of Object.entries(await picturesNamed(folderNamed('store', 12)))) {
      await mkdir(path.join(root, path.dirname(name)), { recursive: true })
      await writeFile(path.join(root, name), bytes)
    }
    for (const [i, name] of ['train/cat', 'train/dog', 'test/cat', 'test/dog'].entries()) {
      await mkdir(path.join(root, name), { recursive: true })
      for (const j of [0, 1, 2])
        await symlink(path.join(root, `store/${i * 3 + j}.png`), path.join(root, name, `${j}.png`))
    }
    await symlink('/etc/hostname', path.join(root, 'train/cat/outside.png'))
    await symlink('/etc', path.join(root, 'train/fox'))
    await symlink(root, path.join(root, 'train/dog/around'))
    const { manifest, report } = await packDataset(root, packing.storage)
    expect(manifest.splits).toMatchObject({ train: { classCounts: [3, 3] }, test: { classCounts: [3, 3] } })
    // A class that lies elsewhere is not lost in silence.
    expect(report.doubts).toContainEqual(
      expect.objectContaining({ kind: 'EMPTY_CLASS', message: expect.stringContaining('“fox”') }),
    )
    expect(report.leftOut).toContainEqual({
      path: 'train/cat/outside.png',
      reason: 'it is a symbolic link to outside of the folder; put the file itself in its place',
    })
  })
})
