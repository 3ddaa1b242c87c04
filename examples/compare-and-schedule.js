// What a replay is made of: results compared place by place, changes to what was recorded, times to do it at.
//
//   llmspell run examples/compare-and-schedule.js
//
// Prints how two results differ, a change, and the next Monday at nine.

const comparator = Replay.createComparator();
const before = { answer: { result: 42, unit: 'kg' }, timestamp: 1767225600 };
const after = { answer: { result: 43, unit: 'g' }, timestamp: 1767229200 };

print(`the same: ${comparator.compareJson(before, before).identical}`);
const found = comparator.compareJson(before, after);
print(`similar: ${found.similarity_score}`);
for (const difference of found.differences) print(`  ${difference.path}: ${difference.description}`);

const change = Replay.createModification('data.input', [1, 2, 3]);
print(`change ${change.getPath()} to ${change.getValue().length} numbers`);

const weekly = Replay.schedules.cron('0 9 * * MON', 'UTC');
print(`next Monday: ${weekly.next('2026-01-01T00:00:00Z')}`);
