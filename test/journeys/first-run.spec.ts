import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Download, expect, type Page, type Request } from '@playwright/test'
import sharp from 'sharp'
import yazl from 'yazl'
import { unpack } from '../../scripts/demo/unpack.ts'
import type { Tensor } from '../../workers/engine/tensorflow.ts'
import { ADA } from './ada.ts'
import { collectComplaints, test } from './fixtures.ts'
import { productFromEnvironment } from './product.ts'

const TFJS = fileURLToPath(new URL('../../node_modules/@tensorflow/tfjs/dist/tf.min.js', import.meta.url))
const SAMPLE = fileURLToPath(new URL('../../samples/fashion-mnist-sample.zip', import.meta.url))
const TRAINING_TIMEOUT_MS = 240_000

let page: Page
let complaints: string[]

test.describe('A newcomer, from an account to a model in a page of their own', () => {
  // Each step goes on where the one before it stopped; after one that fails the rest is not tried.
  test.describe.configure({ mode: 'serial' })

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage({ baseURL: productFromEnvironment().origin, colorScheme: 'light' })
    page.setDefaultTimeout(30_000)
    complaints = collectComplaints(page)
  })

  test.afterAll(() => page.close())

  test('signs up and lands in a team', async () => {
    await page.goto('/sign-up')
    await page.getByLabel('Name').fill(ADA.name)
    await page.getByLabel('E-mail').fill(ADA.email)
    await page.getByLabel('Password', { exact: true }).fill(ADA.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Your first run in three steps' }).waitFor()
  })

  test('adds the sample dataset with one click', async () => {
    await page.getByRole('button', { name: 'Add the sample dataset' }).click()
    await page.getByText('Fashion-MNIST sample').first().waitFor()
  })

  test('builds a cohort of two students', async () => {
    await page.getByRole('link', { name: 'Build a cohort' }).click()
    await page.getByLabel('Cohort name').fill('Two small ones')
    for (const number of [1, 2]) {
      await page.getByRole('combobox', { name: `Architecture of student ${number}` }).click()
      await page.getByRole('option', { name: 'resnet-8', exact: true }).click()
    }
    await page.getByLabel('Name of student 1').fill('ada')
    await page.getByLabel('Name of student 2').fill('grace')
    await page.getByRole('button', { name: 'Create cohort' }).click()
    await page.getByRole('heading', { name: 'Two small ones' }).waitFor()
  })

  test('starts a run', async () => {
    await page.getByRole('link', { name: 'Start a run' }).click()
    await page.getByLabel('Epochs').fill('2')
    await page.getByRole('button', { name: 'Start run' }).click()
    await page.waitForURL('**/runs/1')
  })

  test('watches both students live', async () => {
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: 60_000 })
    const step = async () =>
      Number.parseInt((await page.locator('dt:text-is("Step") + dd').textContent()) ?? '', 10)
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(0)
    const seen = await step()
    await expect.poll(step, { timeout: 20_000 }).toBeGreaterThan(seen)
    const chart = page.getByRole('img', { name: /^Training loss/ })
    await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/ada \d.*, grace \d/)
  })

  test('sees the run succeed, with students and ensemble measured', async () => {
    await page.getByText('Succeeded', { exact: true }).first().waitFor({ timeout: TRAINING_TIMEOUT_MS })
    await page.getByRole('tab', { name: 'evaluation' }).click()
    const table = (await page.getByRole('tabpanel').textContent()) ?? ''
    for (const row of ['ada', 'grace', 'ean posterior', 'oncatenated features']) expect(table).toContain(row)
    expect(Number(/([\d.]+)\s*%/.exec(table)?.[1])).toBeGreaterThan(30)
  })

  test('downloads a student and the ensemble, whole', async ({ folder }) => {
    await page.getByRole('tab', { name: 'models' }).click()
    for (const name of ['ada', 'the ensemble']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Download ${name}`, exact: true }).click(),
      ])
      const file = await keep(folder, download)
      const sha256 = createHash('sha256')
        .update(await readFile(file))
        .digest('hex')
      expect(await page.getByRole('tabpanel').innerHTML()).toContain(sha256)
    }
  })

  test('loads the student into a page of their own with plain TensorFlow.js', async ({ browser, folder }) => {
    const model = path.join(folder, 'student')
    await unpack(path.join(folder, 'ada-resnet-8-tfjs.zip'), model)
    const own = await browser.newPage()
    await own.route('http://own.example/**', (route) => {
      const name = new URL(route.request().url()).pathname.slice(1)
      return name === ''
        ? route.fulfill({ contentType: 'text/html', body: '<p>' })
        : route.fulfill({ path: path.join(model, name) })
    })
    await own.goto('http://own.example/')
    await own.addScriptTag({ path: TFJS })
    await unpack(SAMPLE, folder, (name) => name === 'test/trouser/0000.png')
    const pixels = [
      ...(await sharp(path.join(folder, 'test/trouser/0000.png')).toColourspace('b-w').raw().toBuffer()),
    ]
    const answer = await own.evaluate(async (values) => {
      const tf = (globalThis as never as { tf: typeof import('@tensorflow/tfjs') }).tf
      await tf.setBackend('cpu')
      const net = await tf.loadLayersModel('http://own.example/model.json')
      const outputs = net.predict(tf.tensor(values, [1, 28, 28, 1])) as import('@tensorflow/tfjs').Tensor[]
      // Features, logits, posterior.
      return Array.from(outputs[2]!.dataSync())
    }, pixels)
    expect(answer).toHaveLength(10)
    expect(answer.reduce((sum, share) => sum + share)).toBeCloseTo(1, 4)
    // Trousers look like nothing else: even two epochs tell them.
    expect(answer.indexOf(Math.max(...answer))).toBe(9)
    await own.close()
  })

  test('opens the page beside the model from a disk, which names an image without a network', async ({
    browser,
    folder,
  }) => {
    const context = await browser.newContext({ offline: true })
    const own = await context.newPage()
    await own.goto(pathToFileURL(path.join(folder, 'student', 'index.html')).href)
    await expect(own.getByRole('status')).toHaveText('Ready.', { timeout: 30_000 })
    await own.getByLabel('Image').setInputFiles(path.join(folder, 'test/trouser/0000.png'))
    await expect(own.getByRole('status')).toHaveText('trouser', { timeout: 30_000 })
    expect(await own.getByRole('listitem').count()).toBe(5)
    await context.close()
  })

  test('asks the students about an image in the browser, and nothing is sent', async ({ folder }) => {
    await page.getByRole('tab', { name: 'models' }).click()
    await page.getByRole('link', { name: 'Try it in the browser' }).click()
    await page.getByText('2 models ready').waitFor()
    // The dataset's images, which are offered beside one's own, have been asked for by then.
    await page
      .getByRole('button', { name: /^Test \d+/ })
      .first()
      .waitFor()
    const sent: string[] = []
    const listen = (request: Request) => sent.push(request.url())
    page.on('request', listen)
    await page.getByLabel('Image to try').setInputFiles(path.join(folder, 'test/trouser/0000.png'))
    await page.getByText('Both students say trouser.').waitFor()
    for (const who of ['ada', 'grace', 'Ensemble']) {
      const bars = page.getByRole('region', { name: `What ${who} says` }).getByRole('listitem')
      expect(await bars.count()).toBe(5)
      expect(await bars.first().textContent()).toContain('trouser')
    }
    const shown = await page
      .getByRole('region', { name: 'What ada says' })
      .getByRole('listitem')
      .first()
      .textContent()
    const engineSays = await askEngine(
      path.join(folder, 'student'),
      path.join(folder, 'test/trouser/0000.png'),
    )
    expect(Math.abs(Number.parseFloat(shown!.replace('trouser', '')) - 100 * engineSays)).toBeLessThan(0.1)
    const row = page.getByRole('row', { name: /^ada/ })
    await expect.poll(() => row.textContent(), { timeout: 20_000 }).toMatch(/\d ms/)
    page.off('request', listen)
    // The image itself is read by an address within the page.
    expect(sent.filter((url) => !url.startsWith('blob:') && !url.includes('/pictures/'))).toEqual([])
  })

  test('uploads images of their own and sees what became of each', async () => {
    await page.getByRole('link', { name: 'Datasets' }).first().click()
    await page.getByLabel('Zip of labelled images').setInputFiles({
      name: 'shapes.zip',
      mimeType: 'application/zip',
      buffer: await zipOfShapes(),
    })
    await page.getByLabel('Dataset name').fill('Shapes')
    await page.getByRole('button', { name: 'Import dataset' }).click()
    await page.getByText('Ready', { exact: true }).first().waitFor()
    await page.getByText('broken.png').first().waitFor()
  })

  test('never met an error on a page', () => {
    expect(complaints).toEqual([])
  })
})

async function keep(folder: string, download: Download): Promise<string> {
  const file = path.join(folder, download.suggestedFilename())
  await download.saveAs(file)
  return file
}

/** The share that TensorFlow itself gives to trousers. */
async function askEngine(model: string, picture: string): Promise<number> {
  // Not at the top: Playwright loads the file in every process that wants the names of its tests.
  const { tf } = await import('../../workers/engine/tensorflow.ts')
  const pixels = Float32Array.from(await sharp(picture).toColourspace('b-w').raw().toBuffer())
  const network = await tf.loadLayersModel(`file://${path.join(model, 'model.json')}`)
  const outputs = network.predict(tf.tensor(pixels, [1, 28, 28, 1])) as Tensor[]
  return (await outputs[2]!.data())[9]!
}

/** Two classes of plain squares, and one file that is not an image whatever its name says. */
async function zipOfShapes(): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  const picture = (grey: number) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background: { r: grey, g: grey, b: grey } } })
      .png()
      .toBuffer()
  for (const [name, grey] of [
    ['dark', 20],
    ['light', 220],
  ] as const)
    for (const split of ['train', 'test'])
      for (let i = 0; i < 4; i++) zip.addBuffer(await picture(grey + i), `${split}/${name}/${i}.png`)
  zip.addBuffer(Buffer.from('not an image'), 'train/dark/broken.png')
  zip.end()
  return buffer(zip.outputStream)
}
