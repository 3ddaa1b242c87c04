import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import { checkDns } from './dns.js';
import { type Finding, finding } from './finding.js';
import { checkHttp, httpUrl } from './http.js';
import type { CheckInput, CheckType } from './input.js';
import { statusRule } from './statuses.js';
import { checkSystemd, unitName } from './systemd.js';
import { checkedHost, checkTypeOf, endpointOf, targetText } from './target.js';
import { checkTcp } from './tcp.js';
import { checkTls } from './tls.js';

const HTTPS_PORT = 443;
const DEFAULT_SECONDS = 5;

/** A check that has been understood and can be run. */
export interface PreparedCheck {
  target: string;
  type: CheckType;
  timeoutMs: number;
  run(context: ExecutionContext): Promise<Finding>;
}

/** The result of one check. */
export type CheckResult = JsonObject & { available: boolean; target: string; check_type: string };

/** Understands what is to be checked; nothing is touched yet. @throws `input.invalid` */
export function prepare(input: CheckInput): PreparedCheck {
  const target = targetText(input);
  const type = input.check_type ?? checkTypeOf(target);
  const timeoutMs = input.timeout_ms ?? Math.ceil((input.timeout_seconds ?? DEFAULT_SECONDS) * 1000);
  return { target, type, timeoutMs, run: lookFor(type, target, input, timeoutMs) };
}

/** Runs a check. A service that is not there is a result. @throws `permission.*` */
export async function runCheck(check: PreparedCheck, context: ExecutionContext): Promise<CheckResult> {
  const started = context.effects.now();
  const { available, status, error, metadata } = await finding(context, () => check.run(context));
  return {
    target: check.target,
    check_type: check.type,
    available,
    response_time_ms: context.effects.now() - started,
    status,
    error: error ?? null,
    metadata,
    timeout_seconds: check.timeoutMs / 1000,
  };
}

function lookFor(
  type: CheckType,
  target: string,
  input: CheckInput,
  timeoutMs: number,
): PreparedCheck['run'] {
  switch (type) {
    case 'tcp': {
      const endpoint = endpointOf(target, input.port);
      return (context) => checkTcp(endpoint, timeoutMs, context);
    }
    case 'tls': {
      const endpoint = endpointOf(target, input.port ?? HTTPS_PORT);
      return (context) => checkTls(endpoint, input, timeoutMs, context);
    }
    case 'dns': {
      const name = dnsName(target);
      return (context) => checkDns(name, input, timeoutMs, context);
    }
    case 'systemd': {
      const unit = unitName(target);
      return (context) => checkSystemd(unit, timeoutMs, context);
    }
    default: {
      const url = httpUrl(target, type, input.port);
      statusRule(input.expected_status);
      return (context) => checkHttp(url, input, timeoutMs, context);
    }
  }
}

function dnsName(target: string): string {
  const name = checkedHost(endpointOf(target, 1).host);
  if (name.length > 253) throw fail('input.invalid', 'The name is longer than a name can be');
  return name;
}
