/** What a check found. */
export interface Report {
  /** What is wrong, one line each, beginning with `file:line`; any of them fails the check. */
  problems: string[];
  /** What deserves a look but fails nothing. */
  warnings: string[];
  /** One line of figures, printed always. */
  summary: string;
}

/**
 * A check of the project whose root folder is given.
 * Contract: changes nothing; throws only when it cannot do its work at all.
 */
export type Check = (root: string) => Report;
