import { duration } from '../settings.ts'

/** Settings of the program as a whole. */
export const processSettings = {
  SHUTDOWN_DEADLINE_MS: duration({
    default: '25s',
    min: 1,
    doc: 'Time from SIGTERM to finish what was admitted; orchestrators kill after 30 s',
  }),
}
