import { type ConfigOf, bytes, oneOf, text } from '../settings.ts'

export const quarantineSettings = {
  ON_MALFORMED: oneOf(['quarantine', 'reject'], {
    default: 'quarantine',
    doc: 'What cannot be understood is kept and answered 200, or answered 400 and not kept',
  }),
  QUARANTINE_DIR: text({
    default: './data/quarantine',
    doc: 'Where bodies that cannot be understood are kept',
  }),
  QUARANTINE_MAX_BYTES: bytes({
    default: '1GiB',
    min: 1,
    doc: 'Size at which nothing more is quarantined; such bodies are then answered 503',
  }),
}

export type QuarantineConfig = ConfigOf<typeof quarantineSettings>
