import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import { readFileGuarded } from '../../../security/files.js';
import { connectGuarded, startTls } from '../../../security/sockets.js';
import type { Finding } from './finding.js';
import type { CheckInput } from './input.js';
import type { Endpoint } from './target.js';

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
/** Certificates of a chain that are shown. */
const MOST_CERTIFICATES = 10;
const MOST_CA_BYTES = 1_000_000;

/** Whether a server has a certificate that is trusted, fits its name and holds a while longer. */
export async function checkTls(
  { host, port }: Endpoint,
  input: CheckInput,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Finding> {
  const ca = input.ca_file && (await readFileGuarded(input.ca_file, context, { maxBytes: MOST_CA_BYTES }));
  const deadline = context.effects.now() + timeoutMs;
  const socket = await connectGuarded(host, port, context, { timeoutMs });
  const secure = await startTls(socket, input.servername ?? host, {
    rejectUnauthorized: false, // it is looked at below; nothing is sent
    timeout: Math.max(1, deadline - context.effects.now()),
    ...(ca && { ca }),
  });
  try {
    return judge(secure, input, context.effects.now());
  } finally {
    secure.destroy();
  }
}

function judge(secure: TLSSocket, input: CheckInput, now: number): Finding {
  const certificate = secure.getPeerCertificate(true);
  const from = Date.parse(certificate.valid_from);
  const to = Date.parse(certificate.valid_to);
  const days = Math.floor((to - now) / DAY_MS);
  const distrust = secure.authorized ? undefined : String(secure.authorizationError);
  const problem =
    periodProblem(now, from, to) ??
    (distrust === undefined || input.allow_untrusted
      ? undefined
      : `The certificate is not trusted: ${distrust}`);
  const warning = days < (input.warn_days ?? WARN_DAYS);
  return {
    available: problem === undefined,
    status: problem === undefined ? (warning ? `Expires in ${days} days` : 'Valid') : 'Invalid certificate',
    error: problem,
    metadata: {
      ...describe(certificate),
      days_remaining: days,
      warning,
      authorized: secure.authorized,
      authorization_error: distrust ?? null,
      protocol: secure.getProtocol(),
      cipher: secure.getCipher().name,
      chain: chainOf(certificate).map(describe),
    },
  };
}

function periodProblem(now: number, from: number, to: number): string | undefined {
  if (now > to) return 'The certificate has expired';
  return now < from ? 'The certificate is not valid yet' : undefined;
}

function describe(certificate: DetailedPeerCertificate): JsonObject {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    valid_from: new Date(certificate.valid_from).toISOString(),
    valid_to: new Date(certificate.valid_to).toISOString(),
    serial_number: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    subject_alternative_names: certificate.subjectaltname?.split(', ') ?? [],
  };
}

/** The certificates above the server's own; the last one is its own issuer. */
function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = certificate.issuerCertificate;
  let last = certificate;
  while (next && next.fingerprint256 !== last.fingerprint256 && chain.length < MOST_CERTIFICATES) {
    chain.push(next);
    last = next;
    next = next.issuerCertificate;
  }
  return chain;
}

function nameOf(name: object | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${[value].flat().join('+')}`)
    .join(', ');
}
