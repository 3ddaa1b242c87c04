import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail, LlmspellError } from '../../core/errors.js';
import { Secrets } from '../../core/secrets.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { programName, readPath } from '../parameters.js';
import { findProfile } from './environment/profiles.js';
import { permitted } from './not-permitted.js';
import { runLimits } from './process/limits.js';
import { refuseShellSyntax, withArgumentsHint } from './process/program-name.js';
import { report } from './process/report.js';
import { runProgram } from './process/run-program.js';

/** The longest that a call may ask for: an hour. */
const MOST_TIMEOUT_MS = 3_600_000;

const plain = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const inputSchema = z.object({
  operation: operationParameter(['execute']).default('execute').describe('There is one: execute.'),
  executable: programName('The program: a name in the search path, or a path. No shell reads it.'),
  arguments: z
    .array(plain)
    .max(10_000)
    .default([])
    .describe('What it is called with; each one arrives exactly as given.'),
  working_directory: readPath('A folder.').optional().describe('The folder it runs in; needs read.'),
  environment: z
    .record(z.string().max(256), plain)
    .default({})
    .describe('Its variables. It gets no others, except a clean PATH, HOME and LANG.'),
  environment_profile: z
    .string()
    .optional()
    .describe('A profile of the environment-manager whose variables it gets too.'),
  input: z.string().optional().describe('Its standard input; empty when absent.'),
  input_encoding: z.enum(['utf8', 'base64']).default('utf8').describe('How input is written.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(MOST_TIMEOUT_MS)
    .optional()
    .describe('Milliseconds until it is ended; 30 000 unless configured, and never more than configured.'),
  max_output_size: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Bytes of each output that are kept; 1 048 576 unless configured, and never more than that.'),
  encoding: z
    .enum(['utf8', 'base64'])
    .default('utf8')
    .describe('How the outputs are given: text, or base64 for any bytes.'),
  check: z.boolean().default(false).describe('Take a program that fails or runs too long for a failed call.'),
});
type Input = z.output<typeof inputSchema>;

/** Starts programs that are granted, without a shell, and ends whatever they leave behind. */
export default defineTool({
  name: 'process-executor',
  aliases: ['process-runner', 'command-executor'],
  category: 'system',
  level: 'restricted',
  description: 'Runs a granted program with a list of arguments and returns its exit code and output.',
  capabilities: ['run', 'read'],
  input: inputSchema,
  parameterAliases: {
    command: 'executable',
    program: 'executable',
    args: 'arguments',
    cwd: 'working_directory',
    env: 'environment',
    stdin: 'input',
    timeout: 'timeout_ms',
  },
  operationAliases: { run: 'execute', exec: 'execute', start: 'execute' },
  timeoutMs: MOST_TIMEOUT_MS + 10_000,
  samples: [
    {
      title: 'A program has to be granted',
      input: { executable: 'echo', arguments: ['hello'] },
      error: 'permission.run',
    },
    {
      title: 'No shell reads the name of the program',
      input: { executable: 'ls; cat /etc/passwd' },
      error: 'input.invalid',
    },
    {
      title: 'Older spellings are understood, and refused just the same',
      input: { command: 'rm', args: ['-rf', '{{dir}}'], cwd: '{{dir}}' },
      error: 'permission.run',
    },
  ],
  run: execute,
});

async function execute(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const { executable } = input;
  refuseWhenOff(host);
  refuseShellSyntax(executable);
  const { variables, secrets } = await profileVariables(input.environment_profile, host, context);
  const call = {
    program: executable,
    args: input.arguments,
    options: { cwd: input.working_directory, env: { ...variables, ...input.environment } },
    input: input.input === undefined ? undefined : decodeInput(input.input, input.input_encoding),
  };
  const limits = runLimits(input, host.config.system);
  const end = await hinted(executable, () =>
    permitted(`Starting '${executable}'`, () => runProgram(call, limits, context)),
  );
  return report(end, { ...input, mask: (text) => secrets.mask(text) });
}

function refuseWhenOff({ config }: ToolHost): void {
  if (config.system?.allow_process_execution !== false) return;
  throw fail('permission.run', 'Starting programs is not permitted: it is switched off', {
    hint: 'Remove allow_process_execution = false from [tools.system] in llmspell.toml.',
    details: { setting: 'tools.system.allow_process_execution' },
  });
}

/** The variables of a profile, and those values among them that must not show up in what the program prints. */
async function profileVariables(name: string | undefined, host: ToolHost, context: ExecutionContext) {
  const secrets = new Secrets();
  const variables: Record<string, string> = {};
  if (name === undefined) return { variables, secrets };
  for (const [variable, { value, secret }] of await findProfile(name, host, context)) {
    variables[variable] = value;
    if (!secret) continue;
    secrets.add(value);
    context.secrets.add(value);
  }
  return { variables, secrets };
}

function decodeInput(text: string, encoding: 'utf8' | 'base64'): Uint8Array {
  if (encoding === 'utf8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'base64');
  const same = bytes.toString('base64').replace(/=+$/, '') === text.replace(/\s+|=+$/g, '');
  if (!same) throw fail('input.invalid', 'The input is not base64');
  return bytes;
}

async function hinted<T>(executable: string, work: () => Promise<T>): Promise<T> {
  const hint = withArgumentsHint(executable);
  try {
    return await work();
  } catch (error) {
    if (hint === undefined || !(error instanceof LlmspellError)) throw error;
    throw fail(error.code, error.message, { hint, details: error.details ?? {}, cause: error });
  }
}
