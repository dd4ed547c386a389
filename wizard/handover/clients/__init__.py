"""The client tools, a row a text, in the order in which they are offered.

A row and the template of the same name in ``templates/handover/`` make one text. To add a tool, add both, then run
``UPDATE_GOLDEN=1 pytest tests/handover`` and read the golden files that it wrote.

A form (``language="form"``) is the same with fields: its template is TOML, a table for each field with ``label``,
``value`` and, where there is something to say, ``note``. The table's name goes into the page: ``[data-copy]``.
"""

from __future__ import annotations

from wizard.handover.clients import command_line, drivers, forms, pipelines, python
from wizard.handover.connection import Connection
from wizard.handover.tool import Tool

TOOLS: tuple[Tool, ...] = (*forms.ROWS, *python.ROWS, *pipelines.ROWS, *drivers.ROWS, *command_line.ROWS)
_NAMED = {tool.slug: tool for tool in TOOLS}
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(tool.group for tool in TOOLS))


def tools_for(connection: Connection) -> tuple[Tool, ...]:
    """Return the rows that can use ``connection``, in the order of :data:`TOOLS`."""
    return tuple(tool for tool in TOOLS if tool.suits(connection))


def tools_by_group(tools: tuple[Tool, ...] = TOOLS) -> tuple[tuple[str, tuple[Tool, ...]], ...]:
    """Return the first row of each client among ``tools``, by group: what there is to choose from.

    What stands for all that isn't named comes last of its group.
    """
    first = {tool.client: tool.slug for tool in reversed(tools)}
    rows = sorted((tool for tool in tools if first[tool.client] == tool.slug), key=lambda tool: tool.is_the_rest)
    groups = ((group, tuple(tool for tool in rows if tool.group == group)) for group in GROUPS)
    return tuple((group, members) for group, members in groups if members)


def rows_of(tool: Tool, tools: tuple[Tool, ...] = TOOLS) -> tuple[Tool, ...]:
    """Return ``tool``, and after it the other rows of its client among ``tools``."""
    return (tool, *(row for row in tools if row.client == tool.client and row != tool))


def tool_named(slug: str) -> Tool | None:
    """Return the row of a slug."""
    return _NAMED.get(slug)
