// attack: a million timers
// expect: stopped
// with: timeout=1500 grows=500
const again = () => { setTimeout(again, 0); setTimeout(again, 0); };
again();
await new Promise(() => {});
