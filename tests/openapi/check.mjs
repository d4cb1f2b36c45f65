// Holds OpenAPI documents against the specification through two validators that know nothing of Xrm: the schema of OpenAPI 3.1, and Redocly's
// rules for what a schema cannot say (references, ids, parameters of paths). Takes the names of files; ends with code 0 where all is well.
import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';

const config = await createConfig({ extends: ['spec'], rules: { 'no-ambiguous-paths': 'off' } });
let mistakes = 0;

for (const file of process.argv.slice(2)) {
  const source = readFileSync(file, 'utf8');
  const { valid, errors } = await new Validator().validate(JSON.parse(source));
  const found = valid ? [] : [errors].flat().map((error) => (typeof error === 'string' ? error : `${error.instancePath} ${error.message}`));
  for (const problem of await lintFromString({ source, absoluteRef: file, config }))
    found.push(`${problem.location[0]?.pointer ?? ''} ${problem.ruleId}: ${problem.message}`);
  for (const problem of found) console.error(`${file}: ${problem}`);
  if (found.length === 0) console.log(`ok: ${file}`);
  mistakes += found.length;
}

process.exit(mistakes > 0 ? 1 : 0);
