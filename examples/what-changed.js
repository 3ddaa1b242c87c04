// What changed in a folder since the last time: the first call looks, each later one tells the difference. The
// changes of a text are shown line by line.
//
//   llmspell run examples/what-changed.js
//
// Prints the changes of the folder and the difference of one file.

const dir = `/tmp/llmspell-changes-${Math.random().toString(36).slice(2)}`;
const write = (name, input) =>
  Tool.execute('file-operations', { operation: 'write', path: `${dir}/${name}`, input });
const changes = () => Tool.execute('file-watcher', { operation: 'get_changes', input: [dir] }).result;

const before = 'colour = red\nsize = 3\n';
write('settings.ini', before);
write('old.txt', 'soon gone');
print(`first look: ${changes().files} files`);

const after = 'colour = green\nsize = 3\nweight = 7\n';
write('settings.ini', after);
write('new.txt', 'just made');
Tool.execute('file-operations', { operation: 'delete', path: `${dir}/old.txt` });
for (const { event_type, path } of changes().events) print(`${event_type} ${path.slice(dir.length + 1)}`);

const { result } = Tool.execute('diff-calculator', { old_text: before, new_text: after });
print(result.diff);
print(`${result.stats.added} lines added, ${result.stats.removed} removed`);

Tool.execute('file-watcher', { operation: 'unwatch', input: [dir] });
Tool.execute('file-operations', { operation: 'delete', path: dir, recursive: true });
