import type { Profile } from '../../config/profiles.js';
import type { ConfigIssue } from '../../config/types.js';
import type { ConfigReport } from '../../config/validate.js';
import { alignColumns } from './columns.js';

/** A report on a configuration file as people read it. */
export function reportText({ valid, path, errors, warnings }: ConfigReport, shown: string): string {
  const head = valid ? `✓ ${shown} is valid` : `✗ ${shown} is not valid`;
  const line = (kind: string) => (issue: ConfigIssue) => `  ${kind}: ${issueText(issue, path, shown)}`;
  return [head, ...errors.map(line('error')), ...warnings.map(line('warning'))].join('\n');
}

/** Messages that already begin with the place are not given it twice. */
function issueText({ message, where }: ConfigIssue, path: string, shown: string): string {
  const place = where?.replace(path, shown);
  const text = message.replaceAll(path, shown);
  return place === undefined || text.includes(place) ? text : `${text} (${place})`;
}

/** The profiles by category; with `detailed` also what they are for and what they set. */
export function profilesText(profiles: readonly Profile[], detailed: boolean): string {
  const categories = [...new Set(profiles.map((profile) => profile.category))];
  return categories
    .map((category) => {
      const members = profiles.filter((profile) => profile.category === category);
      const body = detailed ? members.map(profileDetails).join('\n') : profileRows(members);
      return `${category}:\n${body}\n`;
    })
    .join('\n');
}

function profileRows(profiles: readonly Profile[]): string {
  return alignColumns(
    profiles.map(({ name, description }) => [name, description]),
    '  ',
  );
}

function profileDetails({ name, description, use_cases, features }: Profile): string {
  return `  ${name}: ${description}\n    for:  ${use_cases.join(', ')}\n    sets: ${features.join(', ')}`;
}
