// Entry point of the set-up, which is in set-up.mjs. This file and check-node.mjs use only syntax that every
// Node with modules can parse, from 12 on, so that old versions get a message instead of a SyntaxError.
import { describeOldNode } from './check-node.mjs'

const complaint = describeOldNode(process.versions.node)
if (complaint) {
  console.error(`✗ ${complaint}`)
  process.exitCode = 1
} else import('./set-up.mjs')
