import path from 'node:path'
import type { FullConfig } from '@playwright/test'
import { holdDatabase } from '../../scripts/start/hold-database.ts'
import { announceProduct, startProduct } from './product.ts'

/** Playwright's global set-up: one product for all journeys. What it returns ends the product after them. */
export default async function setUp({ projects }: FullConfig): Promise<() => Promise<void>> {
  const [first] = projects
  if (!first) throw new Error('playwright.config.ts names no project.')
  const database = holdDatabase()
  await database.ready
  try {
    const product = await startProduct(path.join(first.outputDir, 'product.log'))
    announceProduct(product)
    return async () => {
      await product.stop()
      await database.release()
    }
  } catch (error) {
    await database.release()
    throw error
  }
}
