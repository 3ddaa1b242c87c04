import { z } from 'zod';

/** How long fetching and reading a page may take. */
export const readingTimeout = z
  .number()
  .positive()
  .max(300)
  .optional()
  .describe(
    'Seconds for fetching, 30 unless configured otherwise; then at most as many, and no more than 20, for reading.',
  );

/** Whether a site's own rules hold. */
export const respectRobots = z.boolean().default(true).describe('Ask robots.txt first and do what it says.');
