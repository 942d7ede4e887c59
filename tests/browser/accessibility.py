"""A check of a page with axe-core's rules for WCAG 2.1 AA."""

from typing import Any

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}


def faults(axe: Any, tab: Any) -> list[str]:
    """Return the violations of the rules, with their elements."""
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in axe.run(tab, options=RULES).response["violations"]
        for node in found["nodes"]
    ]
