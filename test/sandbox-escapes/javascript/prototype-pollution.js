// attack: polluting prototypes is seen by nobody else
// expect: value true
Object.prototype.polluted = 1;
Array.prototype.polluted = 1;
Function.prototype.polluted = 1;
const poison = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
for (const attempt of [() => Tool.execute('json-processor', { operation: 'merge', input: {}, merge_with: poison, with: poison }), () => State.save('global', 'p', poison), () => Config.set('__proto__.polluted', 1), () => Config.set('constructor.prototype.polluted', 1), () => Tool.register(poison), () => Agent.create(poison)]) { try { attempt(); } catch {} }
delete Object.prototype.polluted;
delete Array.prototype.polluted;
delete Function.prototype.polluted;
true;
