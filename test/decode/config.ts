import { readConfig } from '../../src/config/config.ts'

/** The decoder's limits as they are by default. */
export const decodeConfig = readConfig({}).decode
