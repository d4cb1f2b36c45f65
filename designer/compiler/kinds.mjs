/** Where scripts run, and what the compiler makes of them there. */
export const kinds = {
  /** In the sandbox of the server, which reads the fifth edition of JavaScript; the declarations that are handed in are all that there is. */
  rule: (ts) => ({ target: ts.ScriptTarget.ES5, noLib: true }),
  /** In the browser. */
  form: (ts) => ({ target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'] }),
};
