/** Raised whenever a run of the same cohort, data, recipe and seed may give other numbers than before. */
export const ENGINE_VERSION = '2'
