import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { hostText, readPath } from '../../parameters.js';

/** The kinds of checks. */
export const CHECK_TYPES = ['tcp', 'http', 'https', 'dns', 'tls', 'systemd'] as const;
/** A kind of check. */
export type CheckType = (typeof CHECK_TYPES)[number];

/** The kinds of DNS records that can be asked for. */
export const RECORD_TYPES = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] as const;
/** The longest that one check may take. */
export const MOST_SECONDS = 30;
/** The most checks in one call. */
const MOST_TARGETS = 100;

const checkType = z.enum(CHECK_TYPES, {
  error: ({ input }) => `Invalid check_type '${String(input)}'. Allowed values: ${CHECK_TYPES.join(', ')}`,
});
const target = (about: string) =>
  hostText(about)
    .max(2048)
    .refine((text) => text.trim() !== '', { error: 'The target cannot be empty' });
const port = z.number().int().min(1, 'Invalid port number').max(65_535, 'Invalid port number');

/** What one check can be told. */
const checkShape = {
  target: target('What.')
    .optional()
    .describe('host:port (tcp, tls), a URL or host (http, https), a name (dns) or a unit (systemd).'),
  host: target('A host.').optional().describe('The host, instead of target.'),
  port: port.optional().describe('The port, where target has none.'),
  check_type: checkType
    .optional()
    .describe('tcp, http, https, dns, tls or systemd; told from the target when absent.'),
  timeout_seconds: z
    .number()
    .positive()
    .max(MOST_SECONDS, `timeout_seconds exceeds maximum of ${MOST_SECONDS} seconds`)
    .optional()
    .describe('Seconds until the service counts as unavailable; 5 when absent, at most 30.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(MOST_SECONDS * 1000, `timeout_ms exceeds maximum of ${MOST_SECONDS * 1000} milliseconds`)
    .optional()
    .describe('The same in milliseconds; counts before timeout_seconds.'),
  method: z.enum(['HEAD', 'GET']).optional().describe('http, https: HEAD unless a text is expected.'),
  follow_redirects: z
    .boolean()
    .optional()
    .describe('http, https: follow redirects; otherwise a redirect is an answer like any other.'),
  expected_status: z
    .union([z.number().int(), z.string(), z.array(z.number().int())])
    .optional()
    .describe(
      'http, https: statuses that count as available: 200, "2xx,301", "200-299", [200, 204]; 2xx and 3xx when absent.',
    ),
  expected_text: z
    .string()
    .max(10_000)
    .optional()
    .describe('http, https: text that the body must hold; dns: text that a record must hold.'),
  record_type: z
    .enum(RECORD_TYPES)
    .optional()
    .describe('dns: records to ask a name server for; otherwise the system finds the addresses.'),
  server: target('A name server.')
    .optional()
    .describe('dns: the name server to ask, with its port if not 53; the ones of the system when absent.'),
  warn_days: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe('tls: days before the end of the certificate from which there is a warning; 30 when absent.'),
  servername: z.string().max(253).optional().describe('tls: the name to ask for; the host when absent.'),
  ca_file: readPath('A certificate.')
    .optional()
    .describe('tls: the authority to trust instead of the usual ones, PEM.'),
  allow_untrusted: z.boolean().optional().describe('tls: take certificates that nobody vouches for.'),
};
const oneCheck = z.object(checkShape);

/** The parameters of the service-checker. */
export const inputSchema = z.object({
  operation: operationParameter(['check', 'check_port', 'batch'])
    .default('check')
    .describe('check: one service; check_port: one TCP port; batch: all targets.'),
  ...checkShape,
  targets: z
    .array(z.union([target('A target.'), oneCheck]))
    .min(1)
    .max(MOST_TARGETS)
    .optional()
    .describe(
      'batch: what to check, each a target or a table of these parameters; what they lack is taken from the call.',
    ),
});

/** What a call asks for. */
export type Input = z.output<typeof inputSchema>;
/** What one check asks for. */
export type CheckInput = z.output<typeof oneCheck>;
