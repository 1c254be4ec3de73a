// Finds every module specifier of a TypeScript file: static, dynamic and type imports, and re-exports. It parses and
// never resolves, so that it is quick and says what the file asks for, not what happens to be installed.
import ts from 'typescript';

export interface ImportUse {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
}

export function parseSource(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
}

export function findImports(source: ts.SourceFile): ImportUse[] {
  const found: ImportUse[] = [];
  const add = (literal: ts.StringLiteralLike): void => {
    const { line } = source.getLineAndCharacterOfPosition(literal.getStart(source));
    found.push({ specifier: literal.text, line: line + 1 });
  };
  const visit = (node: ts.Node): void => {
    const literal = specifierOf(node);
    if (literal !== undefined) add(literal);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  let candidate: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) candidate = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node))
    candidate = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  else if (ts.isExternalModuleReference(node)) candidate = node.expression;
  else if (ts.isCallExpression(node) && isModuleCall(node)) candidate = node.arguments[0];
  return candidate !== undefined && ts.isStringLiteralLike(candidate) ? candidate : undefined;
}

function isModuleCall(call: ts.CallExpression): boolean {
  if (call.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(call.expression) && call.expression.text === 'require';
}

/**
 * The statements of an `index.ts` that are not a re-export by name. `export {};` is how an empty face is written, and
 * generated code may be re-exported whole: its names are those of the contract that it is generated from.
 */
export function findNonReExports(source: ts.SourceFile): { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  for (const statement of source.statements) {
    if (isReExportByName(statement)) continue;
    const { line } = source.getLineAndCharacterOfPosition(statement.getStart(source));
    found.push({ line: line + 1, text: statement.getText(source).split('\n', 1)[0] ?? '' });
  }
  return found;
}

function isReExportByName(statement: ts.Statement): boolean {
  if (!ts.isExportDeclaration(statement)) return false;
  if (statement.exportClause === undefined) return isGenerated(statement.moduleSpecifier);
  if (!ts.isNamedExports(statement.exportClause)) return false;
  return statement.moduleSpecifier !== undefined || statement.exportClause.elements.length === 0;
}

function isGenerated(specifier: ts.Expression | undefined): boolean {
  return specifier !== undefined && ts.isStringLiteral(specifier) && specifier.text.startsWith('./gen/');
}
