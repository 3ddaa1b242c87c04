// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// The global tables of the manifest.
(vm) => {
  const { keys, hasOwn, put } = vm;
  const tables = vm.manifest.globals;

  function kernelMember(member) {
    const call = (...args) => vm.call(member, undefined, args, call);
    return vm.named(member, call);
  }

  function localMember(member) {
    const call = (...args) => vm.local(member, args, call);
    return vm.named(member, call);
  }

  // A member that the table lacks is asked of the kernel: `Tool.calculator`. What every object has stays as it is,
  // and so do the keys that the language itself asks for.
  function withIndex(table, member) {
    const get = (target, key) => {
      if (typeof key !== 'string' || key in target || key === 'then' || key === 'toJSON') return target[key];
      return vm.call(member, undefined, [key], get) ?? undefined;
    };
    vm.setPrototypeOf(table, new vm.NativeProxy({}, { __proto__: null, get }));
  }

  function addMembers(table, name, binding) {
    for (let i = 0; i < binding.kernel.length; i++) {
      put(table, binding.kernel[i], kernelMember(name + '.' + binding.kernel[i]));
    }
    for (let i = 0; i < binding.local.length; i++) {
      put(table, binding.local[i], localMember(name + '.' + binding.local[i]));
    }
    addAliases(table, binding);
    if (binding.index) withIndex(table, name + '.' + binding.index);
  }

  function addAliases(table, binding) {
    const aliases = keys(binding.aliases);
    for (let i = 0; i < aliases.length; i++) {
      const target = binding.aliases[aliases[i]];
      if (hasOwn(table, target) && !hasOwn(table, aliases[i])) put(table, aliases[i], table[target]);
    }
  }

  function addGlobal(name, binding) {
    if (name[0] === '@') return;
    // The language's own JSON stays; it only gets the other spellings.
    if (name === 'JSON') return addAliases(JSON, binding);
    const table = {};
    addMembers(table, name, binding);
    if (binding.builders) vm.addBuilders(table, binding.builders);
    vm.global(name, table);
  }

  const names = keys(tables);
  for (let i = 0; i < names.length; i++) addGlobal(names[i], tables[names[i]]);
  if (!hasOwn(globalThis, 'Logger')) vm.global('Logger', {});
  if (!hasOwn(globalThis, 'Utils')) vm.global('Utils', {});
};
