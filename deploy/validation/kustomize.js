// Builds a kustomization as JSON, for checks where no kustomize is at hand (Debian's kubectl carries one of 2019 that cannot read these files).
// It knows what our files use and refuses everything else; a test compares it with the real one where that is installed.
// Left out on purpose: the hash at the end of generated names.
const fs = require('fs'), path = require('path'), yaml = require('js-yaml');

const only = (object, allowed, where) => {
  const unknown = Object.keys(object).filter(k => !allowed.includes(k));
  if (unknown.length) throw new Error(`${where}: ${unknown} is not known here`);
};
const load = file => yaml.loadAll(fs.readFileSync(file, 'utf8')).filter(Boolean);

// The keys by which a strategic merge finds an item of a list; other lists are replaced.
const keys = { containers: 'name', volumes: 'name', env: 'name', volumeMounts: 'mountPath', ports: 'containerPort' };
const merge = (into, patch, name) => {
  if (Array.isArray(into) && Array.isArray(patch) && keys[name]) {
    const items = into.map(item => patch.find(p => p[keys[name]] === item[keys[name]]) ? merge(item, patch.find(p => p[keys[name]] === item[keys[name]])) : item);
    return [...patch.filter(p => !into.some(item => item[keys[name]] === p[keys[name]])), ...items];
  }
  if (into === null || patch === null || typeof into !== 'object' || typeof patch !== 'object' || Array.isArray(into) || Array.isArray(patch)) return patch;
  const merged = { ...into };
  for (const [k, v] of Object.entries(patch)) merged[k] = k in into ? merge(into[k], v, k) : v;
  return merged;
};
const replace = (document, operations) => {
  for (const { op, path: pointer, value } of operations) {
    if (op !== 'replace') throw new Error(`${op} is not known here`);
    const steps = pointer.split('/').slice(1), last = steps.pop(), parent = steps.reduce((o, s) => o[s], document);
    if (!(last in parent)) throw new Error(`${pointer} is not there`);
    parent[last] = value;
  }
  return document;
};

const values = (generator, folder) => {
  only(generator, ['name', 'behavior', 'literals', 'envs', 'files'], generator.name);
  const pairs = [
    ...(generator.literals ?? []),
    ...(generator.envs ?? []).flatMap(f => fs.readFileSync(path.join(folder, f), 'utf8').split('\n').filter(l => l && !l.startsWith('#'))),
  ].map(l => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]);
  const files = (generator.files ?? []).map(f => f.split('=')).map(([key, file]) => [key, fs.readFileSync(path.join(folder, file ?? key), 'utf8')]);
  return Object.fromEntries([...pairs, ...files]);
};

const build = folder => {
  const [k] = load(path.join(folder, 'kustomization.yaml'));
  only(k, ['apiVersion', 'kind', 'namespace', 'resources', 'configMapGenerator', 'patches', 'images'], folder);
  let documents = k.resources.flatMap(r => fs.statSync(path.join(folder, r)).isDirectory() ? build(path.join(folder, r)) : load(path.join(folder, r)));

  for (const generator of k.configMapGenerator ?? []) {
    const data = values(generator, folder), existing = documents.find(d => d.kind === 'ConfigMap' && d.metadata.name === generator.name);
    if ((generator.behavior === 'merge') !== Boolean(existing)) throw new Error(`ConfigMap ${generator.name}: ${existing ? 'is there already' : 'nothing to merge into'}`);
    if (existing) Object.assign(existing.data, data);
    else documents.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: generator.name }, data });
  }
  for (const patch of k.patches ?? []) {
    only(patch, ['path', 'patch', 'target'], folder);
    only(patch.target, ['kind'], folder);
    const content = patch.path ? load(path.join(folder, patch.path))[0] : yaml.load(patch.patch);
    documents = documents.map(d => d.kind !== patch.target.kind ? d
      : Array.isArray(content) ? replace(d, content)
      : merge(d, { ...content, metadata: Object.fromEntries(Object.entries(content.metadata).filter(([key]) => key !== 'name')) }));
  }
  for (const image of k.images ?? []) {
    only(image, ['name', 'newName', 'newTag'], folder);
    for (const container of documents.flatMap(d => d.spec?.template?.spec?.containers ?? []))
      if (container.image === image.name) container.image = `${image.newName ?? image.name}:${image.newTag}`;
  }
  if (k.namespace) for (const d of documents) if (d.kind !== 'Namespace') d.metadata.namespace = k.namespace;
  return documents;
};

process.stdout.write(JSON.stringify(build(process.argv[2])));
