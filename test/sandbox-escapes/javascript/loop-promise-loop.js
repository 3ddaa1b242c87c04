// attack: a loop in a promise job
// expect: stopped
// with: timeout=400
Promise.resolve().then(() => { while (true); });
0;
