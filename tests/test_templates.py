"""Rules that every template and stylesheet keeps, and what the macros promise to the pages that use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

from wizard.diagnosis import Fix
from wizard.snowflake.key import face_of

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
CSS = ROOT / "static" / "css"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
STYLESHEETS = sorted(path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css"))

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx expression": re.compile(r"hx-on|\bjs:|javascript:", re.IGNORECASE),
    "a data: address": re.compile(r"""(?:src|href)\s*=\s*["']data:""", re.IGNORECASE),
    "a script without source, nonce and integrity": re.compile(
        r"<script(?![^>]*\bsrc=)|<script(?![^>]*\bnonce=)|<script(?![^>]*\bintegrity=)", re.IGNORECASE
    ),
}


def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.globals.update(nonce=lambda: "n0nce", csrf_token=lambda: "t0ken")
    return environment


ENVIRONMENT = _environment()


def _source(page: str) -> str:
    """The template without its comments, which may name what they forbid."""
    return re.sub(r"\{#.*?#\}", "", (TEMPLATES / page).read_text(encoding="utf-8"), flags=re.DOTALL)


def _render(source: str, **context: object) -> str:
    return ENVIRONMENT.from_string(source).render(**context)


class _Text(HTMLParser):
    """Collects the text inside the first element that carries a given attribute value."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.wanted, self.depth, self.text = (name, value), 0, ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag != "wbr" and (self.depth or self.wanted in attributes):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text += data


def _text_of(html: str, name: str, value: str) -> str:
    parser = _Text(name, value)
    parser.feed(html)
    return parser.text


# ---------------------------------------------------------------- every template


@pytest.mark.parametrize("page", PAGES)
def test_a_template_can_be_read_and_imports_only_macros_that_exist(page: str) -> None:
    tree = ENVIRONMENT.parse(_source(page))
    for statement in tree.find_all(nodes.FromImport):
        assert isinstance(statement.template, nodes.Const)
        imported = ENVIRONMENT.parse(_source(statement.template.value))
        offered = {macro.name for macro in imported.find_all(nodes.Macro)}
        offered |= {name.name for name in imported.find_all(nodes.Name) if name.ctx == "store"}
        asked = {name if isinstance(name, str) else name[0] for name in statement.names}
        assert asked <= offered, f"{page} imports {asked - offered} from {statement.template.value}"


def _names_used(page: str) -> set[str]:
    """The names that a template reads, and those that the parts it includes with its context do."""
    tree = ENVIRONMENT.parse(_source(page))
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for part in tree.find_all(nodes.Include):
        if part.with_context:
            assert isinstance(part.template, nodes.Const)
            used |= _names_used(part.template.value)
    return used


@pytest.mark.parametrize("page", PAGES)
def test_a_template_imports_nothing_that_it_does_not_use(page: str) -> None:
    imports = ENVIRONMENT.parse(_source(page)).find_all(nodes.FromImport)
    imported = {name if isinstance(name, str) else name[1] for statement in imports for name in statement.names}
    assert imported <= _names_used(page)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds_what_the_policy_would_block(page: str, what: str) -> None:
    # Expressions are blanked out first: a ">" inside one is not the end of a tag.
    source = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "{}", _source(page), flags=re.DOTALL)
    found = FORBIDDEN[what].search(source)
    assert found is None, f"{page} holds {what}: {found.group()}"


@pytest.mark.parametrize("page", PAGES)
def test_htmx_attributes_are_written_only_where_the_nonce_is_stamped(page: str) -> None:
    if page == "components/hx.html":
        assert "data-hx-nonce" in _source(page)
    else:
        assert "hx-" not in re.sub(r"htmx-config|hx-csp|vendor/hx-", "", _source(page))


def _kinds_of_buttons(page: str) -> set[str]:
    """The kinds that a template asks for, whatever decides between them."""
    calls = ENVIRONMENT.parse(_source(page)).find_all(nodes.Call)
    buttons = (call for call in calls if isinstance(call.node, nodes.Name) and "button" in call.node.name)
    kinds = (given.value for call in buttons for given in call.kwargs if given.key == "kind")
    return {told.value for kind in kinds for told in _results(kind) if isinstance(told, nodes.Const)}


def _results(expression: nodes.Expr) -> Iterator[nodes.Expr]:
    if isinstance(expression, nodes.CondExpr):
        yield from _results(expression.expr1)
        yield from _results(expression.expr2) if expression.expr2 else ()
    else:
        yield expression


@pytest.mark.parametrize("page", PAGES)
def test_every_kind_of_button_that_a_template_asks_for_has_its_look(page: str) -> None:
    looks = set(re.findall(r"\.button-(\w+)", _without_comments("components/button.css")))
    assert _kinds_of_buttons(page) <= looks


# ---------------------------------------------------------------- stylesheets


def _without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("sheet", [sheet for sheet in STYLESHEETS if sheet != "tokens.css"])
def test_colours_stand_in_the_tokens_alone(sheet: str) -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|light-dark)\(", re.IGNORECASE)
    assert not colour.search(_without_comments(sheet))


def test_the_entry_file_imports_every_stylesheet_into_a_layer_it_names() -> None:
    entry = _without_comments("app.css")
    imports = dict(re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\);', entry))
    assert sorted(imports) == [sheet for sheet in STYLESHEETS if sheet != "app.css"]
    layers = re.search(r"@layer ([^;{]+);", entry)
    assert layers
    assert set(imports.values()) <= set(layers.group(1).split(", "))


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(scheme: int) -> dict[str, str]:
    """The colours by name, on a light screen (0) or a dark one (1)."""
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", _without_comments("tokens.css"))
    return {name: (light, dark)[scheme] for name, light, dark in found}


def _pairs() -> Iterator[tuple[str, str, float]]:
    """Foreground, background and the least contrast that WCAG 2.2 AA asks for (1.4.3 and 1.4.11)."""
    for text in ("ink", "ink-soft", "accent", "accent-strong"):
        for ground in ("paper", "surface", "well", "accent-wash"):
            yield text, ground, 4.5
    for outcome in ("passed", "warned", "failed"):
        for ground in ("paper", "surface", f"{outcome}-wash"):
            yield outcome, ground, 4.5
        yield "ink", f"{outcome}-wash", 4.5
        yield "ink-soft", f"{outcome}-wash", 4.5
    yield "on-accent", "accent", 4.5
    yield "on-accent", "accent-strong", 4.5
    yield "practice-ink", "practice", 4.5
    for ground in ("paper", "surface", "well"):
        yield "line-strong", ground, 3.0
    for palette in range(8):
        yield f"face-{palette}", "surface", 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), list(_pairs()))
def test_colours_contrast_enough_in_both_schemes(scheme: int, text: str, ground: str, least: float) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens[text], tokens[ground]) >= least


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("palette", range(8))
def test_the_squares_of_a_face_are_told_from_the_paler_ones_and_those_from_nothing(scheme: int, palette: int) -> None:
    tokens = _tokens(scheme)
    mixed = re.search(
        r"color-mix\(in srgb, var\(--face\) (\d+)%, var\(--surface\)\)", _without_comments("components/face.css")
    )
    assert mixed
    share = int(mixed[1]) / 100
    full, empty = tokens[f"face-{palette}"], tokens["surface"]
    parts = [(int(full[at : at + 2], 16), int(empty[at : at + 2], 16)) for at in (1, 3, 5)]
    pale = "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in parts)
    assert _contrast(full, pale) >= 2.0
    assert _contrast(pale, empty) >= 1.5


# ---------------------------------------------------------------- what macros promise

FINGERPRINT = "SHA256:9nO3PpXM4LxVnyNcgEYYcLK0dCUFW8nLbbB8fCqk7sI="
HOSTILE = "a <b> & \"c\" 'd'\n\tindented  twice\n"


def test_htmx_attributes_carry_the_nonce_and_escape_their_values() -> None:
    html = _render(
        '{% from "components/hx.html" import hx %}'
        '<a {{ hx(get="/x?a=1&b=2", push_url="true", vals={"q": "a\\"b"}) }}>x</a>'
    )
    assert 'data-hx-get="/x?a=1&amp;b=2"' in html
    assert 'data-hx-push-url="true"' in html
    assert 'data-hx-nonce="n0nce"' in html
    assert re.search(r'data-hx-vals="\{&#34;q&#34;: &#34;a\\&#34;b&#34;\}"', html)


def test_a_form_is_a_plain_form_that_htmx_may_take_over() -> None:
    html = _render('{% from "components/form.html" import form_open %}{{ form_open("/steps/key", multipart=True) }}')
    assert '<form method="post" action="/steps/key"' in html
    assert 'enctype="multipart/form-data"' in html
    assert 'name="csrf_token" value="t0ken"' in html
    assert 'data-hx-post="/steps/key"' in html
    assert 'data-hx-target="#page"' in html


def test_a_form_whose_answer_is_no_page_is_left_to_the_browser() -> None:
    html = _render('{% from "components/form.html" import form_open %}{{ form_open("/x", swap=False) }}')
    assert "data-hx-" not in html


def test_the_text_to_copy_is_exactly_what_was_handed_in() -> None:
    html = _render(
        '{% from "components/copy_block.html" import copy_block %}'
        '{{ copy_block(text, "alter-user-sql", "SQL", language="sql") }}',
        text=HOSTILE,
    )
    assert _text_of(html, "data-copy", "alter-user-sql") == HOSTILE
    assert re.search(r"<button[^>]* hidden>", html), "without the script there is no button that does nothing"


def test_a_fingerprint_is_grouped_for_the_eye_and_whole_as_text() -> None:
    html = _render(
        '{% from "components/fingerprint.html" import fingerprint %}{{ fingerprint(text) }}', text=FINGERPRINT
    )
    assert _text_of(html, "data-copy", "fingerprint") == FINGERPRINT
    assert '<span class="fingerprint-group">9nO3</span>' in html


def test_two_fingerprints_stand_in_the_same_groups_with_one_word_for_both() -> None:
    ours, theirs = ("SHA256:" + letter * 43 + "=" for letter in "AB")
    template = (
        '{% from "components/compare_fingerprints.html" import compare_fingerprints %}'
        "{{ compare_fingerprints(ours, theirs, face_of) }}"
    )
    html = _render(template, ours=ours, theirs=theirs, face_of=face_of)
    assert html.count('<span class="fingerprint-group">AAAA</span>') == 10
    assert html.count('<span class="fingerprint-group">BBBB</span>') == 10
    assert face_of(ours).words in html and face_of(theirs).words in html
    assert "Different." in html and "<mark" not in html
    assert "The same." in _render(template, ours=ours, theirs=ours, face_of=face_of)


def test_a_check_row_says_its_outcome_in_words_and_shows_hostile_words_as_text() -> None:
    row = SimpleNamespace(
        check="login",
        status="failed",
        sentence="Refused.",
        words="<script>x</script>",
        milliseconds=2312.0,
    )
    html = _render(
        '{% from "components/check_row.html" import check_row %}{{ check_row(row, title) }}', row=row, title="The login"
    )
    assert '<li class="check check-failed" data-check="login" data-status="failed">' in html
    assert "Failed" in html
    assert "2.3 s" in html
    assert "<script>" not in html


def test_a_cause_names_who_must_act() -> None:
    finding = SimpleNamespace(
        cause=SimpleNamespace(id="other-key", title="Another key", explanation="", source=""),
        because="The fingerprints differ.",
        certain=False,
        fixes=(Fix("Run it again.", "your Snowflake administrator", "DESC USER JANE;"),),
    )
    html = _render('{% from "components/cause.html" import cause %}{{ cause(finding, first=True) }}', finding=finding)
    assert 'data-cause="other-key"' in html
    assert "Your Snowflake administrator" in html
    assert _text_of(html, "data-copy", "fix-other-key-1") == "DESC USER JANE;"


def test_the_error_summary_is_an_alert_that_links_to_the_fields() -> None:
    html = _render(
        '{% from "components/error_summary.html" import error_summary %}{{ error_summary(errors) }}',
        errors=[("account", "Enter the account.")],
    )
    assert 'role="alert"' in html
    assert '<a href="#account">Enter the account.</a>' in html
