// attack: reading outside through tools
// expect: value 0
let got = 0;
for (const path of ['/etc/passwd', '../outside/secret.txt', 'link.txt', 'linked/secret.txt', `${ARGS[1]}/secret.txt`, '/proc/self/environ', '/proc/self/maps', 'file:///etc/passwd', '..\\outside\\secret.txt', '/dev/fd/0']) {
  try { if (Tool.execute('file-operations', { operation: 'read', path }).success) got++; } catch {}
}
got;
