// The compiler's own declarations of what JavaScript brings, up to the edition of 2022: some 50 files, which only scripts of forms need.
const files = import.meta.glob<string>(
  ['/node_modules/typescript/lib/lib.es5.d.ts', '/node_modules/typescript/lib/lib.decorators*.d.ts', '/node_modules/typescript/lib/lib.es20{15,16,17,18,19,20,21,22}*.d.ts'],
  { query: '?raw', import: 'default', eager: true },
);

/** The text of one of the compiler's libraries. */
export function readBuiltIn(name: string): string {
  return files[`/node_modules/typescript/lib/${name}`] ?? '';
}
