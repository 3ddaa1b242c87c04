// Downloads a file: the body goes to disk and not through the spell. Both ends need a grant.
//
//   llmspell run examples/download.js
//
// Prints what is refused, and the flag that would grant it.

function download(url, path) {
  try {
    const { result } = Tool.execute('http-requester', { input: url, save_to: path, timeout_ms: 10_000 });
    print(`${result.size_bytes} bytes in ${result.saved_to}`);
  } catch (error) {
    print(`${error.code}: ${error.hint}`);
  }
}

download('https://example.com/data.csv', '/tmp/llmspell-example.csv');
download('https://example.com/data.csv', '/etc/data.csv');
