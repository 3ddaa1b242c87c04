import type { ExecutionContext } from '../../../core/context.js';
import { askProvider } from './http-provider.js';
import type { Message } from './message.js';
import { recipientsOf } from './message.js';
import { renderMessage } from './render.js';
import type { SesSettings } from './settings.js';
import type { Delivery } from './smtp.js';

/** Sends a finished message through Amazon SES. */
export async function sendOverSes(
  message: Message,
  settings: SesSettings,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Delivery> {
  const { bytes } = await renderMessage(message, context);
  const addresses = (boxes: Message['to']) => boxes.map(({ address }) => address);
  const body = JSON.stringify({
    FromEmailAddress: message.from.address,
    Destination: {
      ToAddresses: addresses(message.to),
      CcAddresses: addresses(message.cc),
      BccAddresses: addresses(message.bcc),
    },
    Content: { Raw: { Data: bytes.toString('base64') } },
  });
  const response = await ask('POST', '/v2/email/outbound-emails', body, settings, timeoutMs, context);
  const { MessageId = '' } = JSON.parse(Buffer.from(response.body).toString()) as { MessageId?: string };
  return { accepted: recipientsOf(message), rejected: [], response: MessageId };
}

/** Asks for the account, which shows that the keys are good. */
export async function verifySes(
  settings: SesSettings,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<void> {
  await ask('GET', '/v2/email/account', undefined, settings, timeoutMs, context);
}

async function ask(
  method: 'GET' | 'POST',
  path: string,
  body: string | undefined,
  settings: SesSettings,
  timeoutMs: number,
  context: ExecutionContext,
) {
  const { AwsV4Signer } = await import('aws4fetch');
  const { accessKeyId, secretAccessKey, sessionToken, region, baseUrl } = settings;
  const time = new Date(context.effects.now()).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const signed = await new AwsV4Signer({
    ...{ method, url: new URL(path, baseUrl).href, accessKeyId, secretAccessKey, region },
    ...{ service: 'ses', datetime: time, headers: { 'content-type': 'application/json' } },
    ...(sessionToken !== undefined && { sessionToken }),
    ...(body !== undefined && { body }),
  }).sign();
  const headers = Object.fromEntries([...signed.headers].filter(([name]) => name !== 'host'));
  return askProvider({ provider: 'SES', method, url: signed.url.href, headers, body, timeoutMs }, context);
}
