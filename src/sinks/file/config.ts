import { type ConfigOf, bytes, text } from '../../settings.ts'

export const fileSettings = {
  FILE_DIR: text({
    default: './data/reports',
    doc: 'Where the file sink writes YYYY/MM/DD/HH/*.ndjson (UTC)',
  }),
  FILE_ROTATE_BYTES: bytes({
    default: '256MiB',
    min: 1,
    doc: 'Size at which the file sink begins a new file; each hour begins one, too',
  }),
}

export type FileConfig = ConfigOf<typeof fileSettings>
