import { addTo, groupsOf, type IndexedUnit, occurrences } from './index-units.js';
import { terms } from './terms.js';

/** A section's own heading and its file's name weigh as much as this many mentions. */
const TITLE_WEIGHT = 3;
const NAME_WEIGHT = 1;
/** Mentions after which a further one adds little. */
const SATURATION = 1.5;

/**
 * How well each section (what stands under one heading) fits a question, 0–1, the best one 1. A sentence that
 * happens to hold the question's words is a worse answer than one from the section that is about them.
 */
export function sectionScores(
  query: readonly string[],
  indexed: readonly IndexedUnit[],
): (entry: IndexedUnit) => number {
  const sections = [...gather(indexed)].map(([name, counts]) => ({ name, counts, groups: groupsOf(counts) }));
  const scores = new Map<string, number>();
  const weights = query.map((term) => {
    const n = sections.filter((section) => occurrences(section, term) > 0).length;
    return Math.log(1 + (sections.length - n + 0.5) / (n + 0.5));
  });
  for (const section of sections) {
    const parts = query.map((term, index) => {
      const count = occurrences(section, term);
      return (weights[index]! * count) / (count + SATURATION);
    });
    scores.set(section.name, sum(parts));
  }
  const best = Math.max(...scores.values(), Number.MIN_VALUE);
  return ({ unit }) => (scores.get(key(unit)) ?? 0) / best;
}

function gather(indexed: readonly IndexedUnit[]): Map<string, Map<string, number>> {
  const sections = new Map<string, Map<string, number>>();
  for (const { unit, own } of indexed) {
    const counts = sections.get(key(unit)) ?? titleCounts(unit);
    sections.set(key(unit), counts);
    for (const term of new Set(own)) addTo(counts, term, 1);
  }
  return sections;
}

function titleCounts({ path, section }: IndexedUnit['unit']): Map<string, number> {
  const counts = new Map<string, number>();
  const [title = '', ...outer] = section.split(' › ').toReversed();
  for (const term of new Set(terms(title))) addTo(counts, term, TITLE_WEIGHT);
  for (const term of new Set(terms(`${outer.join(' ')} ${path.replace(/\.\w+$/, '')}`)))
    addTo(counts, term, NAME_WEIGHT);
  return counts;
}

function key({ path, section }: IndexedUnit['unit']): string {
  return `${path}\n${section}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
