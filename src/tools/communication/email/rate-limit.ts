import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { ToolHost } from '../../host.js';

const MINUTE = 60_000;

/** When each host sent; forgotten together with the host. */
const sent = new WeakMap<ToolHost, number[]>();

/** Counts a mail about to be sent. @throws `tool.failed` when `tools.email.rate_limit_per_minute` is used up */
export function countMail(host: ToolHost, context: ExecutionContext): void {
  const limit = host.config.email?.rate_limit_per_minute;
  if (limit === undefined) return;
  const now = context.effects.now();
  const recent = (sent.get(host) ?? []).filter((time) => time > now - MINUTE);
  if (recent.length >= limit)
    throw fail('tool.failed', `Rate limit reached: ${limit} mails a minute`, {
      hint: 'Try again later, or raise tools.email.rate_limit_per_minute.',
      details: { retry_after_ms: recent[0]! + MINUTE - now },
    });
  sent.set(host, [...recent, now]);
}
