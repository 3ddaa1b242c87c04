// attack: a hundred thousand arguments
// expect: value "no crash"
// with: memory=256
for (const attempt of [() => Tool.execute(...new Array(100000).fill(1)), () => print(...new Array(100000).fill(1)), () => Math.max(...new Array(1000000).fill(1)), () => String.fromCharCode(...new Array(1000000).fill(1))]) { try { attempt(); } catch {} }
'no crash';
