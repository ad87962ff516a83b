import {
  IconBox,
  IconCpu,
  IconDatabase,
  IconFlask,
  IconHome,
  IconPlayerPlay,
  type IconProps,
  IconSettings,
  IconUserCircle,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'

export interface TeamPage {
  /** Under the team's address; empty for its home. */
  path: string
  label: string
  /** Pressed after G. */
  key: string
  icon: ComponentType<IconProps>
}

/** The pages of a team, as the sidebar, the palette and the keyboard know them. */
export const teamPages: TeamPage[] = [
  { path: '', label: 'Home', key: 'h', icon: IconHome },
  { path: '/datasets', label: 'Datasets', key: 'd', icon: IconDatabase },
  { path: '/cohorts', label: 'Cohorts', key: 'c', icon: IconUsers },
  { path: '/runs', label: 'Runs', key: 'r', icon: IconPlayerPlay },
  { path: '/experiments', label: 'Experiments', key: 'e', icon: IconFlask },
  { path: '/models', label: 'Models', key: 'm', icon: IconBox },
  { path: '/workers', label: 'Workers', key: 'w', icon: IconCpu },
  { path: '/members', label: 'Members', key: 'p', icon: IconUserCircle },
  { path: '/settings', label: 'Settings', key: 's', icon: IconSettings },
]
