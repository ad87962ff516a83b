import { expect, it } from 'vitest'
import { writeDemoPage } from '../../../../workers/engine/exports/demo-page.ts'
import type { ModelMetadata } from '../../../../workers/engine/exports/model-metadata.ts'

const HOSTILE = '</script><script>alert(1)</script><!--'
const metadata = {
  ...{ kind: 'student', task: 'CLASSIFICATION', classes: [HOSTILE, 'cat'], students: [{ name: HOSTILE }] },
  ...{ input: { height: 8, width: 8, channels: 3 }, pictures: { height: 8, width: 8 } },
  preparation: { fit: 'STRETCH', background: null },
} as unknown as ModelMetadata

function page(byteLength: number): string | null {
  const artifacts = { modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(byteLength) }
  return writeDemoPage(artifacts, metadata, [4])
}

it('keeps names out of the page’s own markup, and as they are in its data', () => {
  const written = page(4) ?? ''
  expect(written).not.toContain('alert(1)</script>')
  const [, data = ''] = /<script type="application\/json" id="model">(.*?)<\/script>/s.exec(written) ?? []
  expect(JSON.parse(data).classes).toEqual([HOSTILE, 'cat'])
})

it('is not written around weights that no browser takes as text, nor Node in one text', () => {
  expect(page(128 * 1024 * 1024 + 4)).toBeNull()
})
