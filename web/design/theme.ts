import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Modal,
  Table,
  Tooltip,
} from '@mantine/core'

const ink: MantineColorsTuple = [
  '#eff0ff',
  '#dfe1fd',
  '#bdc1f8',
  '#9aa0f3',
  '#8187f0',
  '#6067e0',
  '#4f55d3',
  '#4146ba',
  '#363b9c',
  '#292d78',
]

const gray: MantineColorsTuple = [
  '#fafafa',
  '#f4f4f5',
  '#e9e9ec',
  '#dedee2',
  '#cfcfd6',
  '#a8a8b2',
  '#75757f',
  '#5a5a64',
  '#3a3a42',
  '#1b1b1f',
]

const dark: MantineColorsTuple = [
  '#ececef',
  '#cdcdd3',
  '#a3a3ad',
  '#8a8a95',
  '#2f2f36',
  '#26262c',
  '#1a1a1e',
  '#101013',
  '#0b0b0d',
  '#060607',
]

const red: MantineColorsTuple = [
  '#fff0f0',
  '#ffe0e0',
  '#ffc4c4',
  '#ffa3a3',
  '#ff8787',
  '#e5484d',
  '#c92a2a',
  '#b02525',
  '#931f1f',
  '#741818',
]

/** Neutral greys and one accent colour. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 6, dark: 6 },
  colors: { ink, gray, dark, red },
  defaultRadius: 'md',
  fontFamily: "'Geist Variable', ui-sans-serif, system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', Menlo, monospace",
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 500 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } }),
    Modal: Modal.extend({ styles: { title: { fontWeight: 600 } } }),
    // Mantine's is a <header>, a second banner beside the page's.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
    Table: Table.extend({
      defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 20, highlightOnHover: true },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true } }),
  },
})

/** Mantine's default dimmed and placeholder greys have less than 4.5:1 contrast on white. */
export const resolveColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1b1f',
    '--mantine-color-dimmed': '#5f5f69',
    '--mantine-color-placeholder': '#6d6d77',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-yellow-light-color': '#8a5200',
    '--mantine-color-default-border': '#dedee2',
    '--mantine-color-anchor': '#4146ba',
  },
  dark: {
    '--mantine-color-text': '#ececef',
    '--mantine-color-dimmed': '#a3a3ad',
    '--mantine-color-placeholder': '#8f8f9a',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-default-border': '#2f2f36',
    '--mantine-color-anchor': '#a9aef6',
  },
})
