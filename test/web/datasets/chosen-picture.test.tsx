import { act, renderHook, waitFor } from '@testing-library/react'
import { SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime'
import { expect, it } from 'vitest'
import type { DatasetImages } from '../../../web/features/try/picture/fetch-dataset-picture.ts'
import { usePicture } from '../../../web/features/try/picture/use-picture.ts'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

it('asks for an image again that could not be loaded, where it is clicked again', async () => {
  const images = { version: { id: 'dsv_1', classes: [] }, split: 'test' } as unknown as DatasetImages
  const { client, asked } = createAnsweringClient(() => new Error('The network is down.'))
  const address = new URLSearchParams('image=5')
  const { result } = renderHook(() => usePicture(images), {
    wrapper: ({ children }) => (
      <SearchParamsContext value={address}>
        <Surroundings client={client}>{children}</Surroundings>
      </SearchParamsContext>
    ),
  })
  await waitFor(() => expect(result.current.problem).toContain('The network is down.'))
  expect(asked).toEqual(['TryPictures'])
  act(() => result.current.choose(5))
  await waitFor(() => expect(asked).toEqual(['TryPictures', 'TryPictures']))
})
