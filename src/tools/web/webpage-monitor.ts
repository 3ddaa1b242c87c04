import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { check } from './monitor/check.js';
import { type MonitorInput, monitorInput } from './monitor/input.js';
import { history, reset } from './monitor/records.js';
import { Snapshots } from './monitor/snapshots.js';
import { webUrl } from './page/web-url.js';

/** Watches pages for changes. */
export default defineTool({
  name: 'webpage-monitor',
  aliases: ['web-monitor', 'page-monitor'],
  category: 'web',
  level: 'restricted',
  description:
    'Says what changed on a web page since the last visit, as lines that were added, removed or modified.',
  capabilities: ['net'],
  input: monitorInput,
  parameterAliases: { url: 'input', uri: 'input', css: 'selector' },
  operationAliases: { monitor: 'check', compare: 'check', list: 'history', forget: 'reset', clear: 'reset' },
  timeoutMs: 330_000,
  samples: [
    {
      title: 'A host that is not granted is refused',
      input: { operation: 'check', input: 'https://example.com/', previous_content: 'Example' },
      error: 'permission.net',
    },
    {
      title: 'Only http and https are read',
      input: { operation: 'check', input: 'ftp://unsupported.com' },
      error: 'input.invalid',
    },
    {
      title: 'To forget a page it has to be named',
      input: { operation: 'reset' },
      error: 'input.invalid',
    },
  ],
  run: monitor,
});

async function monitor(input: MonitorInput, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const records = async () => new Snapshots(await host.state(), context);
  if (input.operation === 'history')
    return history(await records(), input.input === undefined ? undefined : webUrl(input.input).href, input);
  const url = webUrl(required(input.input));
  if (input.operation === 'reset') return reset(await records(), url.href, input.selector ?? '');
  return check(url, input, { context, host, records });
}

function required(url: string | undefined): string {
  if (url === undefined)
    throw fail('input.invalid', "Missing required parameter 'input': the URL of the page");
  return url;
}
