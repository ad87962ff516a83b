/** Those of a run's page that look different while it trains, or after it has failed. */
export const CHANGING_RUN_TABS = ['', '?tab=charts', '?tab=history', '?tab=log']

/** A run's page by its addresses, each a tab. */
export const RUN_TABS = [
  '',
  '?tab=charts',
  '?tab=evaluation',
  '?tab=models',
  '?tab=history',
  '?tab=system',
  '?tab=log',
  '?tab=config',
]
