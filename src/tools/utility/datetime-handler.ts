import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool } from '../define.js';
import { operationParameter } from '../operation.js';

const OPERATIONS = [
  'parse',
  'now',
  'convert_timezone',
  'format',
  'add',
  'subtract',
  'difference',
  'info',
  'formats',
] as const;

/** Far longer than any date; patterns are tried against it one after the other. */
const text = z.string().max(1000);
const date = z.union([text, z.number()]);
const input = z.object({
  operation: operationParameter(OPERATIONS).default('parse').describe('What to do'),
  input: date.optional().describe('The date: text in one of many formats, or Unix seconds'),
  timezone: text
    .optional()
    .describe('now and format: zone of the answer; otherwise the zone of dates that name none (UTC)'),
  target_timezone: text.optional().describe('convert_timezone: IANA zone to convert to'),
  amount: date.optional().describe('add and subtract: how many units, an integer'),
  unit: text
    .optional()
    .describe('add, subtract, difference: seconds, minutes, hours, days, weeks, months or years'),
  start: date.optional().describe('difference: the earlier date'),
  end: date.optional().describe('difference: the later date'),
  format: text.optional().describe('strftime pattern of the answer, e.g. %Y-%m-%d; for parse, of the input'),
});
type Input = z.output<typeof input>;

/** Reads, writes, converts and compares dates. */
export default defineTool({
  name: 'datetime-handler',
  aliases: ['date-time-handler'],
  category: 'utility',
  level: 'safe',
  description: 'Parses, formats, converts, adds to and compares dates and times across time zones.',
  capabilities: [],
  input,
  parameterAliases: {
    from: 'start',
    to: 'end',
    timestamp: 'input',
    date: 'input',
    datetime: 'input',
    to_timezone: 'target_timezone',
    tz: 'timezone',
  },
  operationAliases: { diff: 'difference', convert: 'convert_timezone' },
  samples: [
    {
      title: 'Read a date',
      input: { operation: 'parse', input: '15.01.2024 10:30:00' },
      expect: { success: true, result: { parsed: { year: 2024, month: 1, day: 15, weekday: 'Monday' } } },
    },
    {
      title: 'Another zone’s clock',
      input: {
        operation: 'convert_timezone',
        input: '2024-07-15T12:00:00Z',
        target_timezone: 'America/New_York',
      },
      expect: { result: { converted: '2024-07-15 08:00:00 EDT' } },
    },
    {
      title: 'One month later',
      input: { operation: 'add', input: '2024-01-31', amount: 1, unit: 'months', format: '%Y-%m-%d' },
      expect: { result: { result: '2024-02-29' } },
    },
    {
      title: 'Days between two dates',
      input: { operation: 'difference', start: '2024-01-15', end: '2024-01-10' },
      expect: { result: { difference: { days: -5, human_readable: '5 days ago' } } },
    },
    {
      title: 'A pattern that does not exist',
      input: { operation: 'format', input: '2024-01-15', format: '%Q' },
      error: 'input.invalid',
    },
  ],
  run: async (request, context) => {
    const result = await perform(request, context);
    return { result, message: `DateTime ${request.operation} done` };
  },
});

/** The zone library is loaded with the operations, on first use. */
async function perform(request: Input, { effects }: ExecutionContext): Promise<JsonObject> {
  const operations = await import('./datetime/operations.js');
  switch (request.operation) {
    case 'parse':
      return operations.parse(request);
    case 'now':
      return operations.now(request, effects.now());
    case 'convert_timezone':
      return operations.convertTimezone(request);
    case 'format':
      return operations.format(request);
    case 'add':
      return operations.move(request, 1);
    case 'subtract':
      return operations.move(request, -1);
    case 'difference':
      return operations.difference(request);
    case 'info':
      return operations.info(request);
    case 'formats':
      return operations.formats(effects.now());
  }
}
