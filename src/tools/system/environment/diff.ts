import type { Profile, Variable } from './profiles.js';

/** What another set of variables has more, less and different. */
export interface ProfileDiff {
  added: string[];
  removed: string[];
  changed: string[];
  unchanged: number;
}

/** How to get from one set of variables to another. Names are sorted. */
export function diffProfiles(from: Profile, to: Profile): ProfileDiff {
  const names = [...new Set([...from.keys(), ...to.keys()])].sort();
  const kindOf = (name: string) => kind(from.get(name), to.get(name));
  const of = (wanted: string) => names.filter((name) => kindOf(name) === wanted);
  return {
    added: of('added'),
    removed: of('removed'),
    changed: of('changed'),
    unchanged: of('same').length,
  };
}

function kind(before: Variable | undefined, after: Variable | undefined): string {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before.value === after.value ? 'same' : 'changed';
}
