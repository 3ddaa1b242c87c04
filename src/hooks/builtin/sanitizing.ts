import { z } from 'zod';
import { defineBuiltin } from './definition.js';
import { mapTexts } from './values.js';

const options = z.strictObject({
  trim_whitespace: z.boolean().default(true),
  normalize_unicode: z.boolean().default(true).describe('To the form NFC.'),
  remove_control_chars: z.boolean().default(true).describe('All but line ends and tabs.'),
  escape_html: z.boolean().default(false),
  max_length: z.int().min(1).default(10_000).describe('Characters of one text; the rest is cut off.'),
});
type Options = z.output<typeof options>;

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Cleans the texts that agents are given. */
export default defineBuiltin({
  name: 'sanitizing',
  doc: 'Cleans the texts that agents are given: whitespace, control characters, length.',
  aliases: ['InputSanitizer', 'SanitizingHook'],
  options,
  make: (given) => ({
    registrations: [
      {
        point: 'BeforeAgentExecution',
        priority: 'highest',
        handler: ({ data }) => {
          const input = mapTexts(data.input ?? null, (text) => cleaned(text, given));
          return input === data.input ? { kind: 'continue' } : { kind: 'modified', data: { input } };
        },
      },
    ],
  }),
});

function cleaned(text: string, given: Options): string {
  let clean = given.normalize_unicode ? text.normalize('NFC') : text;
  if (given.remove_control_chars)
    clean = clean.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  if (given.trim_whitespace) clean = clean.trim();
  if (given.escape_html) clean = clean.replace(/[&<>"']/g, (char) => HTML[char]!);
  return clean.length > given.max_length ? clean.slice(0, given.max_length) : clean;
}
