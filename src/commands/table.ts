import type { Command } from './command.ts'

const table: Readonly<Record<string, Command>> = {
  start: {
    summary: 'take in reports until SIGTERM or SIGINT (the default)',
    help: `Usage: bdc start [--check-config]

Takes in reports and delivers them to the sink until SIGTERM or SIGINT.

  --check-config  the same as bdc check

Examples:
  bdc start
  SINK=memory PORT=9000 bdc start

Exit codes: 0 everything admitted was delivered · 1 faulty configuration, or could not start ·
2 at the shutdown deadline some admitted reports were not delivered · 130 second signal
`,
    load: async () => (await import('./start.ts')).start,
  },
  check: {
    summary: 'validate the configuration and print it with secrets masked',
    help: `Usage: bdc check

Validates the configuration and prints what is in force as lines of config.env.

Examples:
  npm run -s bdc -- check > effective.env

Exit codes: 0 valid · 1 faulty
`,
    load: async () => (await import('./check.ts')).check,
  },
  explain: {
    summary: 'show how a body would be understood',
    help: `Usage: bdc explain FILE [--target TARGET] [--header 'NAME: VALUE']... [options]

Shows how an upload would be understood: its format and why, the device and where it is known
from, the time, the events, and each deviation from the standard with its clause. Limits,
IDENTITY_PATHS and PROFILES_FILE are those of the configuration.

  FILE             the body; - for standard input
  --target TARGET  the request target as sent, with its query (default /collector)
  --header LINE    a request header, as often as there are
  --method METHOD  default POST
  --user NAME      the user whose credentials were checked
  --address ADDR   where it came from (default 192.0.2.1)
  --json           one JSON object instead of text

Examples:
  bdc explain body.csv --header 'BBF-Report-Format: "ParameterPerRow"' \\
    --target '/collector?oui=00256D&pc=Z&sn=Y'
  curl -s http://example.test/capture.json | bdc explain - --json

Exit codes: 0 understood · 1 faulty configuration, or no such file · 3 not understood · 64 usage
`,
    load: async () => (await import('./explain.ts')).explain,
  },
  replay: {
    summary: 'send what is in quarantine and now understood to the sink',
    help: `Usage: bdc replay [DIR] [--dry-run] [--json]

Reads the uploads kept in quarantine again, after a fix or with a new profile, and delivers what
is now understood to the sink of the configuration. Delivered uploads are taken out of files of
past hours; files of the current hour, which a collector may be writing, are left as they are, so
another replay sends theirs again, with the same Ids.

  DIR         default QUARANTINE_DIR
  --dry-run   deliver nothing, change nothing, only count
  --json      the summary as one JSON object

Examples:
  bdc replay --dry-run
  bdc replay ./data/quarantine

Exit codes: 0 done, also where some are still not understood · 1 faulty configuration, or no such
directory · 2 stopped by a signal before all was delivered · 64 usage
`,
    load: async () => (await import('./replay.ts')).replay,
  },
}

/** Every command of bdc by its name; the code of one is loaded when it is called. */
export const commands: ReadonlyMap<string, Command> = new Map(Object.entries(table))
