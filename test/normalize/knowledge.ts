import { readConfig } from '../../src/config/config.ts'
import { type Knowledge, knowledgeOf } from '../../src/normalize/normalize.ts'

/** What a collector knows that nobody has configured. */
export const knowledge: Knowledge = knowledgeOf(readConfig({}).decode, readConfig({}).normalize)
