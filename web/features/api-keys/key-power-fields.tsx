import { Checkbox, type CheckboxGroupProps } from '@mantine/core'
import { type KeyScope, SCOPE_WORDS } from '../../../contract/key-scopes.ts'

/** How long a key may live, in days. */
export const KEY_LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: 'never', label: 'Does not expire' },
]

interface ScopesFieldProps extends Omit<CheckboxGroupProps, 'children' | 'label'> {
  offered: readonly KeyScope[]
}

/** What a key may do. Every key may read. */
export function ScopesField({ offered, ...group }: ScopesFieldProps) {
  return (
    <Checkbox.Group label="What it may do" {...group}>
      <div className="mt-2 flex flex-col gap-2">
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            value={scope}
            label={SCOPE_WORDS[scope].title}
            description={SCOPE_WORDS[scope].note}
            disabled={scope === 'READ'}
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}
