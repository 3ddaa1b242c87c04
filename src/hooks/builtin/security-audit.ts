import { z } from 'zod';
import { isSecretKey } from '../../core/redact.js';
import { isRegularExpression } from '../../core/regular-expression.js';
import { isRecord, type JsonObject, type JsonValue } from '../../core/values.js';
import { defineBuiltin } from './definition.js';
import { Recent } from './values.js';

const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
type Severity = (typeof SEVERITIES)[number];

const options = z.strictObject({
  block_on_violations: z
    .boolean()
    .default(false)
    .describe('Refuse what looks like an attack; otherwise it is only noted.'),
  min_severity: z.enum(SEVERITIES).default('info').describe('What is less severe is not noted.'),
  max_parameter_length: z.int().min(1).default(10_000).describe('Characters of one text.'),
  check_sql_injection: z.boolean().default(true),
  check_command_injection: z.boolean().default(true),
  check_path_traversal: z.boolean().default(true),
  check_xss: z.boolean().default(true),
  blocked_patterns: z
    .array(z.string().refine(isRegularExpression, 'expected a regular expression'))
    .default([]),
  max_events: z.int().min(1).default(10_000).describe('Findings that are remembered.'),
});
type Options = z.output<typeof options>;

interface Check {
  readonly kind: string;
  readonly severity: Severity;
  readonly pattern: RegExp;
}

const CHECKS: Readonly<Record<string, Check>> = {
  check_sql_injection: {
    kind: 'sql_injection',
    severity: 'high',
    pattern:
      /\bunion\s+(?:all\s+)?select\b|;\s*(?:drop|delete|truncate|alter)\s+\w|'\s*or\s+'?\d+'?\s*=\s*'?\d|--\s*$/im,
  },
  check_command_injection: {
    kind: 'command_injection',
    severity: 'critical',
    pattern: /[;&|]\s*(?:rm|curl|wget|nc|bash|sh|powershell)\s|\$\([^)]*\)|`[^`]+`/i,
  },
  check_path_traversal: {
    kind: 'path_traversal',
    severity: 'high',
    pattern: /(?:^|[\\/])\.\.(?:[\\/]|$)|%2e%2e[\\/%]/i,
  },
  check_xss: { kind: 'xss', severity: 'medium', pattern: /<script\b|\bon\w+\s*=\s*["']|javascript:/i },
};

/** Looks at what tools and agents are given, notes what looks like an attack, and refuses it if that is wanted. */
export default defineBuiltin({
  name: 'security_audit',
  doc: 'Looks at what tools and agents are given, notes what looks like an attack, and refuses it if that is wanted.',
  aliases: ['SecurityHook', 'SecurityValidator', 'AuditLogger'],
  options,
  make: (given) => {
    const findings = new Recent<JsonObject>(given.max_events);
    const checks = checksOf(given);
    let blocked = 0;
    return {
      registrations: [
        {
          points: ['BeforeToolExecution', 'BeforeAgentExecution'],
          priority: 'highest',
          handler: (seen, { context }) => {
            const found = look(seen.data.input ?? null, 'input', checks, given);
            for (const one of found) {
              findings.add({ ...one, component: seen.component_id.name, time: seen.timestamp });
              const message = `${seen.component_id.name} was given what looks like ${one.kind} at ${one.path}`;
              context.emit({ type: 'log', level: 'warn', message, module: 'hooks.security_audit' });
            }
            const attack = found.find(({ severity }) => rank(severity) >= rank('medium'));
            if (!attack || !given.block_on_violations) return { kind: 'continue' };
            blocked++;
            return {
              kind: 'cancel',
              reason: `Security violation detected: ${attack.kind} at ${attack.path}`,
            };
          },
        },
      ],
      report: () => ({ findings: [...findings.all], blocked }),
    };
  },
});

interface Finding extends JsonObject {
  kind: string;
  severity: Severity;
  path: string;
}

function look(value: JsonValue, path: string, checks: readonly Check[], given: Options): Finding[] {
  if (typeof value === 'string') return textFindings(value, path, checks, given);
  if (Array.isArray(value))
    return value.flatMap((item, index) => look(item, `${path}[${index}]`, checks, given));
  if (!isRecord(value)) return [];
  return Object.entries(value as JsonObject).flatMap(([key, item]) => {
    const secret = isSecretKey(key) && typeof item === 'string' && item !== '';
    const own = secret
      ? severe({ kind: 'sensitive_parameter', severity: 'low', path: `${path}.${key}` }, given)
      : [];
    return [...own, ...look(item, `${path}.${key}`, checks, given)];
  });
}

function textFindings(text: string, path: string, checks: readonly Check[], given: Options): Finding[] {
  const long = text.length > given.max_parameter_length;
  const part = text.slice(0, given.max_parameter_length);
  const matching = checks.filter(({ pattern }) => pattern.test(part));
  return [
    ...(long ? severe({ kind: 'long_parameter', severity: 'medium', path }, given) : []),
    ...matching.flatMap(({ kind, severity }) => severe({ kind, severity, path }, given)),
  ];
}

function severe(finding: Finding, { min_severity }: Options): Finding[] {
  return rank(finding.severity) >= rank(min_severity) ? [finding] : [];
}

function checksOf(given: Options): Check[] {
  const named = Object.entries(CHECKS).flatMap(([key, check]) =>
    given[key as keyof Options] ? [check] : [],
  );
  const own = given.blocked_patterns.map(
    (source): Check => ({ kind: 'blocked_pattern', severity: 'high', pattern: new RegExp(source, 'i') }),
  );
  return [...named, ...own];
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
