import { expect } from 'vitest';
import { pythonServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

/** Knows two operations by their names, as a server with stored documents does. */
const HANDLER = `users = {"1": "Ada", "2": "Bo"}

def do_POST(self):
    request = json.loads(self.body())
    if request.get("operationName") == "All":
        return self.answer(200, {"data": {"users": [{"name": name} for name in self.users.values()]}})
    if request.get("operationName") != "One":
        return self.answer(400, {"errors": [{"message": "Must provide operation name"}]})
    name = self.users.get(request["variables"]["id"])
    self.answer(200, {"data": {"user": {"name": name}}, "extensions": {"asked": request["query"].count("query")}})`;

export default toolCase({
  tool: 'graphql-query',
  programs: ['python3'],
  prepare: (dir) => pythonServer(dir, HANDLER),
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({
    endpoint: `${url}/graphql`,
    query: 'query All { users { name } } query One($id: ID!) { user(id: $id) { name } }',
    variables: { id: '2' },
    operation_name: 'One',
  }),
  check({ result }) {
    expect(result).toMatchObject({
      operation: 'query',
      result: { data: { user: { name: 'Bo' } }, extensions: { asked: 2 } },
    });
  },
  close: stopServer,
});
