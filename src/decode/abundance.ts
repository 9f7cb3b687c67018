import { TransferError } from '../errors.ts'
import type { DecodeConfig } from './config.ts'

/** A row of ParameterPerRow has five, a JSON value hardly more than two. */
const marksPerParameter = 5

/**
 * Refuses a text that would fall apart into far more pieces than PARAMETERS_LIMIT lets through,
 * before any of them is made: a body of 32 MiB can hold 16 million rows or objects.
 * @param marks what separates the pieces: characters or short texts
 * @throws TransferError BDC_TOO_MANY_PARAMETERS
 */
export function refuseAbundance(
  text: string,
  marks: readonly string[],
  { parametersLimit }: Pick<DecodeConfig, 'parametersLimit'>,
): void {
  const limit = parametersLimit * marksPerParameter
  if (text.length <= limit) return
  let count = 0
  for (const mark of marks)
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
      count += 1
      if (count > limit)
        throw new TransferError(
          'BDC_TOO_MANY_PARAMETERS',
          `more pieces than ${parametersLimit} parameters can have`,
        )
    }
}
