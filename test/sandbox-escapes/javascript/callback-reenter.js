// attack: a callback that calls the kernel that calls it back
// expect: value 5
let depth = 0;
Tool.register({ name: 'again', description: 'calls itself a few times', execute: () => { if (++depth < 5) Tool.execute('again', {}); return 'x'; } });
Tool.execute('again', {});
depth;
