// Stored values follow when their shape changes: a schema for each version, and a migration between them.
//
//   llmspell run examples/migrate-state.js
//
// Prints what was stored before and after, and how many entries were migrated; then the backup is restored.

State.save('person', 'ada', { name: 'Ada Lovelace', age: '36' });

State.registerSchema({ version: '1.0.0', entries: 'person:*' });
State.registerSchema({
  version: '2.0.0',
  entries: 'person:*',
  fields: { age: 'integer' },
  migrations: [
    {
      from: '1.0.0',
      transforms: [
        { kind: 'split', field: 'name', to: ['first', 'last'] },
        { kind: 'convert', field: 'age', type: 'integer' },
        { kind: 'remove', field: 'name' },
      ],
    },
  ],
});

const shown = () => JSON.stringify(State.load('person', 'ada'));
print(`before: ${shown()}`);
const result = State.migrate('2.0.0');
print(`${result.status}: ${result.items_migrated} entry`);
print(`after: ${shown()}`);

State.restoreBackup(result.backup_id, { backup_current: false });
print(`restored: ${shown()}`);
