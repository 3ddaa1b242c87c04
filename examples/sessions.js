// Work that goes on over several runs: a session with state, artifacts and a status.
// Run it like this; it prints what the session holds at each step.
//   llmspell run examples/sessions.js
const id = Session.builder().name('report').tag('demo').build();
Session.setCurrent(id);

State.save('session:' + id, 'topic', 'rivers');
Artifact.store(id, 'agent_output', 'report.md', '# Rivers\n', { mime_type: 'text/markdown' });
Artifact.store(id, 'agent_output', 'report.md', '# Rivers\nA river begins as a spring.\n');

Session.suspend(id);
let late = 'stored';
try {
  Artifact.store(id, 'text', 'late.txt', 'too late');
} catch {
  late = 'refused';
}
print(`${Session.get(id).status}\t${late}`);

// Another process could do this, tomorrow: Session.load(id), or `llmspell run --session ID`.
Session.resume(id);
for (const artifact of Artifact.list(id)) {
  print(`${artifact.name}\tversion ${artifact.version}\t${artifact.size} bytes`);
}
print(State.load('session:' + id, 'topic'));

Session.complete(id, { versions: 2 });
print(`${Session.get(id).status}\t${Session.get(id).summary.versions}`);
