import type {
  BuilderDefinition,
  GlobalDefinition,
  HandleDefinition,
  MemberDefinition,
} from '../../src/globals/define.js';
import type { BuilderBinding, GlobalBinding, HandleBinding, Manifest } from '../../src/script/manifest.js';
import { ownSpellings } from './names.js';
import type { Sources } from './sources.js';

/** What the isolates need to know of the catalogue: names only. */
export function manifestOf(sources: Sources): Manifest {
  const manifest: Manifest = { globals: {}, handles: {} };
  for (const { definition } of sources.globals) {
    manifest.globals[definition.name] = globalBinding(definition);
    for (const handle of definition.handles ?? []) manifest.handles[handle.kind] = handleBinding(handle);
  }
  return manifest;
}

function globalBinding(definition: GlobalDefinition): GlobalBinding {
  const members = Object.entries(definition.members).filter(([name]) => !name.startsWith('@'));
  const names = (local: boolean) =>
    members
      .filter(([, member]) => (member.where === 'isolate') === local && !member.builder)
      .map(([name]) => name);
  const index = members.find(([, member]) => member.index)?.[0];
  const builders = members.flatMap(([name, { builder }]) =>
    builder ? [[name, builderBinding(definition.name, builder)] as const] : [],
  );
  return {
    kernel: names(false),
    local: names(true),
    aliases: aliasTable(members),
    ...(index && { index }),
    ...(builders.length > 0 && { builders: Object.fromEntries(builders) }),
  };
}

function builderBinding(global: string, builder: BuilderDefinition): BuilderBinding {
  const setters = Object.entries(builder.setters).map(([name, { action, key, value }]) => [
    name,
    { action, key, ...(value !== undefined && { value }) },
  ]);
  const methods = [...Object.keys(builder.setters), ...Object.keys(builder.finish)];
  const aliases = methods.flatMap((name) => {
    const declared = Object.entries(builder.aliases ?? {}).flatMap(([alias, real]) =>
      real === name ? [alias] : [],
    );
    return ownSpellings(name, declared, methods).map((alias) => [alias, name] as const);
  });
  const finish = Object.entries(builder.finish).map(([method, member]) => [method, `${global}.${member}`]);
  return {
    setters: Object.fromEntries(setters),
    aliases: Object.fromEntries(aliases),
    finish: Object.fromEntries(finish),
  };
}

function handleBinding(handle: HandleDefinition): HandleBinding {
  const methods = Object.entries(handle.methods);
  return {
    methods: methods.map(([name]) => name),
    fields: Object.keys(handle.fields),
    aliases: aliasTable(methods),
  };
}

/** Other spelling → name. A spelling that is a member of its own stays one. */
function aliasTable(members: [string, MemberDefinition][]): Record<string, string> {
  const names = members.map(([name]) => name);
  const pairs = members.flatMap(([name, { aliases }]) =>
    ownSpellings(name, aliases, names).map((alias) => [alias, name] as const),
  );
  return Object.fromEntries(pairs);
}
