// attack: the names that the prelude used are gone
// expect: value []
Reflect.ownKeys(globalThis).map(String).filter((name) => /^(host|__|llmspell|bridge|prelude|native)/i.test(name));
