import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { PAPER_TEMPLATES, USUAL_TEMPLATES } from './cohort-templates.ts'

/** Cohorts to begin with; each replaces the students of the form. */
export function TemplateButtons({ onChoose }: { onChoose: (architectures: readonly string[]) => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div role="group" aria-label="Templates" className="mb-4 flex flex-wrap gap-2">
      {USUAL_TEMPLATES.map(({ title, architectures }) => (
        <Button key={title} size="xs" variant="default" onClick={() => onChoose(architectures)}>
          {title}
        </Button>
      ))}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
            The paper’s pairs
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PAPER_TEMPLATES.map(({ title, architectures }) => (
            <Menu.Item key={title} onClick={() => onChoose(architectures)}>
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
