// Captures what the prelude needs of the language before any script can change it. The object made here is shared
// by the parts of the prelude and reachable from nowhere else. None of the prelude may use what QuickJS looks up at run
// time where a script can have changed it: template literals, array patterns, spreading and `for … of`.
(send, manifestText) => {
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const uncurry = Function.prototype.bind.bind(Function.prototype.call);
  const getter = (prototype, key) => uncurry(getOwnPropertyDescriptor(prototype, key).get);
  const TypedArray = getPrototypeOf(Uint8Array);

  const vm = {
    __proto__: null,
    send,
    entries: { __proto__: null },
    manifest: JSON.parse(manifestText),
    apply,
    construct,
    defineProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    uncurry,
    Error,
    TypeError,
    Uint8Array,
    BigInt,
    Map,
    WeakMap,
    WeakRef,
    FinalizationRegistry,
    NativeProxy: Proxy,
    create: Object.create,
    freeze: Object.freeze,
    keys: Object.keys,
    setPrototypeOf: Object.setPrototypeOf,
    hasOwn: Object.hasOwn,
    isArray: Array.isArray,
    isFinite: Number.isFinite,
    isInteger: Number.isInteger,
    parse: JSON.parse,
    quote: JSON.stringify,
    text: String,
    fromCharCode: String.fromCharCode,
    floor: Math.floor,
    max: Math.max,
    captureStackTrace: Error.captureStackTrace,
    inherits: uncurry(Object.prototype.isPrototypeOf),
    functionText: uncurry(Function.prototype.toString),
    symbolText: uncurry(Symbol.prototype.toString),
    charCodeAt: uncurry(String.prototype.charCodeAt),
    indexOf: uncurry(String.prototype.indexOf),
    slice: uncurry(String.prototype.slice),
    startsWith: uncurry(String.prototype.startsWith),
    repeat: uncurry(String.prototype.repeat),
    sort: uncurry(Array.prototype.sort),
    mapGet: uncurry(Map.prototype.get),
    mapSet: uncurry(Map.prototype.set),
    mapDelete: uncurry(Map.prototype.delete),
    mapForEach: uncurry(Map.prototype.forEach),
    mapSize: getter(Map.prototype, 'size'),
    setForEach: uncurry(Set.prototype.forEach),
    setSize: getter(Set.prototype, 'size'),
    weakGet: uncurry(WeakMap.prototype.get),
    weakSet: uncurry(WeakMap.prototype.set),
    weakHas: uncurry(WeakMap.prototype.has),
    deref: uncurry(WeakRef.prototype.deref),
    register: uncurry(FinalizationRegistry.prototype.register),
    dateTime: uncurry(Date.prototype.getTime),
    dateText: uncurry(Date.prototype.toISOString),
    regexpText: uncurry(RegExp.prototype.toString),
    numberOf: uncurry(Number.prototype.valueOf),
    stringOf: uncurry(String.prototype.valueOf),
    booleanOf: uncurry(Boolean.prototype.valueOf),
    arrayTag: getter(TypedArray.prototype, Symbol.toStringTag),
    arrayLength: getter(TypedArray.prototype, 'length'),
    ObjectPrototype: Object.prototype,
    prototypes: {
      __proto__: null,
      date: Date.prototype,
      map: Map.prototype,
      set: Set.prototype,
      typed: TypedArray.prototype,
      buffer: ArrayBuffer.prototype,
      error: Error.prototype,
      number: Number.prototype,
      string: String.prototype,
      boolean: Boolean.prototype,
      promise: Promise.prototype,
      regexp: RegExp.prototype,
      weakmap: WeakMap.prototype,
      weakset: WeakSet.prototype,
      weakref: WeakRef.prototype,
    },
  };

  const kinds = ownKeys(vm.prototypes);

  // What kind of built-in object this is; undefined for plain objects and instances of the script's own classes.
  vm.kindOf = (value) => {
    for (let i = 0; i < kinds.length; i++) {
      if (vm.inherits(vm.prototypes[kinds[i]], value)) return kinds[i];
    }
    return undefined;
  };

  vm.isPlain = (value) => {
    const prototype = getPrototypeOf(value);
    return prototype === null || prototype === vm.ObjectPrototype;
  };

  // Defines instead of assigning: an assignment would ask the prototypes for setters first.
  vm.put = (target, key, value, enumerable = true) => {
    const property = { __proto__: null, value, enumerable, writable: true, configurable: true };
    return defineProperty(target, key, property);
  };
  vm.append = (list, value) => vm.put(list, list.length, value);
  vm.global = (name, value) => vm.put(globalThis, name, value, false);

  vm.named = (name, fn) => {
    defineProperty(fn, 'name', { __proto__: null, value: name, configurable: true });
    return fn;
  };

  // Shared memory and waiting on it would only block this thread; a stack formatter would see the prelude's functions.
  delete globalThis.Atomics;
  delete globalThis.SharedArrayBuffer;
  defineProperty(Error, 'prepareStackTrace', { __proto__: null, value: undefined });
  Error.stackTraceLimit = 50;

  // Completion must never run a trap, so it has to know which objects are proxies.
  const proxies = new WeakMap();
  const NativeProxy = Proxy;
  function ScriptProxy(target, handler) {
    if (!new.target) throw new vm.TypeError("Class constructor Proxy cannot be invoked without 'new'");
    const proxy = new NativeProxy(target, handler);
    vm.weakSet(proxies, proxy, true);
    return proxy;
  }
  const { revocable } = NativeProxy;
  vm.put(ScriptProxy, 'revocable', (target, handler) => {
    const made = revocable(target, handler);
    vm.weakSet(proxies, made.proxy, true);
    return made;
  });
  vm.global('Proxy', vm.named('Proxy', ScriptProxy));
  vm.isProxy = (value) => vm.weakHas(proxies, value);

  return vm;
};
