// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// Objects of the kernel. What a handle stands for is a private field, so a script can neither read nor forge it.
(vm) => {
  const { keys, hasOwn } = vm;
  const bindings = vm.manifest.handles;

  class Handle {
    #record;
    constructor(record) {
      this.#record = record;
    }
    static record(value) {
      return #record in value ? value.#record : undefined;
    }
  }
  const recordOf = Handle.record;
  const prototypes = { __proto__: null };
  const live = new vm.Map();

  // `received` counts how often the kernel sent a handle: a release gives exactly that many back.
  const registry = new vm.FinalizationRegistry((record) => {
    if (vm.mapGet(live, record.reference)?.record === record) vm.mapDelete(live, record.reference);
    vm.ask('release', '[' + vm.quote(record.reference) + ',' + record.received + ']');
  });

  vm.referenceOf = (value) => recordOf(value)?.reference;

  // The one handle for this reference, new if the script holds none.
  vm.receive = (reference) => {
    const known = vm.mapGet(live, reference);
    const handle = (known && vm.deref(known.weak)) ?? makeHandle(reference);
    recordOf(handle).received++;
    return handle;
  };

  function makeHandle(reference) {
    const record = { __proto__: null, reference, received: 0 };
    const handle = new Handle(record);
    vm.setPrototypeOf(handle, prototypeFor(vm.slice(reference, 0, vm.indexOf(reference, ':'))));
    vm.mapSet(live, reference, { __proto__: null, record, weak: new vm.WeakRef(handle) });
    vm.register(registry, handle, record);
    return handle;
  }

  function prototypeFor(kind) {
    return (prototypes[kind] ??= makePrototype(kind, hasOwn(bindings, kind) ? bindings[kind] : undefined));
  }

  function makePrototype(kind, binding) {
    const prototype = vm.create(null);
    vm.put(prototype, Symbol.toStringTag, kind, false);
    addGetter(prototype, 'toString', (handle) => () => vm.referenceOf(handle));
    if (binding) addMembers(prototype, kind, binding);
    return vm.freeze(prototype);
  }

  function addMembers(prototype, kind, binding) {
    for (let i = 0; i < binding.methods.length; i++)
      addMethod(prototype, kind, binding.methods[i], binding.methods[i]);
    for (let i = 0; i < binding.fields.length; i++)
      addField(prototype, kind, binding.fields[i], binding.fields[i]);
    const aliases = keys(binding.aliases);
    for (let i = 0; i < aliases.length; i++) {
      const name = binding.aliases[aliases[i]];
      const add = contains(binding.methods, name) ? addMethod : addField;
      add(prototype, kind, aliases[i], name);
    }
  }

  function contains(list, value) {
    for (let i = 0; i < list.length; i++) if (list[i] === value) return true;
    return false;
  }

  // Reading a method gives it bound to its handle, so `const { execute } = agent` works.
  function addMethod(prototype, kind, key, name) {
    addGetter(prototype, key, (handle) => {
      const method = (...args) => vm.call(kind + '.' + name, vm.referenceOf(handle), args, method);
      return vm.named(key, method);
    });
  }

  function addField(prototype, kind, key, name) {
    addGetter(prototype, key, (handle) => vm.call(kind + '.' + name, vm.referenceOf(handle), []));
  }

  function addGetter(prototype, key, read) {
    const get = function () {
      const isHandle = typeof this === 'object' && this !== null && recordOf(this) !== undefined;
      if (!isHandle) throw new vm.TypeError("'" + key + "' was read from an object that is not a handle");
      return read(this);
    };
    vm.defineProperty(prototype, key, { __proto__: null, get, enumerable: true, configurable: true });
  }
};
