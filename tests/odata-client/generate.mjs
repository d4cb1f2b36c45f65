// Makes the library's typed client from $metadata, as its users do, and compiles it without asking for types.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { default: ts } = await import('typescript');
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };

/** The client for a service, made in a folder of its own inside this one, from where it finds its packages. */
export async function generateClient(url, headers) {
  const folder = fileURLToPath(new URL('generated', import.meta.url));
  const [specification, output] = [join(folder, 'specification'), join(folder, 'client')];
  mkdirSync(specification, { recursive: true });
  const answer = await fetch(`${url}/$metadata`, { headers: { ...headers, Accept: 'application/xml' } });
  writeFileSync(join(specification, 'xrm.edmx'), await answer.text());
  const options = join(folder, 'options.json');
  const key = 'tests/odata-client/generated/specification/xrm.edmx';
  writeFileSync(options, JSON.stringify({ [key]: { basePath: new URL(url).pathname, directoryName: 'xrm', packageName: 'xrm' } }));
  const program = fileURLToPath(new URL('node_modules/.bin/generate-odata-client', import.meta.url));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(program, ['--input', specification, '--outputDir', output, '--optionsPerService', options, '--clearOutputDir'], { cwd: root, stdio: 'inherit' });
  compile(join(output, 'xrm'));
  writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }');
  return createRequire(import.meta.url)(join(output, 'xrm')).xrm();
}

function compile(folder) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const source = join(folder, file);
    writeFileSync(source.replace(/\.ts$/, '.js'), ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions }).outputText);
  }
}
