import { createHash } from 'node:crypto';
import { type JsonValue, setOwn } from '../core/values.js';

/** What stands in place of a secret; an underscore and the beginning of its hash may follow. */
const MARK = '[REDACTED]';
const HASH_DIGITS = 8;

/** Names of fields that hold secrets; a name counts if one of these is in it, in whatever case. */
const FIELD_NAMES = [
  'api_key',
  'apikey',
  'api-key',
  'secret',
  'password',
  'passwd',
  'pwd',
  'token',
  'private_key',
  'private-key',
  'privatekey',
  'credential',
  'auth',
];
/** Words with one of those in them that mean something else: writers, and counts of tokens. */
const HARMLESS =
  /author(?!i[sz]ation)|(?:max|min|num|total|prompt|completion|input|output|cached|reasoning|estimated|embedding)[_-]?tokens?|^tokens$|tokens?[_-]?(?:count|limit|budget|usage|used)|tokeni[sz]/g;

/** Secrets by how they look. Where a pattern names a group `secret`, the rest of the match stays. */
const VALUE_PATTERNS: readonly RegExp[] = [
  /\bsk-ant-[A-Za-z0-9_-]{93,}/g,
  /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{40,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[opsur]_[A-Za-z0-9]{36,}/g,
  /\bapi[_-]?key["']?\s*[:=]\s*["']?(?<secret>[A-Za-z0-9_-]{20,})/gi,
  /\b(?:access[_-]?|auth[_-]?|bearer[_-]?)?token["']?\s*[:=]\s*["']?(?<secret>[A-Za-z0-9_.-]{20,})/gi,
  /\bbearer\s+(?<secret>[A-Za-z0-9_.~+/-]{20,}=*)/gi,
  /\b(?:password|passwd|pwd|secret)["']?\s*[:=]\s*["']?(?<secret>[^\s"',;]{8,})/gi,
];

/** What counts as a secret beside what always does. */
export interface RedactionRules {
  /** Texts that make a field secret when its name has one of them in it, in whatever case. */
  readonly fieldNames?: readonly string[] | undefined;
  /** Regular expressions for secrets inside text; a group named `secret` limits what is replaced. */
  readonly patterns?: readonly RegExp[] | undefined;
  /** False leaves out the hash by which two occurrences of a secret can be told to be the same. */
  readonly hash?: boolean | undefined;
}

/**
 * A copy of plain data without its secrets: fields that are called like one are replaced whole, whatever they hold,
 * and so are the parts of text that look like one. What is not set (`null`, empty text) and flags stay.
 */
export function redact(value: JsonValue, rules: RedactionRules = {}): JsonValue {
  const names = (rules.fieldNames ?? []).map((name) => name.toLowerCase());
  const patterns = [...VALUE_PATTERNS, ...(rules.patterns ?? []).map(global)];
  const visit = (item: JsonValue): JsonValue => {
    if (typeof item === 'string') return redactText(item, patterns, rules);
    if (Array.isArray(item)) return item.map(visit);
    if (item === null || typeof item !== 'object') return item;
    const out: Record<string, JsonValue> = {};
    for (const key of Object.keys(item)) {
      const inner = item[key]!;
      setOwn(out, key, isSecretField(key, names) ? redactWhole(inner, rules) : visit(inner));
    }
    return out;
  };
  return visit(value);
}

/** What stands for a value that is secret as a whole; what is not set stays, and so do flags. */
export function redactWhole(value: JsonValue, rules: RedactionRules = {}): JsonValue {
  if (value === null || value === '' || typeof value === 'boolean') return value;
  return replacement(typeof value === 'string' ? value : JSON.stringify(value), rules);
}

function isSecretField(key: string, fieldNames: readonly string[]): boolean {
  const name = key.toLowerCase();
  if (fieldNames.some((own) => name.includes(own))) return true;
  const telling = name.replace(HARMLESS, '');
  return FIELD_NAMES.some((part) => telling.includes(part));
}

function redactText(text: string, patterns: readonly RegExp[], rules: RedactionRules): string {
  return patterns.reduce(
    (left, pattern) =>
      left.replace(pattern, (match: string, ...rest: unknown[]) => {
        const groups = rest.at(-1);
        const secret = typeof groups === 'object' ? (groups as Record<string, string>).secret : undefined;
        if ((secret ?? match).startsWith(MARK)) return match;
        return secret ? match.replace(secret, () => replacement(secret, rules)) : replacement(match, rules);
      }),
    text,
  );
}

function replacement(secret: string, { hash = true }: RedactionRules): string {
  if (!hash) return MARK;
  return `${MARK}_${createHash('sha256').update(secret).digest('hex').slice(0, HASH_DIGITS)}`;
}

function global(pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`);
}
