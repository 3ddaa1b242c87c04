// attack: waiting for a promise that nothing will settle
// expect: error script.error
await new Promise(() => {});
