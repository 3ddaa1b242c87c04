// attack: promise jobs that never end
// expect: stopped
// with: timeout=400
const again = () => Promise.resolve().then(again);
again();
await new Promise(() => {});
