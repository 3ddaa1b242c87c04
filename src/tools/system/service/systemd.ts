import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { decodeOutput } from '../process/output.js';
import { runProgram } from '../process/run-program.js';
import type { Finding } from './finding.js';

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Description',
  'MainPID',
  'Result',
  'ActiveEnterTimestamp',
];
const MOST_OUTPUT_BYTES = 100_000;

/** The name of a unit; a plain name means a service. @throws `input.invalid` */
export function unitName(text: string): string {
  if (!/^[A-Za-z0-9:_@\\][A-Za-z0-9:_.@\\-]{0,254}$/.test(text))
    throw fail('input.invalid', `'${text.slice(0, 100)}' is not the name of a unit`);
  return /\.[a-z]+$/.test(text) ? text : `${text}.service`;
}

/** What systemd says about a unit. Starts `systemctl`, which has to be granted. */
export async function checkSystemd(
  unit: string,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Finding> {
  const args = ['show', '--no-pager', `--property=${PROPERTIES.join(',')}`, '--', unit];
  const call = { program: 'systemctl', args, options: {}, input: undefined };
  try {
    const end = await runProgram(call, { timeoutMs, outputBytes: MOST_OUTPUT_BYTES }, context);
    if (end.timedOut)
      throw fail('component.timeout', `systemctl did not answer in ${timeoutMs} ms (timeout)`);
    if (end.code !== 0) return absent(unit, decodeOutput(end.stderr).trim());
    return describe(unit, decodeOutput(end.stdout));
  } catch (error) {
    const missing =
      error instanceof LlmspellError && error.code === 'tool.failed' && error.message.includes('not found');
    if (missing) return absent(unit, "there is no program 'systemctl'");
    throw error;
  }
}

function describe(unit: string, text: string): Finding {
  const lines = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line) ?? []);
  const values = new Map(lines.map(([, key = '', value = '']) => [key, value]));
  const value = (key: string) => values.get(key) ?? '';
  const active = value('ActiveState');
  const loaded = value('LoadState');
  const available = active === 'active' || active === 'reloading';
  const why = loaded === 'loaded' ? `${unit} is ${active} (${value('SubState')})` : `${unit} is ${loaded}`;
  return {
    available,
    status: loaded === 'loaded' ? active : loaded,
    error: available ? undefined : why,
    metadata: {
      unit,
      load_state: loaded,
      active_state: active,
      sub_state: value('SubState'),
      description: value('Description'),
      main_pid: Number(value('MainPID')) || null,
      result: value('Result'),
      active_since: value('ActiveEnterTimestamp') || null,
    },
  };
}

function absent(unit: string, why: string): Finding {
  return {
    available: false,
    status: 'systemd is not available',
    error: `systemd is not available on this machine: ${why}`,
    metadata: { unit },
  };
}
