import type { Explanation } from '../normalize/explain.ts'

/** An explanation as a person reads it in a terminal. */
export function explanationText(explanation: Explanation): string {
  return [...verdict(explanation), ...details(explanation), ...deviationLines(explanation)]
    .map((line) => line + '\n')
    .join('')
}

function verdict({ fault, events = [] }: Explanation): string[] {
  if (fault === undefined) return [`Understood: ${events.length} report(s)`]
  const where = fault.position === undefined ? '' : ` at ${fault.position}`
  return [`Not understood: ${fault.code}${where}`, `  ${fault.message}`]
}

function details(explanation: Explanation): string[] {
  const { device, deviceFrom, events, format, profile, times = [], why } = explanation
  const from = Object.entries(deviceFrom).map(([field, source]) => `${field} from ${source}`)
  return [
    ...(why === undefined ? [] : [`Format:  ${format ?? 'none'} (${why})`]),
    `Device:  ${device.key} (${from.join(', ')})`,
    `Profile: ${profile ?? 'none'}`,
    ...times.map(({ sent, rule }, index) => `Time ${index + 1}:  ${sent ?? 'none'} (${rule})`),
    ...(events === undefined ? [] : ['Events:', ...events.map((event) => `  ${event}`)]),
  ]
}

function deviationLines({ deviations }: Explanation): string[] {
  if (deviations.length === 0) return ['Deviations from the standard: none']
  return [
    'Deviations from the standard:',
    ...deviations.map(({ code, clause, meaning }) => `  ${code} (${clause}): ${meaning}`),
  ]
}
