// attack: a rejection that nobody handles (CVE-2026-44001)
// expect: value "alive"
Promise.reject(new Error('nobody'));
Promise.reject(undefined);
Promise.reject({ toString() { throw 1; } });
'alive';
