// attack: promise jobs that never end
// expect: stopped
// with: timeout=150 memory=256
const again = () => Promise.resolve().then(again);
again();
await new Promise(() => {});
