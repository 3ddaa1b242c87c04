// attack: throwing an object whose text would take for ever
// expect: error script.error|execution.timeout
// with: timeout=400
throw { get message() { while (true); }, toString() { while (true); } };
