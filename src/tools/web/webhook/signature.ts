import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type Environment, readEnvironment } from '../../../security/environment.js';
import { variableName } from '../../parameters.js';

/** The `signature` parameter of the webhook caller. */
export const signatureSchema = z
  .strictObject({
    secret: z.string().min(1).optional().describe('The shared secret.'),
    secret_env: variableName('The environment variable that holds the shared secret.').optional(),
    algorithm: z.enum(['sha256', 'sha1', 'sha512']).default('sha256').describe('The hash of the HMAC.'),
    scheme: z
      .enum(['prefixed', 'plain', 'timestamped', 'standard'])
      .default('prefixed')
      .describe(
        'prefixed: sha256=SIGNATURE; plain: the signature alone; timestamped: t=SECONDS,v1=SIGNATURE over "SECONDS.body"; standard: webhook-id, webhook-timestamp and webhook-signature as Standard Webhooks says.',
      ),
    encoding: z.enum(['hex', 'base64']).default('hex').describe('How the signature is written.'),
    header: z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error: 'not the name of a header' })
      .optional()
      .describe('The header for it; the usual one of the scheme when absent.'),
  })
  .refine((given) => (given.secret === undefined) !== (given.secret_env === undefined), {
    error: 'pass either secret or secret_env',
  });
type Signature = z.output<typeof signatureSchema>;

/** The moment and the identity of a delivery, which some schemes sign too. */
export interface Delivery {
  /** Seconds since the epoch. */
  timestamp: number;
  id: string;
}

/** Makes the headers that prove who sent a body. */
export type Signer = (body: string, delivery: Delivery) => Record<string, string>;

/** The signer for a call; it sends nothing along when no signature is asked for. The secret is never shown again. */
export async function signerFor(
  signature: Signature | undefined,
  environment: Environment,
  context: ExecutionContext,
): Promise<Signer> {
  if (!signature) return () => ({});
  const secret = signature.secret ?? (await secretFrom(signature.secret_env!, environment, context));
  context.secrets.add(secret);
  return (body, delivery) => sign(signature, secret, body, delivery);
}

async function secretFrom(
  name: string,
  environment: Environment,
  context: ExecutionContext,
): Promise<string> {
  const secret = await readEnvironment(name, environment, context);
  if (!secret) throw fail('input.invalid', `The environment variable '${name}' holds no secret`);
  return secret;
}

function sign(
  signature: Signature,
  secret: string,
  body: string,
  delivery: Delivery,
): Record<string, string> {
  const { algorithm, scheme, encoding } = signature;
  const header = signature.header ?? usualHeader(signature);
  const hmac = (key: string | Buffer, text: string, written = encoding) =>
    createHmac(algorithm, key).update(text).digest(written);
  switch (scheme) {
    case 'prefixed':
      return { [header]: `${algorithm}=${hmac(secret, body)}` };
    case 'plain':
      return { [header]: hmac(secret, body) };
    case 'timestamped':
      return { [header]: `t=${delivery.timestamp},v1=${hmac(secret, `${delivery.timestamp}.${body}`)}` };
    case 'standard': {
      const signed = hmac(standardKey(secret), `${delivery.id}.${delivery.timestamp}.${body}`, 'base64');
      return {
        'webhook-id': delivery.id,
        'webhook-timestamp': String(delivery.timestamp),
        [header]: `v1,${signed}`,
      };
    }
  }
}

function usualHeader({ scheme, algorithm }: Signature): string {
  if (scheme === 'plain') return 'X-Signature';
  if (scheme === 'timestamped') return 'X-Webhook-Signature';
  if (scheme === 'standard') return 'webhook-signature';
  return algorithm === 'sha1' ? 'X-Hub-Signature' : `X-Hub-Signature-${algorithm.slice(3)}`;
}

/** Secrets of Standard Webhooks are bytes in base64 behind a prefix. */
function standardKey(secret: string): string | Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
}
