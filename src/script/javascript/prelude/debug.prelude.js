// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// `Debug.dump`, stack traces and timers: what needs to see the language's own values.
(vm) => {
  const { Debug } = globalThis;
  if (!Debug || !vm.hasOwn(vm.manifest.globals, 'Debug')) return;
  const { keys, quote } = vm;

  const presets = {
    __proto__: null,
    dump: {
      __proto__: null,
      max_depth: 10,
      indent_size: 2,
      max_string_length: 200,
      max_array_elements: 50,
      max_table_pairs: 50,
      show_types: true,
      compact_mode: false,
    },
    compact: {
      __proto__: null,
      max_depth: 3,
      indent_size: 0,
      max_string_length: 50,
      max_array_elements: 10,
      max_table_pairs: 10,
      show_types: false,
      compact_mode: true,
    },
    verbose: {
      __proto__: null,
      max_depth: 20,
      indent_size: 4,
      max_string_length: 1000,
      max_array_elements: 200,
      max_table_pairs: 200,
      show_types: true,
      compact_mode: false,
    },
  };

  function scalar(value, options) {
    if (typeof value === 'string') return showString(value, options);
    if (typeof value !== 'number' || !options.show_types) return vm.inspect(value);
    return value + ' (' + (vm.isInteger(value) ? 'integer' : 'number') + ')';
  }

  function showString(value, options) {
    const limit = options.max_string_length;
    const text = quote(value.length > limit ? vm.slice(value, 0, limit) + '...' : value);
    return options.show_types ? text + ' (string, ' + value.length + ' chars)' : text;
  }

  function write(value, options, path) {
    if (typeof value !== 'object' || value === null || isScalar(value)) return scalar(value, options);
    for (let at = path; at; at = at.outer) {
      if (at.value === value) return '<circular reference to depth ' + at.depth + '>';
    }
    const depth = path ? path.depth + 1 : 0;
    if (depth > options.max_depth) return '...';
    return writeBlock(value, options, { __proto__: null, value, depth, outer: path });
  }

  function isScalar(value) {
    return vm.referenceOf(value) !== undefined || (!vm.isArray(value) && vm.kindOf(value) !== undefined);
  }

  function writeBlock(value, options, path) {
    const isList = vm.isArray(value);
    const names = isList ? undefined : vm.sort(keys(value));
    const count = isList ? value.length : names.length;
    const limit = isList ? options.max_array_elements : options.max_table_pairs;
    const parts = [];
    for (let i = 0; i < count && i < limit; i++) {
      const key = isList ? i : names[i];
      vm.append(parts, label(key, isList, options) + write(value[key], options, path));
    }
    if (count > limit) vm.append(parts, '... ' + (count - limit) + ' more');
    return frame(parts, count, isList, options, path.depth);
  }

  function label(key, isList, options) {
    if (isList) return options.compact_mode ? '' : '[' + key + '] = ';
    return key + ' = ';
  }

  function frame(parts, count, isList, options, depth) {
    const open = isList ? '[' : '{';
    const close = isList ? ']' : '}';
    if (options.compact_mode) return open + joined(parts, ', ') + close;
    const size = isList ? 'array, ' + count + ' elements' : 'object, ' + count + ' pairs';
    const head = options.show_types ? open + ' (' + size + ')' : open;
    if (count === 0) return head + close;
    const pad = vm.repeat(' ', options.indent_size * (depth + 1));
    return (
      head +
      '\n' +
      pad +
      joined(parts, ',\n' + pad) +
      '\n' +
      vm.repeat(' ', options.indent_size * depth) +
      close
    );
  }

  function joined(parts, separator) {
    let text = '';
    for (let i = 0; i < parts.length; i++) text += (i > 0 ? separator : '') + parts[i];
    return text;
  }

  function dump(value, preset, overrides, title) {
    const options = vm.create(preset);
    const changed = typeof overrides === 'object' && overrides !== null ? keys(overrides) : [];
    for (let i = 0; i < changed.length; i++) options[changed[i]] = overrides[changed[i]];
    const text = write(value, options, undefined);
    if (title === undefined || title === null) return text;
    return title + ':' + (options.compact_mode ? ' ' : '\n') + text;
  }

  function add(name, alias, fn) {
    vm.put(Debug, name, vm.named('Debug.' + name, fn));
    vm.put(Debug, alias, Debug[name]);
  }

  vm.put(Debug, 'dump', (value, title, more) => {
    const isOptions = typeof title === 'object' && title !== null;
    return isOptions ? dump(value, presets.dump, title, more) : dump(value, presets.dump, undefined, title);
  });
  add('dumpCompact', 'dump_compact', (value, title) => dump(value, presets.compact, undefined, title));
  add('dumpVerbose', 'dump_verbose', (value, title) => dump(value, presets.verbose, undefined, title));
  add('dumpWithOptions', 'dump_with_options', (value, options, title) =>
    dump(value, presets.dump, options, title),
  );

  // The host reads the frames out of the stack's text and leaves out the prelude's own.
  function frames(options) {
    const level = vm.local('Debug.getLevel', []);
    const wanted = options && typeof options === 'object' ? options.max_depth : undefined;
    const limit = wanted ?? (level === 'ERROR' ? 20 : 50);
    const all = vm.ask('frames', '[' + quote(new vm.Error('').stack) + ']');
    const shown = [];
    for (let i = 0; i < all.length && i < limit; i++) vm.append(shown, all[i]);
    return { frames: shown, max_depth: limit, truncated: all.length > limit };
  }

  add('stackTrace', 'stack_trace', (options) => {
    const shown = frames(options).frames;
    let text = 'Stack trace:';
    for (let i = 0; i < shown.length; i++) {
      text +=
        '\n  #' + i + ": in function '" + shown[i].name + "' (" + shown[i].source + ':' + shown[i].line + ')';
    }
    return text;
  });
  // The wire form of plain data is `["v",…]`.
  add('stackTraceJson', 'stack_trace_json', (options) => vm.slice(vm.wire(frames(options)), 5, -1));

  class Timer {
    #id;
    constructor(id) {
      this.#id = id;
    }
    get id() {
      return this.#id;
    }
    stop() {
      return vm.local('Debug.timer', ['stop', this.#id]);
    }
    lap(name) {
      return vm.local('Debug.timer', ['lap', this.#id, name]);
    }
    elapsed() {
      return vm.local('Debug.timer', ['elapsed', this.#id]);
    }
  }
  vm.put(Debug, 'timer', (name) => new Timer(vm.local('Debug.timer', ['start', name])));
};
