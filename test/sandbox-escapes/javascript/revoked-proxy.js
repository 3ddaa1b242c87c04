// attack: a revoked proxy as an argument
// expect: error script.error
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
try { print(proxy); } catch {}
Tool.execute('calculator', { proxy });
