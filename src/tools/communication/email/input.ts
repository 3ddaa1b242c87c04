import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { hostText, readPath } from '../../parameters.js';

/** What can be done. */
export const OPERATIONS = ['send', 'render', 'verify'] as const;
/** Who can carry a mail. */
export const PROVIDERS = ['smtp', 'sendgrid', 'ses'] as const;

const line = z.string().max(2000);
const addresses = z.union([line, z.array(line).max(500)]).optional();

const attachment = z.object({
  path: readPath('A file to attach.').optional(),
  content: z.string().max(40_000_000).optional().describe('The content itself, instead of a file.'),
  encoding: z.enum(['utf8', 'base64']).default('utf8').describe('How content is written.'),
  filename: line.optional().describe('The name shown; the name of the file unless given.'),
  content_type: line.optional().describe('E.g. application/pdf; follows from the name unless given.'),
  cid: line.optional().describe('Shows it inside the HTML as <img src="cid:…">.'),
});

const host = hostText('The mail server.');
const smtp = z.object({
  host,
  port: z.number().int().min(1).max(65_535).optional().describe('587 unless given.'),
  username: z.string().max(1000).optional().describe('The account; nobody logs in without one.'),
  password: z.string().max(10_000).optional().describe('Its password, or the token for xoauth2.'),
  security: z
    .enum(['auto', 'tls', 'starttls', 'none'])
    .default('auto')
    .describe(
      'auto: TLS on port 465, STARTTLS elsewhere, plain on this machine. none sends everything, passwords too, in the clear.',
    ),
  auth_method: z
    .enum(['plain', 'login', 'cram-md5', 'xoauth2'])
    .optional()
    .describe('How to log in; what the server prefers unless given.'),
  ca_file: readPath('A certificate (PEM) to trust, for servers that sign their own.').optional(),
});

/** The parameters of the tool. */
export const inputSchema = z.object({
  operation: operationParameter(OPERATIONS)
    .default('send')
    .describe(
      'send; render: the finished message as text, sending nothing; verify: connect and log in only.',
    ),
  from: line.optional().describe('Sender, e.g. "Ada <ada@example.com>"; the configured one unless given.'),
  to: addresses.describe('Recipients: an address, several divided by commas, or a list.'),
  cc: addresses.describe('Recipients of a copy.'),
  bcc: addresses.describe('Recipients whom the others do not see.'),
  reply_to: addresses.describe('Where answers go.'),
  subject: line.default('').describe('The subject line.'),
  body: z.string().max(5_000_000).default('').describe('The text; HTML with html = true.'),
  html: z
    .union([z.boolean(), z.string().max(5_000_000)])
    .default(false)
    .describe('true: body is HTML. A text: the HTML version beside the plain body.'),
  attachments: z
    .array(z.union([readPath('A file to attach.'), attachment]))
    .max(50)
    .default([])
    .describe('Files: paths, or tables { path | content, filename, content_type, cid }; 25 MB together.'),
  headers: z
    .record(z.string().max(100), line)
    .default({})
    .describe('Further headers, e.g. List-Unsubscribe.'),
  message_id: line.optional().describe('Message-ID; a new one unless given.'),
  in_reply_to: line.optional().describe('Message-ID of the mail that this answers.'),
  priority: z.enum(['high', 'normal', 'low']).optional().describe('How urgent it is.'),
  dry_run: z.boolean().default(false).describe('Check and render everything, but send nothing.'),
  provider: z
    .enum(PROVIDERS)
    .optional()
    .describe('smtp, sendgrid or ses; the first that is configured unless given.'),
  smtp: smtp
    .optional()
    .describe('A mail server for this call. Configured passwords are never sent to it, only its own.'),
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional()
    .describe('ses: the AWS region, us-east-1 unless given or configured.'),
  timeout_ms: z.number().int().min(100).max(300_000).default(60_000).describe('Time limit in milliseconds.'),
});
/** A checked call. */
export type Input = z.output<typeof inputSchema>;
/** An attachment as a call gives it. */
export type GivenAttachment = Input['attachments'][number];
