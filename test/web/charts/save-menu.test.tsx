import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { SaveMenu } from '../../../web/charts/save-menu.tsx'

it('says so, and what to do, where the browser cannot draw a chart as a PNG', async () => {
  const picture = {
    title: 'Training loss',
    lines: [],
    view: { smoothing: 0, logarithmic: false, stepsPerUnit: 1, unit: 'epoch' as const },
    ...{ zoom: null, formatY: String },
  }
  vi.spyOn(Image.prototype, 'decode').mockRejectedValue(new Error('too large'))
  render(
    <MantineProvider env="test">
      <SaveMenu picture={picture} lines={[]} fileName="loss" />
      <Notifications />
    </MantineProvider>,
  )
  fireEvent.click(screen.getByLabelText('Save Training loss'))
  fireEvent.click(await screen.findByText('As PNG'))
  expect(await screen.findByText('The chart was not saved')).toBeTruthy()
  expect(screen.getByText(/Save it as SVG/)).toBeTruthy()
})
