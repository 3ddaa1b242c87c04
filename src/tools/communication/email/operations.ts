import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import type { ToolHost } from '../../host.js';
import type { Input } from './input.js';
import { type Message, makeMessage, recipientsOf } from './message.js';
import { countMail } from './rate-limit.js';
import { renderMessage } from './render.js';
import { sendOverSendgrid, verifySendgrid } from './sendgrid.js';
import { sendOverSes, verifySes } from './ses.js';
import { chooseProvider, defaultSender, type Provider } from './settings.js';
import { type Delivery, sendOverSmtp, verifySmtp } from './smtp.js';

/** Bytes of a rendered message that are shown. */
const MAX_SHOWN_BYTES = 500_000;

/** Does what a call asks for. */
export async function runOperation(
  input: Input,
  outer: ExecutionContext,
  host: ToolHost,
): Promise<ToolOutcome> {
  const timeout = AbortSignal.timeout(input.timeout_ms);
  const context = { ...outer, signal: AbortSignal.any([outer.signal, timeout]) };
  try {
    if (input.operation === 'verify') return await verify(input, context, host);
    const message = await makeMessage(input, defaultSender(host), context);
    if (input.operation === 'render' || input.dry_run) return await render(message, context);
    return await send(message, input, context, host);
  } catch (error) {
    if (timeout.aborted && !outer.signal.aborted)
      throw fail('component.timeout', `The mail was not done in ${input.timeout_ms} ms`);
    throw error;
  }
}

async function verify(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const provider = await chooseProvider(input, context, host);
  if (provider.name === 'smtp') await verifySmtp(provider.settings, context);
  else if (provider.name === 'ses') await verifySes(provider.settings, input.timeout_ms, context);
  else await verifySendgrid(provider.settings, input.timeout_ms, context);
  return {
    result: { provider: provider.name, status: 'verified' },
    message: `Email provider '${provider.name}' accepts the login`,
  };
}

async function render(message: Message, context: ExecutionContext): Promise<ToolOutcome> {
  const { bytes, truncated } = await renderMessage(message, context, MAX_SHOWN_BYTES);
  const mime = bytes.toString();
  return {
    operation: 'render',
    result: { status: 'rendered', ...facts(message), mime, truncated },
    text: mime,
    message: `Rendered a mail to ${recipientsOf(message).length} recipients; nothing was sent`,
  };
}

async function send(
  message: Message,
  input: Input,
  context: ExecutionContext,
  host: ToolHost,
): Promise<ToolOutcome> {
  const provider = await chooseProvider(input, context, host);
  countMail(host, context);
  const { accepted, rejected, response } = await carry(message, provider, input.timeout_ms, context);
  const status = rejected.length > 0 ? 'partially_sent' : 'sent';
  const text = `Mail sent to ${accepted.length} recipients through ${provider.name}`;
  return {
    operation: 'send_email',
    result: {
      provider: provider.name,
      status,
      message: text,
      ...facts(message),
      ...{ accepted, rejected, response },
      timestamp: message.date.toISOString(),
    },
    message: rejected.length > 0 ? `${text}; refused: ${rejected.join(', ')}` : text,
  };
}

function carry(
  message: Message,
  provider: Provider,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Delivery> {
  if (provider.name === 'smtp') return sendOverSmtp(message, provider.settings, context);
  if (provider.name === 'ses') return sendOverSes(message, provider.settings, timeoutMs, context);
  return sendOverSendgrid(message, provider.settings, timeoutMs, context);
}

function facts(message: Message): JsonObject {
  return {
    message_id: message.messageId,
    from: message.from.address,
    to: message.to.map(({ address }) => address),
    cc: message.cc.map(({ address }) => address),
    bcc: message.bcc.map(({ address }) => address),
    subject: message.subject,
    attachments: message.attachments.map(({ filename, size }) => ({ filename, size })),
  };
}
