"""Calls of constants are drawn once; whatever depends on the page is drawn for the page, and nothing of it is kept."""

from __future__ import annotations

from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from tests.web.walking import carrying, told
from wizard.web.templating import Templates, written

MACROS = """
{% macro greet(name="you", mark="") %}{{ count() }}:{{ name }}{{ mark }}{% endmacro %}
{% macro around(name) %}{{ count() }}:{{ name }}({{ caller() }}){% endmacro %}
{% macro nosy() %}{{ request.path }}{% endmacro %}
"""
IMPORT = '{% from "macros" import greet, around, nosy %}'


@pytest.fixture
def environment(app: Flask) -> Templates:
    made = Templates(app, loader=DictLoader({"macros": MACROS, "aside": "<i>{{ count() }}</i>"}), autoescape=True)
    made.globals.update(count=count(1).__next__, request=object())
    return made


def twice(environment: Templates, source: str, **context: object) -> tuple[str, str]:
    template = environment.from_string(IMPORT + source)
    return template.render(**context).strip(), template.render(**context).strip()


@pytest.mark.parametrize("call", ["greet()", 'greet("Jane")', 'greet("a" ~ "b", mark="!")', 'greet(["x", 1])'])
def test_a_call_of_constants_is_drawn_once(environment: Templates, call: str) -> None:
    first, second = twice(environment, "{{ " + call + " }}")
    assert first == second
    assert first.startswith("1:")


@pytest.mark.parametrize("call", ["greet(name)", 'greet("x", mark=name)', "greet(*[name])", "greet(**{'name': name})"])
def test_a_call_with_something_of_the_page_is_drawn_each_time(environment: Templates, call: str) -> None:
    first, second = twice(environment, "{{ " + call + " }}", name="Jane")
    assert (first[:2], second[:2]) == ("1:", "2:")
    assert not environment.drawn


def test_two_calls_have_two_texts(environment: Templates) -> None:
    first, second = twice(environment, '{{ greet("a") }} {{ greet("b") }} {{ greet("a") }}')
    assert first == second == "1:a 2:b 3:a"


def test_what_stands_inside_a_call_is_the_pages_own(environment: Templates) -> None:
    source = '{% call around("x") %}{{ name }}{% endcall %}'
    template = environment.from_string(IMPORT + source)
    assert template.render(name="Jane").strip() == "1:x(Jane)"
    assert template.render(name="<Joe>").strip() == "2:x(&lt;Joe&gt;)"


def test_a_macro_of_the_page_itself_is_drawn_each_time(environment: Templates) -> None:
    source = "{% macro own() %}{{ name }}{% endmacro %}{{ own() }}"
    template = environment.from_string(source)
    assert (template.render(name="Jane"), template.render(name="Joe")) == ("Jane", "Joe")


def test_an_imported_macro_sees_nothing_of_the_request(environment: Templates) -> None:
    with pytest.raises(UndefinedError):
        environment.from_string(IMPORT + "{{ nosy() }}").render()


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        '{{% call around("x") %}}{}{{% endcall %}}',
        "{{% set part %}}{}{{% endset %}}{{{{ part }}}}",
        "{{% block part %}}{}{{% endblock %}}",
    ],
)
def test_what_is_included_without_context_is_drawn_once_and_stands_where_it_is_included(
    environment: Templates, around: str
) -> None:
    part = '<b>{% include "aside" without context %}</b>'
    first, second = twice(environment, around.format(part))
    drawn = environment.drawn["aside"]
    assert f"<b>{drawn}</b>" in first
    assert f"<b>{drawn}</b>" in second


class Name(str):
    """A text of another type."""

    __slots__ = ()


@given(st.text() | st.integers() | st.text().map(Name) | st.text().map(Markup) | st.none())
def test_a_value_is_written_as_jinja_writes_it(value: object) -> None:
    assert written(value) == str(escape(value))


@pytest.mark.parametrize(
    "chosen", ['"<b>" if name else "&"', '"a" if name', 'name if name else "a"', '"plain" if name']
)
def test_a_choice_is_written_as_jinja_writes_it(environment: Templates, chosen: str) -> None:
    ours = environment.from_string("{{ " + chosen + " }}")
    theirs = Environment(autoescape=True).from_string("{{ " + chosen + " }}")
    for name in ("<Joe>", "Joe"):
        assert ours.render(name=name) == theirs.render(name=name)


@pytest.mark.parametrize(
    "used",
    [
        "{{ own(name) }}",
        "{{ own(name, 'b') }}",
        "{{ own(second=name, first='a') }}",
        "{{ own(name, class='c', more='<d>') }}",
        "{% call own(name) %}<{{ name }}>{% endcall %}",
        "{% for x in [name, 'A'] %}{% call own(x) %}{% call own('in') %}{{ x }}{% endcall %}{% endcall %}{% endfor %}",
        "{% call(taken) each(name) %}{{ taken }}{% endcall %}",
        "{{ keyword(name, class='k') }}",
        "{{ all(name, 'b', 'c') }}",
    ],
)
def test_a_macro_takes_its_arguments_as_jinjas_does(environment: Templates, used: str) -> None:
    source = (
        "{% macro own(first, second='-') %}{{ first }},{{ second }},{{ kwargs|length }}"
        "{% if caller is defined %}({{ caller() }}){% endif %}{% endmacro %}"
        "{% macro each(name) %}{{ caller(name) }}{{ caller('<') }}{% endmacro %}"
        "{% macro keyword(name, class='') %}{{ name }}{{ class }}{% endmacro %}"
        "{% macro all() %}{{ varargs|join }}{% endmacro %}" + used
    )
    ours, theirs = environment.from_string(source), Environment(autoescape=True).from_string(source)
    for name in ("<Joe>", Markup("<Joe>")):
        assert ours.render(name=name) == theirs.render(name=name)


def test_a_macro_wants_the_arguments_that_it_reads(environment: Templates) -> None:
    environment.undefined = StrictUndefined
    template = environment.from_string("{% macro own(first) %}{{ first }}{% endmacro %}{{ own() }}")
    with pytest.raises(UndefinedError, match="'first' was not provided"):
        template.render()
    with pytest.raises(TypeError):
        environment.from_string("{% macro own(first) %}{% endmacro %}{{ own(1, 2) }}").render()


def test_an_attribute_is_no_key(environment: Templates) -> None:
    with pytest.raises(AttributeError):
        environment.from_string("{{ told.name }}").render(told={"name": "Jane"})
    assert environment.from_string("{{ told['name'] }}").render(told={"name": "Jane"}) == "Jane"


def test_nothing_that_a_person_answered_is_kept(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("handover", rsa_2048, user="MARKED_BY_ME", account="marked-by_me"))
    for slug in ("account", "user", "key", "register", "verify", "test", "handover"):
        assert "MARKED" in client.visit(f"/steps/{slug}").html.upper()
    kept = " ".join(map(str, app.jinja_env.drawn.values()))  # type: ignore[attr-defined]
    assert "Continue" in kept
    assert "marked" not in kept.lower()
