// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// Values on their way out and in, as JSON text. What JSON lacks is an object with a single key that begins with `$`;
// a script's own object of that shape travels inside `{"$obj": …}`.
(vm) => {
  const { quote, keys, isArray, put } = vm;
  const MAX_DEPTH = vm.manifest.limits.depth;
  const MAX_NODES = vm.manifest.limits.nodes;
  const MAX_SAFE = 9007199254740991n;

  function refuse(state, type, hint) {
    if (state.lenient) return quote('<' + type + '>');
    const message = 'Unsupported JavaScript type for JSON conversion: ' + type;
    throw vm.makeError({ __proto__: null, code: 'value.unsupported', message, hint }, state.origin);
  }

  // One text per value; `path` is the chain of the objects around it.
  function write(value, state, path) {
    switch (typeof value) {
      case 'string':
        return quote(value);
      case 'number':
        return vm.isFinite(value) ? '' + value : 'null';
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        return writeBigInt(value, state);
      case 'function':
        return state.lenient ? '"<function>"' : special(state, '$fn', '' + vm.keepFunction(value));
      case 'symbol':
        return refuse(state, 'symbol');
      case 'undefined':
        return 'null';
      default:
        return value === null ? 'null' : writeObject(value, state, path);
    }
  }

  function special(state, key, text) {
    state.special = true;
    return '{"' + key + '":' + text + '}';
  }

  function writeBigInt(value, state) {
    if (value <= MAX_SAFE && value >= -MAX_SAFE) return '' + value;
    return special(state, '$int', '"' + value + '"');
  }

  function writeObject(value, state, path) {
    const reference = vm.referenceOf(value);
    if (reference !== undefined) {
      return state.lenient ? quote('<' + reference + '>') : special(state, '$ref', quote(reference));
    }
    const obstacle = obstacleTo(value, state, path);
    if (obstacle) return obstacle;
    const inner = { __proto__: null, value, depth: path ? path.depth + 1 : 1, outer: path };
    if (isArray(value)) return writeArray(value, state, inner);
    return vm.isPlain(value) ? writeRecord(value, state, inner) : writeExotic(value, state, inner);
  }

  function obstacleTo(value, state, path) {
    if (++state.nodes > MAX_NODES)
      stop(state, 'value.too_large', 'A value holds more than ' + MAX_NODES + ' parts');
    for (let at = path; at; at = at.outer) {
      if (at.value !== value) continue;
      if (state.lenient) return '"<circular reference>"';
      stop(state, 'value.cyclic', 'Circular reference detected: an object contains itself');
    }
    if (!path || path.depth < MAX_DEPTH) return undefined;
    if (state.lenient) return '"<too deep>"';
    return stop(state, 'value.too_deep', 'An object is nested deeper than ' + MAX_DEPTH + ' levels');
  }

  function stop(state, code, message) {
    throw vm.makeError({ __proto__: null, code, message }, state.origin);
  }

  function writeArray(list, state, path) {
    let text = '';
    for (let i = 0; i < list.length; i++) text += (i > 0 ? ',' : '') + write(list[i], state, path);
    return '[' + text + ']';
  }

  function writeRecord(record, state, path) {
    const fields = startFields();
    const names = keys(record);
    for (let i = 0; i < names.length; i++) addField(fields, names[i], record[names[i]], state, path);
    return endFields(fields, state);
  }

  function startFields() {
    return { __proto__: null, text: '', count: 0, first: '' };
  }

  function addField(fields, name, value, state, path) {
    if (value === undefined) return;
    if (fields.count++ === 0) fields.first = name;
    fields.text += (fields.count > 1 ? ',' : '') + quote(name) + ':' + write(value, state, path);
  }

  function endFields(fields, state) {
    const text = '{' + fields.text + '}';
    return fields.count === 1 && fields.first[0] === '$' ? special(state, '$obj', text) : text;
  }

  const exotic = {
    __proto__: null,
    date: (value) => (vm.isFinite(vm.dateTime(value)) ? quote(vm.dateText(value)) : 'null'),
    number: (value, state, path) => write(vm.numberOf(value), state, path),
    string: (value) => quote(vm.stringOf(value)),
    boolean: (value) => '' + vm.booleanOf(value),
    typed: writeTypedArray,
    buffer: (value, state) => writeBytes(new vm.Uint8Array(value), state),
    map: writeMap,
    set: writeSet,
    error: writeError,
    promise: (_, state) =>
      refuse(state, 'promise', 'Use `await` to get the value that the promise stands for.'),
    regexp: (value, state) => (state.lenient ? quote(vm.regexpText(value)) : refuse(state, 'regexp')),
    weakmap: (_, state) => refuse(state, 'weakmap'),
    weakset: (_, state) => refuse(state, 'weakset'),
    weakref: (_, state) => refuse(state, 'weakref'),
  };

  function writeExotic(value, state, path) {
    const writer = exotic[vm.kindOf(value) ?? ''];
    return writer ? writer(value, state, path) : writeRecord(value, state, path);
  }

  function writeTypedArray(value, state) {
    const tag = vm.arrayTag(value);
    if (tag === 'Uint8Array' || tag === 'Uint8ClampedArray') return writeBytes(value, state);
    let text = '';
    const length = vm.arrayLength(value);
    for (let i = 0; i < length; i++) text += (i > 0 ? ',' : '') + write(value[i], state);
    return '[' + text + ']';
  }

  function writeBytes(bytes, state) {
    let text = '';
    const length = vm.arrayLength(bytes);
    for (let i = 0; i < length; i++) text += vm.fromCharCode(bytes[i]);
    return special(state, '$bytes', quote(text));
  }

  function writeMap(map, state, path) {
    const fields = startFields();
    vm.mapForEach(map, (value, key) => {
      if (typeof key === 'object' || typeof key === 'function' || typeof key === 'symbol') {
        if (state.lenient) return;
        refuse(state, 'map with keys that are not text');
      }
      addField(fields, '' + key, value, state, path);
    });
    return endFields(fields, state);
  }

  function writeSet(set, state, path) {
    let text = '';
    vm.setForEach(set, (value) => {
      text += (text === '' ? '' : ',') + write(value, state, path);
    });
    return '[' + text + ']';
  }

  function writeError(error, state, path) {
    const fields = startFields();
    addField(fields, 'name', error.name, state, path);
    addField(fields, 'message', error.message, state, path);
    const names = keys(error);
    for (let i = 0; i < names.length; i++) {
      if (names[i] !== 'name' && names[i] !== 'message')
        addField(fields, names[i], error[names[i]], state, path);
    }
    return endFields(fields, state);
  }

  const startState = (lenient, origin) => ({ __proto__: null, lenient, origin, special: false, nodes: 0 });

  // `["r", …]` when something inside has to be revived on the other side, `["v", …]` when it is JSON as it stands.
  // Errors seem to come from `origin`, the function that the script called.
  vm.wire = (value, lenient = false, origin = undefined) => {
    const state = startState(lenient, origin);
    const text = write(value, state, undefined);
    return '["' + (state.special ? 'r' : 'v') + '",' + text + ']';
  };

  function revive(value) {
    if (typeof value !== 'object' || value === null) return value;
    const names = keys(value);
    if (names.length === 1 && names[0][0] === '$' && !isArray(value))
      return reviveSpecial(names[0], value[names[0]]);
    reviveMembers(value, names);
    return value;
  }

  function reviveMembers(value, names) {
    for (let i = 0; i < names.length; i++) {
      const inner = value[names[i]];
      if (typeof inner === 'object' && inner !== null) put(value, names[i], revive(inner));
    }
  }

  function reviveSpecial(key, content) {
    switch (key) {
      case '$fn':
        return vm.functionOf(content);
      case '$ref':
        return vm.receive(content);
      case '$int':
        return vm.BigInt(content);
      case '$bytes':
        return reviveBytes(content);
      default:
        reviveMembers(content, keys(content));
        return content;
    }
  }

  function reviveBytes(text) {
    const bytes = new vm.Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = vm.charCodeAt(text, i);
    return bytes;
  }

  // The value of a wire text.
  vm.unwire = (text) => {
    const message = vm.parse(text);
    return message[0] === 'r' ? revive(message[1]) : message[1];
  };
  vm.revive = revive;
};
