/** What a policy looks at. */
export interface RetainedBackup {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly label?: string | undefined;
  readonly parent?: string | undefined;
  readonly bytes: number;
}

/** How much a backup matters. */
export type RetentionPriority = 'Critical' | 'Important' | 'Standard' | 'Low';

/** What was decided about a backup, and why. */
export interface RetentionDecision {
  backup_id: string;
  should_retain: boolean;
  priority: RetentionPriority;
  reason: string;
}

/**
 * One rule: `position` counts from 0, the newest.
 * @returns why the backup is to be kept or to go; undefined when the rule has nothing to say about it.
 */
export type RetentionPolicy = (
  backup: RetainedBackup,
  position: number,
  now: number,
) => { keep: boolean; reason: string } | undefined;

/** Only the newest so many are kept. */
export function byCount(most: number): RetentionPolicy {
  return (_backup, position) =>
    position < most ? undefined : { keep: false, reason: `more than ${most} are newer` };
}

/** Only what is younger is kept. */
export function byAge(seconds: number): RetentionPolicy {
  return ({ createdAt }, _position, now) =>
    now - createdAt <= seconds * 1000 ? undefined : { keep: false, reason: `older than ${seconds} seconds` };
}

/** What has a name was made on purpose and is kept. */
export function byImportance(): RetentionPolicy {
  return ({ label }) => (label === undefined ? undefined : { keep: true, reason: 'it has a label' });
}

/** Several rules as one: what any of them keeps is kept, else what any of them sends away goes. */
export function composite(policies: readonly RetentionPolicy[]): RetentionPolicy {
  return (backup, position, now) => {
    const votes = policies.flatMap((policy) => policy(backup, position, now) ?? []);
    return votes.find(({ keep }) => keep) ?? votes[0];
  };
}

/**
 * Decides about all backups. The newest is always kept, and so is what a kept one needs.
 * @param backups the newest first.
 */
export function decide(
  backups: readonly RetainedBackup[],
  policy: RetentionPolicy,
  now: number,
): RetentionDecision[] {
  const decisions = backups.map((backup, position): RetentionDecision => {
    const vote = position === 0 ? { keep: true, reason: 'it is the newest' } : policy(backup, position, now);
    const { keep: should_retain, reason } = vote ?? { keep: true, reason: 'nothing says it should go' };
    return { backup_id: backup.id, should_retain, priority: priorityOf(backup, position), reason };
  });
  return keepParents(backups, decisions);
}

function priorityOf({ label, parent }: RetainedBackup, position: number): RetentionPriority {
  if (position === 0) return 'Critical';
  if (label !== undefined) return 'Important';
  return parent === undefined ? 'Standard' : 'Low';
}

/** Parents are older than what needs them, so one pass from the newest on finds them all. */
function keepParents(
  backups: readonly RetainedBackup[],
  decisions: readonly RetentionDecision[],
): RetentionDecision[] {
  const needed = new Map<string, string>();
  return decisions.map((decision, position) => {
    const { id, parent } = backups[position]!;
    const by = needed.get(id);
    if (parent !== undefined && (decision.should_retain || by)) needed.set(parent, id);
    if (by === undefined) return decision;
    return { ...decision, should_retain: true, priority: 'Critical', reason: `${by} builds on it` };
  });
}
