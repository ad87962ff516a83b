/** `npm start`: the product for daily use, until Ctrl-C. */
import { startAll } from './start/processes.ts'

try {
  const product = await startAll()
  if (product.isReused) console.log(`\nStudyhall runs already: ${product.webUrl}`)
  else {
    console.log(`\nStudyhall is ready: ${product.webUrl}    (Ctrl-C stops it)\n`)
    await product.untilInterrupted()
    console.log('\nStopping …')
    await product.stop()
  }
  process.exit(0)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
