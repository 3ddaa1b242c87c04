// attack: importing the modules of the host
// expect: value "refused"
const names = ['node:fs', 'fs', 'node:process', 'process', 'node:child_process', 'node:inspector/promises', 'node:vm', 'node:module', 'std', 'os', 'bjson', 'data:text/javascript,export default 1', 'https://example.com/x.js', 'file:///etc/passwd', '/etc/passwd', '../outside/secret.js', './linked/secret.js', './link.txt', './note.txt\0', '__proto__'];
const loaded = [];
const attempts = names.map((name) => import(name).then((module) => loaded.push(name), () => {}));
await Promise.all(attempts);
loaded.length === 0 ? 'refused' : loaded.join(' ');
