import { closest } from '../core/schema.js';
import { isRecord } from '../core/values.js';
import { type Merged, placeOf } from './layers.js';
import { formatPath, getAt, ownValue } from './paths.js';
import { KNOWN_PROVIDER_TYPES } from './provider-tables.js';
import type { ConfigIssue } from './types.js';

/** A finding before its source is known. */
interface Finding {
  path: string[];
  message: string;
  suggestion?: string | undefined;
}

/** Contract: must not throw on any values, and reports nothing about keys of the wrong type: the schema does. */
type Rule = (values: unknown) => Finding[];

/** Mistakes that no single key shows: they lie between two of them. */
export function checkRules(merged: Merged): ConfigIssue[] {
  return RULES.flatMap((rule) => rule(merged.values)).map((finding) => toIssue(finding, merged));
}

const RULES: readonly Rule[] = [defaultProvider, providerTypes, eventPatterns, chunkSizes];

function toIssue({ path, message, suggestion }: Finding, merged: Merged): ConfigIssue {
  const where = placeOf(merged, path);
  return {
    code: 'invalid_value',
    path: formatPath(path),
    message: `${formatPath(path)}: ${message}${suggestion ? `; did you mean '${suggestion}'?` : ''}`,
    ...(suggestion && { suggestion }),
    ...(where && { where }),
  };
}

function defaultProvider(values: unknown): Finding[] {
  const name = getAt(values, ['providers', 'default_provider']);
  if (typeof name !== 'string') return [];
  const configured = providerNames(values);
  if (configured.includes(name) || KNOWN_PROVIDER_TYPES.includes(name)) return [];
  return [
    {
      path: ['providers', 'default_provider'],
      message: `there is no table [providers.${name}]`,
      suggestion: closest(name, [...configured, ...KNOWN_PROVIDER_TYPES]),
    },
  ];
}

function providerNames(values: unknown): string[] {
  const providers = ownValue(values, 'providers');
  return isRecord(providers) ? Object.keys(providers).filter((name) => isRecord(providers[name])) : [];
}

function providerTypes(values: unknown): Finding[] {
  return providerNames(values)
    .filter((name) => getAt(values, ['providers', name, 'provider_type']) === undefined)
    .map((name) => ({
      path: ['providers', name, 'provider_type'],
      message: `the table needs a provider_type, such as ${KNOWN_PROVIDER_TYPES.slice(0, 4).join(', ')}`,
      suggestion: closest(name, KNOWN_PROVIDER_TYPES),
    }));
}

function eventPatterns(values: unknown): Finding[] {
  return ['types', 'components'].flatMap((kind) => {
    const path = ['events', 'filtering', `exclude_${kind}`];
    const included = asList(getAt(values, ['events', 'filtering', `include_${kind}`]));
    return asList(getAt(values, path))
      .filter((pattern) => included.includes(pattern))
      .map((pattern) => ({ path, message: `'${String(pattern)}' is both included and excluded` }));
  });
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function chunkSizes(values: unknown): Finding[] {
  const chunking = getAt(values, ['rag', 'chunking']);
  const size = (key: string) => Number(ownValue(chunking, key));
  const findings: Finding[] = [];
  const report = (key: string, message: string) => findings.push({ path: ['rag', 'chunking', key], message });
  if (size('overlap') >= size('chunk_size')) report('overlap', 'must be smaller than chunk_size');
  if (size('chunk_size') > size('max_chunk_size')) report('chunk_size', 'must not exceed max_chunk_size');
  return findings;
}
