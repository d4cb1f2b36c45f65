/** What scripts of a kind cannot do, though the language can: each place where a script tries. */
export function refusalsIn(ts, source, kind) {
  const refusal = kind === 'form' ? inForms : inRules;
  const found = [];
  const refuse = (node, message) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push({ line: line + 1, column: character + 1, message });
  };
  const visit = (node) => {
    const message = refusal(ts, node);
    if (message) refuse(node, message);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const oneFile = 'import and export are not available: a script is one file.';

function inForms(ts, node) {
  if (node.kind === ts.SyntaxKind.Decorator) return 'Decorators are not available in scripts of forms.';
  return isModular(ts, node) ? oneFile : undefined;
}

function isModular(ts, node) {
  const kinds = ts.SyntaxKind;
  if ([kinds.ImportDeclaration, kinds.ImportEqualsDeclaration, kinds.ExportDeclaration, kinds.ExportAssignment].includes(node.kind)) return true;
  if (node.kind === kinds.CallExpression) return node.expression.kind === kinds.ImportKeyword;
  return modifiersOf(ts, node).some((modifier) => modifier.kind === kinds.ExportKeyword);
}

function modifiersOf(ts, node) {
  return ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
}

function inRules(ts, node) {
  if (isModular(ts, node)) return 'import and export are not available in rules: a rule is one file.';
  const kinds = ts.SyntaxKind;
  switch (node.kind) {
    case kinds.AwaitExpression:
      return 'await is not available in rules: a rule runs inside a save, and every function that it can call answers at once.';
    case kinds.YieldExpression:
      return 'yield is not available in rules: put the values into a list instead.';
    case kinds.GetAccessor:
    case kinds.SetAccessor:
      return 'get and set accessors are not available in rules: write a method.';
    case kinds.Decorator:
      return 'Decorators are not available in rules.';
    case kinds.WithStatement:
      return 'with is not available in rules.';
    case kinds.DebuggerStatement:
      return 'debugger is not available in rules: use log(...).';
    case kinds.ForOfStatement:
      return node.awaitModifier ? 'for await is not available in rules.' : undefined;
    default:
      return ofFunction(ts, node);
  }
}

function ofFunction(ts, node) {
  if (node.asteriskToken && ts.isFunctionLike(node)) return 'Generator functions are not available in rules: put the values into a list instead.';
  if (modifiersOf(ts, node).some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword))
    return 'async is not available in rules: a rule runs inside a save, and every function that it can call answers at once.';
  return undefined;
}
