// Strict check of Kubernetes manifests without a cluster: each document becomes a typed literal and the TypeScript compiler judges it.
// Unknown fields, wrong types and missing required fields are errors. Reads YAML, or a JSON list, from the files named; `-` is standard input.
const fs = require('fs'), path = require('path'), os = require('os'), yaml = require('js-yaml'), ts = require('typescript');

const moduleOf = apiVersion => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return 'kubernetes-types/' + group.replace(/\.k8s\.io$/, '').replace(/^rbac\.authorization$/, 'rbac') + '/' + version;
};

let source = '';
const documents = [];
for (const file of process.argv.slice(2))
  yaml.loadAll(fs.readFileSync(file === '-' ? 0 : file, 'utf8')).flat().filter(Boolean).forEach(document => {
    const n = documents.length + 1;
    source += `import type {${document.kind} as K${n}} from '${moduleOf(document.apiVersion)}'; export const d${n}: K${n} = ${JSON.stringify(document, null, 1)};\n`;
    documents.push({ until: source.split('\n').length, file, document });
  });

// Beside node_modules, so that the types resolve; a name of its own, so that two runs do not meet.
const generated = path.join(__dirname, `generated-${process.pid}.ts`);
fs.writeFileSync(generated, source);
try {
  const program = ts.createProgram([generated], {
    strict: true, noEmit: true, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, skipLibCheck: true, types: [],
  });
  const errors = ts.getPreEmitDiagnostics(program).filter(e => e.file && e.file.fileName.endsWith(path.basename(generated)));
  for (const e of errors) {
    const line = e.file.getLineAndCharacterOfPosition(e.start).line + 1;
    const at = documents.find(d => line < d.until);
    console.log(`${at?.file}: ${at?.document.kind}/${at?.document.metadata?.name}: ${ts.flattenDiagnosticMessageText(e.messageText, ' ').slice(0, 300)}`);
  }
  console.log(`${documents.length} documents, ${errors.length} errors`);
  process.exitCode = errors.length ? 1 : 0;
} finally {
  fs.rmSync(generated);
}
