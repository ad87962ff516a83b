import { Drawer, MantineProvider, Modal } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { theme } from '../../../web/design/theme.ts'

it.each([
  ['dialog', Modal],
  ['drawer', Drawer],
])('the title of a %s is no second banner beside the page’s', (_, Dialog) => {
  render(
    <MantineProvider env="test" theme={theme}>
      <Dialog opened title="Training loss" onClose={() => {}}>
        curves
      </Dialog>
    </MantineProvider>,
  )
  expect(screen.getByText('Training loss').closest('[role=dialog]')).not.toBeNull()
  expect(document.querySelector('header')).toBeNull()
})
