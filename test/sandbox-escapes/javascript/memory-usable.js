// attack: after running out of memory the script goes on
// expect: value "still here"
// with: memory=32
try { const list = []; while (true) list.push(new ArrayBuffer(1 << 20)); } catch {}
'still here';
