// Hooks that look at what tools do, change it and refuse it.
// Run it like this; it prints what the hooks saw and did.
//   llmspell run examples/hooks.js
Hook.register(
  'BeforeToolExecution',
  (ctx) => {
    print(`before\t${ctx.component_id.name}`);
  },
  'high',
);

Hook.register('BeforeToolExecution', (ctx) => {
  const { input } = ctx.data.input;
  if (input.includes('/ 0')) return { type: 'cancel', reason: 'nobody divides by zero here' };
  return { type: 'modified', data: { input: { input: input.replaceAll('x', '*') } } };
});

print(Tool.execute('calculator', { input: '6 x 7' }).result.result);
try {
  Tool.execute('calculator', { input: '1 / 0' });
} catch (error) {
  print(error.message);
}

Hook.enableBuiltin('metrics');
Tool.execute('calculator', { input: '1 + 1' });
print(`counted\t${Hook.builtinReport('metrics')['tool:calculator'].calls}`);
