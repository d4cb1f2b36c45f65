import { readdirSync } from 'node:fs';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Layers from the outside in: a layer may import those after it, and itself. */
const layers = ['app', 'features', 'credentials', 'trial', 'fields', 'formula', 'ui', 'api', 'lib'];
const allowed = {
  app: ['features', 'credentials', 'trial', 'fields', 'formula', 'ui', 'api', 'lib'],
  features: ['credentials', 'trial', 'fields', 'formula', 'ui', 'api', 'lib'],
  credentials: ['ui', 'api', 'lib'],
  trial: ['fields', 'formula', 'ui', 'api', 'lib'],
  fields: ['formula', 'ui', 'api', 'lib'],
  formula: ['lib'],
  ui: ['lib'],
  api: ['lib'],
  lib: [],
};

const climbing = { regex: '^(\\.\\./){2,}', message: 'Import across folders with "@/".' };

function restrict(files, folders, message) {
  const patterns = folders.map((folder) => ({ regex: `^@/${folder}(/|$)`, message }));
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, climbing] }] } };
}

const layerRules = layers
  .filter((layer) => layer !== 'features')
  .map((layer) =>
    restrict(
      [`src/${layer}/**/*.{ts,tsx}`],
      layers.filter((other) => other !== layer && !allowed[layer].includes(other)),
      `Imports go one way: ${layers.join(' -> ')}.`,
    ),
  );

const features = readdirSync(new URL('src/features', import.meta.url));
const featureRules = features.map((feature) =>
  restrict(
    [`src/features/${feature}/**/*.{ts,tsx}`],
    ['app', ...features.filter((other) => other !== feature).map((other) => `features/${other}`)],
    'A feature imports neither the application nor another feature.',
  ),
);

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  ...tseslint.configs.strict,
  { files: ['src/**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', 400],
      'no-console': 'error',
    },
  },
  ...layerRules,
  ...featureRules,
);
