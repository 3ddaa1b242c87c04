// attack: throwing a revoked proxy
// expect: error script.error
throw (() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy; })();
