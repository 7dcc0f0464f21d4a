"""Reads in a broken portal's source what it replaces, so that a proof knows whom that can concern.

Nothing of it is run: what is not plainly a replacement and nothing else counts as touching all.
"""

import ast
from collections.abc import Iterator

_AS_IT_IS = "return reference_app(*args, **kwargs)"


def replaced_in(tree: ast.Module) -> tuple[str, ...]:
    """List the functions that `create_app` replaces, as package.module.Class.name.

    Gives () where it does anything besides, so that what it touches is not known.
    """
    if not all(_only_defines(each) for each in tree.body):
        return ()
    imported = dict(_imported(tree))
    found = [
        _replaced(each, imported)
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.name == "create_app"
        for each in function.body
        if not _says_nothing(each)
    ]
    names = [each for each in found if each]
    return tuple(names) if len(names) == len(found) else ()


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"


def _only_defines(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return all(isinstance(each, ast.Name) for each in targets)
        case ast.Expr():
            return _says_nothing(node)
    return isinstance(
        node,
        ast.Import | ast.ImportFrom | ast.AnnAssign
        | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    )  # fmt: skip


def _says_nothing(node: ast.stmt) -> bool:
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or ast.unparse(node) == _AS_IT_IS


def _replaced(node: ast.stmt, imported: dict[str, str]) -> str:
    """Read `patch.object(WHERE, "name", ...).start()`; gives "" for anything else."""
    match node:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name(id="patch"), attr="object"),
                        args=[ast.Name(id=where), ast.Constant(value=str(name)), _by],
                    ),
                    attr="start",
                ),
                args=[],
            )
        ) if where in imported:
            return f"{imported[where]}.{name}"
    return ""
