"""How templates become programs: what is the same on every page is drawn once, and what differs is written quickly.

A page calls some sixty macros, most of them with words that stand in the template, ``button("Continue")``. An imported
macro sees its arguments and the environment's globals, and nothing of the page or of the request. So a call of
constants gives the same text each time (what differs from answer to answer is marked, see :mod:`wizard.web.drawing`):
it is made once, and its text is kept; so is the text of a template that is included ``without context``. Nothing that a
person answered can be among it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import partial
from keyword import iskeyword
from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from markupsafe import Markup, escape

# What Flask gives every template although it belongs to one request. Pages get it with their context all the same.
_OF_A_REQUEST = frozenset({"request", "session", "g", "get_flashed_messages"})
_HANDS_ON = re.compile(r"^( *)yield from (.+)$", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def written(value: Any) -> str:
    """Return a value as it stands in a page. A page writes some three hundred, and most have nothing to escape."""
    kind = type(value)
    plain = kind is str and not ("&" in value or "<" in value or ">" in value or '"' in value or "'" in value)
    text: str = value if plain or kind is Markup else escape(value)
    return text


class _Compiler(CodeGenerator):
    """Jinja's compiler, which keeps the text of calls of constants, and writes calls and attributes as Python's own.

    A page makes some fifty calls and reads two hundred attributes. Jinja's own way of either asks each time what
    templates could also mean: a call that wants the context, an attribute that is a key of a dictionary.
    """

    _imported: frozenset[str] = frozenset()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        imports = [found for found in node.find_all(nodes.FromImport) if not found.with_context]
        names = [name if isinstance(name, str) else name[1] for found in imports for name in found.names]
        self._imported = frozenset({*names, "url_for", "at"})  # an address is the same for everybody
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        if forward_caller or not self._is_of_constants(node, frame):
            self._write_call(node, frame, forward_caller)
            return
        call = f"{self.name}:{self.temporary_identifier()}"
        self.write(f"(environment.drawn.get({call!r}) or environment.keep({call!r}, ")
        self._write_call(node, frame, forward_caller)
        self.write("))")

    def _write_call(self, node: nodes.Call, frame: Frame, forward_caller: bool) -> None:
        self.visit(node.node, frame)
        self.write("(*()")  # what follows begins with a comma
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write a macro as a function of arguments of its own names, for Python to sort them."""
        names = [argument.name for argument in macro_ref.node.args]
        if macro_ref.accesses_varargs or "caller" in names or any(map(iskeyword, names)):
            super().macro_def(macro_ref, frame)
            return
        handed = list(names)
        if macro_ref.accesses_caller:
            handed.append("undefined('No caller defined', name='caller') if caller is None else caller")
        if macro_ref.accesses_kwargs:
            handed.append("kwargs")
        taken = [*(f"{name}=missing" for name in names), "*", "caller=None", "macro=macro"]
        taken += ["**kwargs"] if macro_ref.accesses_kwargs else []
        self.write(f"(lambda {', '.join(taken)}: environment.markup(macro({', '.join(handed)})))")

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        # Nothing, where Jinja makes an object that says in words of its own that it is nothing.
        node.expr2 = node.expr2 or nodes.Const("")
        super().visit_CondExpr(node, frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        if node.with_context or node.ignore_missing or not isinstance(node.template, nodes.Const):
            super().visit_Include(node, frame)
        else:
            self.simple_write(f"environment.alike({node.template.value!r})", frame, node)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not frame.eval_ctx.autoescape or frame.eval_ctx.volatile:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(" if _is_plain(node) else "environment.written(")

    def _is_of_constants(self, node: nodes.Call, frame: Frame) -> bool:
        if not isinstance(node.node, nodes.Name) or node.node.name not in self._imported:
            return False
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return False
        try:
            for argument in (*node.args, *(named.value for named in node.kwargs)):
                argument.as_const(frame.eval_ctx)
        except nodes.Impossible:
            return False
        return True


def _is_plain(node: nodes.Expr) -> bool:
    """Tell whether an expression is a choice between texts of the template that have nothing to escape."""
    if isinstance(node, nodes.CondExpr):
        return _is_plain(node.expr1) and (node.expr2 is None or _is_plain(node.expr2))
    return isinstance(node, nodes.Const) and isinstance(node.value, str) and escape(node.value) == node.value


class Templates(Environment):
    """Jinja's environment for templates that don't change while they are served."""

    code_generator_class = _Compiler
    written = staticmethod(written)
    markup = staticmethod(partial(str.__new__, Markup))  # of what a macro has drawn, which is a text

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.drawn: dict[str, Any] = {}
        self._loaded: dict[str, Template] = {}

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Return a template without the spaces that its lines begin with: they are for those who read the template."""
        return _INDENTATION.sub("", super().preprocess(source, name, filename))

    def _generate(self, *positional: Any, **named: Any) -> str:
        """Return a template as a program that hands on the text of a block as one piece.

        Jinja's hands on each piece of it, through a generator for each of a page's four templates and two blocks.
        """
        return _HANDS_ON.sub(r"\1yield concat(\2)", super()._generate(*positional, **named))

    def alike(self, name: str) -> str:
        """Return the text of a template that is included without context, from memory after the first time."""
        if name not in self.drawn:
            self.drawn[name] = str(self.get_template(name).module)
        text: str = self.drawn[name]
        return text

    def keep(self, call: str, text: Any) -> Any:
        """Keep and return what a call of constants gave."""
        self.drawn[call] = text
        return text

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        """Return a template, from memory after the first time: a page asks for some twenty-five, by each import."""
        if not isinstance(name, str):
            return name
        found = self._loaded.get(name)
        if found is None:
            found = self._loaded[name] = super().get_template(name, parent, globals)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template as a plain dictionary: Jinja's own asks two for each name at each import.

        All of them are there before the first template is loaded. What belongs to a request isn't among them.
        """
        return {name: value for name, value in {**self.globals, **(d or {})}.items() if name not in _OF_A_REQUEST}
