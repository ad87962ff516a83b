import type { ApolloClient } from '@apollo/client'
import { CreateDownloadDocument } from '../../../graphql/generated/operations.ts'

/** A signed link, of the page's own origin, to a model's TensorFlow.js file. @throws an error with a message for users */
export async function signDownload(apollo: ApolloClient, modelId: string): Promise<string> {
  const { data } = await apollo.mutate({
    mutation: CreateDownloadDocument,
    variables: { input: { id: modelId } },
  })
  const { download, errors } = data?.createDownload ?? { download: null, errors: [] }
  if (!download) throw new Error(errors[0]?.message ?? 'The server gave no link to the model.')
  const { pathname, search } = new URL(download.url, location.origin)
  return pathname + search
}
