/** A run's page by its addresses, each a tab. */
export const RUN_TABS = [
  '',
  '?tab=charts',
  '?tab=evaluation',
  '?tab=models',
  '?tab=history',
  '?tab=log',
  '?tab=config',
]
