// attack: throwing a proxy that throws
// expect: error script.error
throw new Proxy({}, { get() { throw 1; } });
