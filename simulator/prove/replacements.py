"""Reads in a broken portal's source what it replaces, so that a proof knows what that can affect.

Nothing of it is run: what is not plainly a replacement and nothing else counts as touching all.
"""

import ast
from collections.abc import Iterator

#: What may be called as the file is loaded: it changes nothing.
_MAKES_A_VALUE = frozenset({"set", "Counter", "timedelta", "re.compile", "', '.join"})
_AS_IT_IS = "return reference_app(*args, **kwargs)"


def replaced_in(tree: ast.Module) -> tuple[str, ...]:
    """List the functions that `create_app` replaces, as package.module.Class.name.

    Gives () if it does anything else, because what it touches is then not known.
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
    """Say whether a statement changes nothing as the file is loaded, but gives something a name."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.FunctionDef(decorator_list=[]) | ast.AsyncFunctionDef(decorator_list=[]):
            return True
        case ast.ClassDef(decorator_list=[], keywords=[], body=body):
            return all(_only_defines(each) for each in body)
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()):
            return not any(
                isinstance(each, ast.NamedExpr)
                or (isinstance(each, ast.Call) and ast.unparse(each.func) not in _MAKES_A_VALUE)
                for each in ast.walk(node)
            )
        case ast.Expr():
            return _says_nothing(node)
    return False


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
