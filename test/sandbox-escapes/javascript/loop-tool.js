// attack: a registered tool that loops
// expect: stopped
// with: timeout=400
Tool.register({ name: 'loop', description: 'loops', execute() { while (true); } });
Tool.execute('loop', {});
