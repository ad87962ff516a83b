/**
 * Incremented whenever runs with the same cohort, data, recipe and seed may give different numbers than
 * before.
 */
export const ENGINE_VERSION = '4'
