// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// Builders gather plain data inside the machine and cross once, when they are finished.
(vm) => {
  const { keys, put } = vm;

  class Builder {
    #data;
    constructor(data) {
      this.#data = data;
    }
    static data(value, name) {
      if (typeof value === 'object' && value !== null && #data in value) return value.#data;
      throw new vm.TypeError("'" + name + "' has to be called on a builder: builder." + name + '(…)');
    }
  }
  const dataOf = Builder.data;

  function setter(name, rule) {
    const set = function (value) {
      const data = dataOf(this, name);
      if (rule.action === 'append') data[rule.key] = appended(data[rule.key], value);
      else data[rule.key] = rule.action === 'fix' ? rule.value : value;
      return this;
    };
    return vm.named(name, set);
  }

  function appended(list, value) {
    const longer = list ?? [];
    vm.append(longer, value);
    return longer;
  }

  function finisher(name, member) {
    const finish = function () {
      return vm.call(member, undefined, [dataOf(this, name)], finish);
    };
    return vm.named(name, finish);
  }

  function makePrototype(binding) {
    const prototype = vm.create(null);
    vm.put(prototype, Symbol.toStringTag, 'builder', false);
    const setters = keys(binding.setters);
    for (let i = 0; i < setters.length; i++)
      put(prototype, setters[i], setter(setters[i], binding.setters[setters[i]]));
    const finishers = keys(binding.finish);
    for (let i = 0; i < finishers.length; i++) {
      put(prototype, finishers[i], finisher(finishers[i], binding.finish[finishers[i]]));
    }
    const aliases = keys(binding.aliases);
    for (let i = 0; i < aliases.length; i++)
      put(prototype, aliases[i], prototype[binding.aliases[aliases[i]]]);
    return vm.freeze(prototype);
  }

  function builderMember(name, binding) {
    const prototype = makePrototype(binding);
    return vm.named(name, (initial) => {
      const data = vm.create(null);
      const given = typeof initial === 'object' && initial !== null ? keys(initial) : [];
      for (let i = 0; i < given.length; i++) data[given[i]] = initial[given[i]];
      return vm.setPrototypeOf(new Builder(data), prototype);
    });
  }

  vm.addBuilders = (table, builders) => {
    const names = keys(builders);
    for (let i = 0; i < names.length; i++) put(table, names[i], builderMember(names[i], builders[names[i]]));
  };
};
