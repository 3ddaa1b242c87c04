import type { ExecutionContext } from '../../core/context.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { runBatch } from './service/batch.js';
import { type CheckResult, prepare, runCheck } from './service/check.js';
import { type Input, inputSchema } from './service/input.js';

/** Finds out whether services are there. One that is not is a result, one that is not granted an error. */
export default defineTool({
  name: 'service-checker',
  aliases: ['health-checker', 'port-checker'],
  category: 'system',
  level: 'restricted',
  description: 'Checks TCP ports, web servers, DNS names, TLS certificates and systemd units.',
  capabilities: ['net', 'run', 'read'],
  input: inputSchema,
  parameterAliases: {
    url: 'target',
    service: 'target',
    name: 'target',
    hostname: 'host',
    type: 'check_type',
    protocol: 'check_type',
    timeout: 'timeout_seconds',
    services: 'targets',
    checks: 'targets',
  },
  operationAliases: {
    check_batch: 'batch',
    check_all: 'batch',
    check_service: 'check',
    status: 'check',
    port: 'check_port',
    check_tcp: 'check_port',
  },
  timeoutMs: 330_000,
  samples: [
    {
      title: 'A host has to be granted',
      input: { target: '127.0.0.1:5432', check_type: 'tcp' },
      error: 'permission.net',
    },
    {
      title: 'A certificate may be judged by an authority of one’s own',
      input: { target: 'intranet.example.com:443', check_type: 'tls', ca_file: '{{dir}}/ca.pem' },
      files: { 'ca.pem': '' },
      error: 'permission.net',
    },
    {
      title: 'A program has to be granted, too',
      input: { target: 'ssh.service', check_type: 'systemd' },
      error: 'permission.run',
    },
    {
      title: 'An unknown kind of check',
      input: { target: 'localhost', check_type: 'icmp' },
      error: 'input.invalid',
    },
    {
      title: 'A port needs a number',
      input: { target: 'localhost', check_type: 'tcp' },
      error: 'input.invalid',
    },
    {
      title: 'No check takes longer than half a minute',
      input: { target: 'localhost:80', check_type: 'tcp', timeout_seconds: 31 },
      error: 'input.invalid',
    },
  ],
  run: (input, context) =>
    input.operation === 'batch' ? checkAll(input, context) : checkOne(input, context),
});

async function checkOne(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const port = input.operation === 'check_port' && input.check_type === undefined;
  const result = await runCheck(prepare(port ? { ...input, check_type: 'tcp' } : input), context);
  return { operation: input.operation, result, text: line(result), message: line(result) };
}

async function checkAll(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const results = await runBatch(input, context);
  const available = results.filter((result) => result.available).length;
  return {
    result: {
      results,
      total: results.length,
      available,
      unavailable: results.length - available,
      all_available: available === results.length,
    },
    text: results.map(line).join('\n'),
    message: `${available} of ${results.length} services are available`,
  };
}

function line(result: CheckResult): string {
  const { target, check_type, available, status, error } = result;
  const state = available ? `available (${status})` : `not available (${error ?? status})`;
  return `${target} ${check_type}: ${state}`;
}
