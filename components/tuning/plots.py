"""Plots of a sweep in Vega-Lite, with the theme's colors."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

_HEIGHT = 280
Rows = Sequence[Mapping[str, Any]]


def draw_heat_map(rows: Rows, x: str, y: str, value: str, title: str) -> None:
    """Draw the mean of a figure for each pair of values."""
    spec = {
        "height": _HEIGHT,
        "encoding": {
            "x": {"field": x, "type": "ordinal", "axis": {"labelAngle": 0}},
            "y": {"field": y, "type": "ordinal", "sort": "descending"},
        },
        "layer": [
            {
                "mark": "rect",
                "encoding": {
                    "color": {
                        "aggregate": "mean",
                        "field": value,
                        "type": "quantitative",
                        "title": title,
                    },
                    "tooltip": [
                        {"field": x},
                        {"field": y},
                        {"aggregate": "mean", "field": value, "format": ".3~g", "title": title},
                    ],
                },
            }
        ],
    }
    st.vega_lite_chart(_known(rows, value), spec, alt=f"{title} by {x} and {y}, as colors")


def draw_boxes(rows: Rows, x: str, value: str, title: str, color: str = "") -> None:
    """Draw the spread of a figure as box plots, and each answer as a point."""
    encoding: dict[str, Any] = {
        "x": {"field": x, "type": "ordinal", "axis": {"labelAngle": 0}},
        "y": {"field": value, "type": "quantitative", "title": title, "scale": {"zero": False}},
    }
    if color:
        encoding["color"] = {"field": color, "type": "nominal"}
        encoding["xOffset"] = {"field": color, "type": "nominal"}
    spec = {
        "height": _HEIGHT,
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "boxplot", "extent": "min-max", "size": 24, "opacity": 0.45}},
            # Equal answers make a box of zero height; their points are still visible.
            {"mark": {"type": "point", "filled": True, "size": 30, "opacity": 0.9}},
        ],
    }
    st.vega_lite_chart(_known(rows, value), spec, alt=f"{title} by {x}, as boxes")


def draw_bars(rows: Rows, x: str, value: str, title: str) -> None:
    """Draw the mean of a figure for each value of a parameter."""
    spec = {
        "height": _HEIGHT,
        "mark": "bar",
        "encoding": {
            "x": {"field": x, "type": "ordinal", "axis": {"labelAngle": 0}},
            "y": {"aggregate": "mean", "field": value, "type": "quantitative", "title": title},
        },
    }
    st.vega_lite_chart(_known(rows, value), spec, alt=f"{title} by {x}, as bars")


def _known(rows: Rows, value: str) -> dict[str, list[Any]]:
    """Return the rows that have the figure, as columns."""
    known = [row for row in rows if row.get(value) is not None]
    names = dict.fromkeys(name for row in known for name in row)
    return {name: [row.get(name) for row in known] for name in names}
