// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// What the engine asks about values: how a result reads, what was thrown, which names an object has.
(vm) => {
  const { quote } = vm;
  const { entries } = vm;

  // `[form, text]` and the value: `json` results are printed from the value, `text` results as they are.
  entries.describe = (value) => {
    if (value === undefined) return '["none","",["v",null]]';
    const isData =
      typeof value === 'object' && value !== null && vm.referenceOf(value) === undefined && isJson(value);
    const text = isData ? '' : typeof value === 'string' ? value : vm.inspect(value);
    return '["' + (isData ? 'json' : 'text') + '",' + quote(text) + ',' + wireAny(value) + ']';
  };

  function isJson(value) {
    return vm.isArray(value) || vm.isPlain(value) || vm.kindOf(value) === undefined;
  }

  // A result must always cross, whatever its getters do.
  function wireAny(value) {
    try {
      return vm.wire(value, true);
    } catch {
      return '["v","<value that cannot be read>"]';
    }
  }

  entries.wire = (value) => vm.wire(value);

  entries.explain = (thrown) => {
    const facts = { __proto__: null, stack: '', name: '', message: '' };
    try {
      read(thrown, facts);
    } catch {
      facts.message ||= 'an error that cannot be read';
    }
    return vm.wire(facts, true);
  };

  function read(thrown, facts) {
    const known = vm.kernelErrorOf(thrown);
    const isObject = typeof thrown === 'object' && thrown !== null;
    if (!isObject || vm.isProxy(thrown) || !vm.inherits(vm.prototypes.error, thrown)) {
      facts.message = typeof thrown === 'string' ? thrown : vm.inspect(thrown);
      return;
    }
    facts.stack = asText(thrown.stack);
    if (known) facts.known = known;
    facts.name = asText(thrown.name);
    facts.message = asText(thrown.message);
  }

  const asText = (value) => (typeof value === 'string' ? value : '');

  entries.makeError = (text) => vm.makeError(vm.parse(text));

  entries.defaultExport = (namespace) => {
    const property = vm.getOwnPropertyDescriptor(namespace, 'default');
    return property ? property.value : undefined;
  };

  // Asynchronous code gives `{ value }`.
  entries.asyncValue = (result) => result.value;

  entries.setArguments = (text) => {
    const { script, positional, named } = vm.parse(text);
    const all = vm.parse(vm.quote(named));
    const list = [script];
    for (let i = 0; i < positional.length; i++) vm.append(list, positional[i]);
    for (let i = 0; i < list.length; i++) vm.put(all, vm.text(i), list[i]);
    vm.global('ARGS', all);
    vm.global('args', named);
    vm.global('arg', list);
  };
  vm.global('ARGS', {});
  vm.global('args', {});
  vm.global('arg', []);

  // The globals that scripts have made, with what they hold. Getters are not read.
  let builtIn;
  entries.noteGlobals = () => {
    builtIn = vm.create(null);
    const names = vm.ownKeys(globalThis);
    for (let i = 0; i < names.length; i++) builtIn[names[i]] = true;
  };
  entries.listGlobals = () => {
    const found = [];
    const names = vm.sort(vm.keys(globalThis));
    for (let i = 0; i < names.length; i++) {
      const { value } = vm.getOwnPropertyDescriptor(globalThis, names[i]);
      if (!builtIn[names[i]]) vm.append(found, { __proto__: null, name: names[i], type: typeName(value) });
    }
    return vm.wire(found);
  };

  function typeName(value) {
    if (typeof value !== 'object') return typeof value;
    if (value === null) return 'null';
    const reference = vm.referenceOf(value);
    if (reference !== undefined) return vm.slice(reference, 0, vm.indexOf(reference, ':'));
    if (vm.isOpaque(value)) return 'object';
    return vm.isArray(value) ? 'array' : (vm.kindOf(value) ?? 'object');
  }

  // Names that can follow the path, as JSON. Only descriptors are read and proxies are left alone: nothing runs.
  entries.namesAt = (pathText, base) => {
    let value = base;
    const path = vm.parse(pathText);
    for (let i = 0; i < path.length; i++) value = member(value, path[i]);
    const names = [];
    for (let at = value, level = 0; isWalkable(at) && level < 20; at = vm.getPrototypeOf(at), level++) {
      if (at === vm.ObjectPrototype) break;
      addNames(names, at);
    }
    return vm.wire(names);
  };

  const isWalkable = (value) =>
    ((typeof value === 'object' && value !== null) || typeof value === 'function') && !vm.isOpaque(value);

  vm.isOpaque = (value) => vm.isProxy(value);

  function member(value, name) {
    for (let at = value, level = 0; isWalkable(at) && level < 20; at = vm.getPrototypeOf(at), level++) {
      const property = vm.getOwnPropertyDescriptor(at, name);
      if (property) return property.value;
    }
    return undefined;
  }

  function addNames(names, value) {
    const own = vm.ownKeys(value);
    for (let i = 0; i < own.length; i++) if (typeof own[i] === 'string') vm.append(names, own[i]);
  }
};
