import { readFileSync } from 'node:fs'

/** The unit of /proc/PID/stat, 100 per second on every Linux that Node runs on. */
const microsecondsPerTick = 10_000

/** CPU time that all threads of a process have used, user and system; undefined off Linux. */
export function cpuMicroseconds(pid: number): number | undefined {
  const stat = readProc(pid, 'stat')
  if (stat === undefined) return undefined
  // After the name in parentheses come state and further fields: utime is the 12th, stime the 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick
}

/** The most memory that a process has had resident so far; undefined off Linux. */
export function peakRssMebibytes(pid: number): number | undefined {
  const kibibytes = /^VmHWM:\s*(\d+) kB/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
