import { stem } from './terms.js';

/** Words that technical English uses for the same thing. A question rarely has the words of its answer. */
const GROUPS = `
  allow permit grant
  refuse deny forbid reject block
  delete remove erase drop
  limit maximum max most least minimum quota cap
  large big size
  timeout duration seconds milliseconds
  start begin launch
  stop end abort cancel interrupt
  run execute invoke
  save store keep persist remember
  make create build
  change modify edit update
  show display print list
  choose select pick
  configure configuration setting settings option
  directory folder
  file path
  error failure fail
  argument parameter
  key secret credential
  supported available
  fetch download
  test check verify
  wrong invalid
  win precedence override
`;

const GROUP_OF: ReadonlyMap<string, number> = new Map(
  GROUPS.trim()
    .split('\n')
    .flatMap((line, group) =>
      line
        .trim()
        .split(/\s+/)
        .map((word) => [stem(word), group] as const),
    ),
);

/** The group of words with the same meaning to which a stemmed word belongs, if any. */
export function synonymGroup(term: string): number | undefined {
  return GROUP_OF.get(term);
}
