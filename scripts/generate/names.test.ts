import { expect, test } from 'vitest';
import { camelCase, ownSpellings, pascalCase, snakeCase, spellings } from './names.js';

test.each([
  ['list_keys', 'listKeys', 'list_keys', 'ListKeys'],
  ['listKeys', 'listKeys', 'list_keys', 'ListKeys'],
  ['max_memory_mb', 'maxMemoryMb', 'max_memory_mb', 'MaxMemoryMb'],
  ['_private', '_private', '_private', '_private'],
  ['vector-store', 'vector-store', 'vector-store', 'VectorStore'],
])('%s in every case', (name, camel, snake, pascal) => {
  expect([camelCase(name), snakeCase(name), pascalCase(name)]).toEqual([camel, snake, pascal]);
});

test('aliases have both cases too', () => {
  expect(spellings('invokeStream', ['execute_stream'])).toEqual([
    'executeStream',
    'execute_stream',
    'invoke_stream',
  ]);
});

test('the spelling of another member is not an alias, in either case', () => {
  expect(ownSpellings('find', ['look_up', 'seek'], ['find', 'lookUp'])).toEqual(['seek']);
});
