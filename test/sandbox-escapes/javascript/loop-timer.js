// attack: a timer that loops
// expect: stopped
// with: timeout=400
setTimeout(() => { while (true); }, 0);
await new Promise(() => {});
