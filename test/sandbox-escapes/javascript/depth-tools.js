// attack: a tool that calls itself
// expect: error limit.stack
Tool.register({ name: 'again', description: 'calls itself', execute: (given) => Tool.execute('again', given) });
Tool.execute('again', {});
