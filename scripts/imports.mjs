// Every way in which TypeScript names another module: import, export from, import(), require(), import types, references.
import ts from 'typescript';

/** The imports of one file; `specifier` is undefined where it is computed. */
export function importsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const found = [];

  function add(node, name) {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push({ specifier: name && ts.isStringLiteralLike(name) ? name.text : undefined, line: line + 1 });
  }

  function visit(node) {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node, node.expression);
    else if (ts.isImportTypeNode(node))
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node) && loadsModule(node.expression)) add(node, node.arguments[0]);
    ts.forEachChild(node, visit);
  }

  visit(file);
  for (const { fileName, pos } of [...file.typeReferenceDirectives, ...file.referencedFiles]) {
    found.push({ specifier: fileName, line: file.getLineAndCharacterOfPosition(pos).line + 1 });
  }
  return found;
}

function loadsModule(callee) {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}
