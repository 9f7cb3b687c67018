import { type ConfigOf, list, text } from '../settings.ts'

export const normalizeSettings = {
  IDENTITY_PATHS: list(/^\/[^?&#\s]*:(?:oui|pc|sn|eid)\b[^?&#\s]*$/, {
    allowed: 'path templates with :oui, :pc, :sn or :eid, such as /collector/:oui/:pc/:sn',
    doc: 'Paths that tell the device; other :names become attributes',
  }),
  PROFILES_FILE: text({
    doc: 'JSON file that names profiles by path or query key, with their CSV separators',
  }),
}

export type NormalizeConfig = ConfigOf<typeof normalizeSettings>
