import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { readFileGuarded } from '../../../security/files.js';
import { specialAddress } from '../../../security/network.js';
import type { ToolHost } from '../../host.js';
import type { Input } from './input.js';

/** A mail server and how to use it. */
export interface SmtpSettings {
  host: string;
  port: number;
  username: string | undefined;
  password: string | undefined;
  security: 'tls' | 'starttls' | 'none';
  authMethod: NonNullable<Input['smtp']>['auth_method'];
  /** A certificate to trust, as PEM text. */
  ca: string | undefined;
  /** False accepts every certificate. */
  verify: boolean;
}

/** Amazon's service and who asks it. */
export interface SesSettings {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
  region: string;
  baseUrl: string;
}

/** SendGrid and who asks it. */
export interface SendgridSettings {
  apiKey: string;
  baseUrl: string;
}

/** Who carries the mail. */
export type Provider =
  | { name: 'smtp'; settings: SmtpSettings }
  | { name: 'ses'; settings: SesSettings }
  | { name: 'sendgrid'; settings: SendgridSettings };

/** Who sends when the call does not say. */
export function defaultSender({ config, environment }: ToolHost): string | undefined {
  return config.email?.from_address || environment.EMAIL_DEFAULT_SENDER;
}

/** The provider a call means, with its secrets, which the journal masks from now on. @throws `tool.failed` */
export async function chooseProvider(
  input: Input,
  context: ExecutionContext,
  host: ToolHost,
): Promise<Provider> {
  const { secrets } = context;
  const wanted = input.provider ?? (input.smtp ? 'smtp' : undefined);
  if (wanted === undefined || wanted === 'smtp') {
    const settings = await smtpSettings(input, context, host);
    secrets.add(settings?.password);
    if (settings) return { name: 'smtp', settings };
  }
  if (wanted === undefined || wanted === 'sendgrid') {
    const settings = sendgridSettings(host);
    secrets.add(settings?.apiKey);
    if (settings) return { name: 'sendgrid', settings };
  }
  if (wanted === undefined || wanted === 'ses') {
    const settings = sesSettings(input, host);
    secrets.add(settings?.secretAccessKey);
    secrets.add(settings?.sessionToken);
    if (settings) return { name: 'ses', settings };
  }
  throw notConfigured(wanted ?? 'smtp');
}

/**
 * A server of the call comes with credentials of the call: the configured ones go to the configured server only, with
 * the configured encryption.
 */
async function smtpSettings(
  input: Input,
  context: ExecutionContext,
  { config, environment }: ToolHost,
): Promise<SmtpSettings | undefined> {
  const verify = config.network?.verify_ssl !== false;
  if (input.smtp) {
    const { host, port = 587, username, password, security, auth_method: authMethod, ca_file } = input.smtp;
    const ca = ca_file && (await readFileGuarded(ca_file, context, { maxBytes: 1_000_000 })).toString();
    const chosen = security === 'auto' ? usualSecurity(host, port, true) : security;
    return { host, port, username, password, security: chosen, authMethod, ca, verify };
  }
  const email = config.email ?? {};
  const host = email.smtp_host ?? environment.EMAIL_SMTP_HOST;
  if (!host) return undefined;
  const port = email.smtp_port ?? (Number(environment.EMAIL_SMTP_PORT) || 587);
  return {
    ...{ host, port, verify, authMethod: undefined, ca: undefined },
    username: email.smtp_username ?? environment.EMAIL_SMTP_USERNAME,
    password: email.smtp_password ?? environment.EMAIL_SMTP_PASSWORD,
    security: usualSecurity(host, port, email.enable_tls !== false),
  };
}

/** What never leaves this machine needs no encryption. */
function usualSecurity(host: string, port: number, tls: boolean): SmtpSettings['security'] {
  if (!tls) return 'none';
  if (port === 465) return 'tls';
  return host === 'localhost' || specialAddress(host) === 'loopback' ? 'none' : 'starttls';
}

function sendgridSettings({ environment }: ToolHost): SendgridSettings | undefined {
  const apiKey =
    environment.LLMSPELL_API_KEY_SENDGRID ||
    environment.EMAIL_SENDGRID_API_KEY ||
    environment.SENDGRID_API_KEY;
  const baseUrl = environment.EMAIL_SENDGRID_BASE_URL || 'https://api.sendgrid.com';
  return apiKey ? { apiKey, baseUrl } : undefined;
}

/** Names under which the two keys stand; a pair is taken whole. */
const SES_KEYS = [
  ['LLMSPELL_API_KEY_AWS_SES_ACCESS_KEY', 'LLMSPELL_API_KEY_AWS_SES_SECRET_KEY'],
  ['EMAIL_SES_ACCESS_KEY_ID', 'EMAIL_SES_SECRET_ACCESS_KEY'],
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
] as const;

function sesSettings(input: Input, { environment: env }: ToolHost): SesSettings | undefined {
  const region =
    input.region || env.EMAIL_SES_REGION || env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const baseUrl = env.EMAIL_SES_BASE_URL || `https://email.${region}.amazonaws.com`;
  for (const [id, secret] of SES_KEYS) {
    const [accessKeyId, secretAccessKey] = [env[id], env[secret]];
    if (!accessKeyId || !secretAccessKey) continue;
    const sessionToken = id === 'AWS_ACCESS_KEY_ID' ? env.AWS_SESSION_TOKEN : undefined;
    return { accessKeyId, secretAccessKey, sessionToken, region, baseUrl };
  }
  return undefined;
}

const HINTS = {
  smtp: 'Set tools.email.smtp_host in llmspell.toml or EMAIL_SMTP_HOST, or pass smtp = { host = … }.',
  sendgrid: 'Set EMAIL_SENDGRID_API_KEY.',
  ses: 'Set EMAIL_SES_ACCESS_KEY_ID and EMAIL_SES_SECRET_ACCESS_KEY.',
};

function notConfigured(provider: keyof typeof HINTS): Error {
  return fail('tool.failed', `Email provider '${provider}' not configured`, { hint: HINTS[provider] });
}
