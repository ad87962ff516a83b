import { generateGraphql, listGraphqlInputs } from '../setup/build/generate-graphql.mjs'
import { hashInputs } from '../setup/stamps.mjs'

const LOOK_EVERY_MS = 1000

/** Generates the code of schema and documents anew after every change of them, until the returned function is called. */
export function watchSchema(onGenerated: () => void, onError: (message: string) => void): () => void {
  const hash = () => hashInputs({ files: listGraphqlInputs() })
  let generatedFrom = hash()
  let isGenerating = false
  const look = async () => {
    const now = hash()
    if (isGenerating || now === generatedFrom) return
    isGenerating = true
    generatedFrom = now
    await generateGraphql().then(onGenerated, (error: Error) => onError(error.message))
    isGenerating = false
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  return () => clearInterval(timer)
}
