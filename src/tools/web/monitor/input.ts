import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { urlText } from '../../parameters.js';
import { readingTimeout, respectRobots } from '../page/parameters.js';

/** The parameters of webpage-monitor. */
export const monitorInput = z.object({
  operation: operationParameter(['check', 'history', 'reset'])
    .default('check')
    .describe('check compares with the last visit, history lists visits, reset forgets them.'),
  input: urlText('The address of the page; history without it lists all pages.').optional(),
  selector: z.string().min(1).optional().describe('CSS selector of the part that matters.'),
  previous_content: z
    .string()
    .max(2_000_000)
    .optional()
    .describe('Compare with this text (an earlier current_content) and remember nothing.'),
  previous_hash: z
    .string()
    .max(128)
    .optional()
    .describe('Compare with this hash (an earlier current_hash) and remember nothing.'),
  ignore_whitespace: z
    .boolean()
    .default(true)
    .describe('Whether white space and empty lines do not count; lines are compared either way.'),
  remember: z.boolean().default(true).describe('Whether check keeps this visit for the next one.'),
  timeout: readingTimeout,
  respect_robots: respectRobots,
  max_content_length: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(100_000)
    .describe('Most characters of current_content and of the changes each that are returned.'),
});
/** The checked parameters. */
export type MonitorInput = z.output<typeof monitorInput>;
