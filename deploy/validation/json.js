// YAML (merge keys and all) to one JSON array of its documents, for the tests. `-` is standard input.
const fs = require('fs'), yaml = require('js-yaml');
const file = process.argv[2];
process.stdout.write(JSON.stringify(yaml.loadAll(fs.readFileSync(file === '-' ? 0 : file, 'utf8')).filter(Boolean)));
