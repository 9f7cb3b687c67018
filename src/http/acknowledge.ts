import { OverloadError } from '../errors.ts'
import type { Admission } from '../queue/admission.ts'

/**
 * Waits until an admitted transfer is safe. Its reports stay admitted when the wait is over:
 * they are still delivered, and a repeat by the agent has the same Ids.
 * @throws OverloadError BDC_ACK_DEADLINE
 */
export function untilSafe(admission: Admission, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new OverloadError('BDC_ACK_DEADLINE', `not acknowledged by the sink in ${deadlineMs} ms`),
      )
    }, deadlineMs)
    void admission.safe.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
