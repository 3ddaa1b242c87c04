import { z } from 'zod';
import { redactSecrets } from '../../core/redact.js';
import { isRegularExpression } from '../../core/regular-expression.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { defineBuiltin, pointsOption } from './definition.js';
import { mapTexts } from './values.js';

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const KEYS = /\b(?:sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[po]_[A-Za-z0-9]{36}|eyJ[\w-]+\.[\w-]+\.[\w-]+)/g;

const options = z.strictObject({
  points: pointsOption(['BeforeAgentExecution', 'AfterAgentExecution', 'AfterToolExecution']),
  replacement: z.string().default('[REDACTED]'),
  patterns: z
    .array(z.string().refine(isRegularExpression, 'expected a regular expression'))
    .default([])
    .describe('Further texts that are replaced.'),
  emails: z.boolean().default(false).describe('Replace e-mail addresses.'),
  keys: z.boolean().default(true).describe('Replace what looks like an API key or a token.'),
});

/** Takes secrets out of what agents are told and of what agents and tools answer. */
export default defineBuiltin({
  name: 'redaction',
  doc: 'Takes secrets out of what agents are told and of what agents and tools answer.',
  aliases: ['RedactionHook', 'Redactor'],
  options,
  make: (given) => {
    const patterns = [
      ...(given.keys ? [KEYS] : []),
      ...(given.emails ? [EMAIL] : []),
      ...given.patterns.map((source) => new RegExp(source, 'g')),
    ];
    const clean = (text: string) =>
      patterns.reduce((left, pattern) => left.replace(pattern, given.replacement), text);
    let replaced = 0;
    return {
      registrations: [
        {
          points: given.points as never,
          priority: 'high',
          handler: ({ data }) => {
            const changed = changedIn(data, (value) => mapTexts(redactSecrets(value), clean));
            if (Object.keys(changed).length === 0) return { kind: 'continue' };
            replaced++;
            return { kind: 'modified', data: changed };
          },
        },
      ],
      report: () => ({ changed: replaced }),
    };
  },
});

/** Those of the values that a point is about that change. */
function changedIn(data: JsonObject, clean: (value: JsonValue) => JsonValue): JsonObject {
  const changed: JsonObject = {};
  for (const key of ['input', 'output', 'result', 'data', 'new_value'])
    if (data[key] !== undefined) {
      const value = clean(data[key]);
      if (JSON.stringify(value) !== JSON.stringify(data[key])) changed[key] = value;
    }
  return changed;
}
