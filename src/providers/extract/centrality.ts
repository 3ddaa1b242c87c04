import { addTo } from './index-units.js';
import type { Ranked } from './rank.js';
import { terms } from './terms.js';
import type { Unit } from './units.js';

/** How many of the most frequent words stand for a text's subject. */
const SUBJECT_TERMS = 12;

/**
 * Ranks prose by how much it is about what the whole text is about. The beginning of a source counts more: that is
 * where people say what they are going to say.
 */
export function rankByCentrality(units: readonly Unit[]): Ranked[] {
  const prose = units.filter(({ kind }) => kind === 'sentence' || kind === 'item');
  const own = new Map(
    prose.map((unit) => [unit, new Set(terms(unit.text).filter((term) => /\p{L}{3}/u.test(term)))]),
  );
  const subject = mostFrequent([...own.values()], SUBJECT_TERMS);
  const positions = new Map<string, number>();
  return prose
    .map((unit, index) => {
      const position = positions.get(unit.path) ?? 0;
      positions.set(unit.path, position + 1);
      const shared = subject.reduce((sum, [term, count]) => sum + (own.get(unit)!.has(term) ? count : 0), 0);
      const score = (shared / Math.sqrt(own.get(unit)!.size + 6)) * (1 + 1.5 / (1 + position / 2));
      return { unit, index, score, coverage: 1 };
    })
    .sort((a, b) => b.score - a.score || a.index - b.index);
}

function mostFrequent(sets: readonly ReadonlySet<string>[], count: number): [string, number][] {
  const frequency = new Map<string, number>();
  for (const set of sets) for (const term of set) addTo(frequency, term, 1);
  return [...frequency].sort((a, b) => b[1] - a[1]).slice(0, count);
}
