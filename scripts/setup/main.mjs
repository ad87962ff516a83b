// Where the set-up begins; what it does stands in set-up.mjs. This file and check-node.mjs keep to a syntax that every
// Node with modules reads, 12 as well: an old one is told in words, and not by a SyntaxError.
import { describeOldNode } from './check-node.mjs'

const complaint = describeOldNode(process.versions.node)
if (complaint) {
  console.error(`✗ ${complaint}`)
  process.exitCode = 1
} else import('./set-up.mjs')
