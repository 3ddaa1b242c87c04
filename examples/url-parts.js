// Takes URLs apart: hosts in both spellings, parameters that stand twice, user names without their passwords.
//
//   llmspell run examples/url-parts.js
//
// Prints the parts of three addresses. Nothing is fetched.

for (const input of [
  'https://bücher.example/suche?q=tee%20kanne&sort=price&sort=name#top',
  'http://[::1]:8080/',
  'https://ada:lovelace@example.com/',
]) {
  const { result } = Tool.execute('url-analyzer', { input });
  print(result.normalized);
  print(`  host: ${result.host_details.unicode ?? result.host} (${result.host_details.type})`);
  if (result.port) print(`  port: ${result.port}`);
  for (const { name, value } of result.query_list) print(`  ${name} = ${value}`);
  if (result.has_auth) print(`  user: ${result.username}, with a password: ${result.has_password}`);
}
