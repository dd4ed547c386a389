"""The names that a template asks its page for, those of all that it extends and includes among them."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables


@cache
def names_asked_for(environment: Environment, template: str) -> frozenset[str]:
    """Return every name that a template reads and doesn't make, but for the globals of the environment.

    A name that it asks for only with a guard (``is defined``, ``default``) may stay unsaid.
    """
    assert environment.loader
    tree = environment.parse(environment.loader.get_source(environment, template)[0])
    asked = set(find_undeclared_variables(tree)) - _guarded(tree)
    made = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    made.update(macro.name for macro in tree.find_all(nodes.Macro))
    for imported in tree.find_all(nodes.FromImport):
        made.update(name if isinstance(name, str) else name[1] for name in imported.names)
    parts: list[nodes.Extends | nodes.Include] = [*tree.find_all(nodes.Extends), *tree.find_all(nodes.Include)]
    for part in parts:
        for name in _templates_named(part.template):
            inner = names_asked_for(environment, name)
            if isinstance(part, nodes.Include) and not part.with_context:
                assert not inner, f"{template} includes {name} without context, and it asks for {sorted(inner)}"
            asked |= inner - made
    return frozenset(asked - made - environment.globals.keys())


def _templates_named(expression: nodes.Expr) -> list[str]:
    """Return the templates of an ``extends`` or ``include``, which may choose between several."""
    found = [expression] if isinstance(expression, nodes.Const) else list(expression.find_all(nodes.Const))
    return [str(node.value) for node in found if str(node.value).endswith(".html")]


def _guarded(tree: nodes.Template) -> set[str]:
    """Return the names that are read behind a guard wherever they are read."""
    guards = [
        *(node.node for node in tree.find_all(nodes.Test) if node.name in ("defined", "undefined")),
        *(node.node for node in tree.find_all(nodes.Filter) if node.name == "default"),
    ]
    behind = {id(node): node.name for node in guards if isinstance(node, nodes.Name)}
    plain = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load" and id(node) not in behind}
    return set(behind.values()) - plain
