"""Token probabilities as bars: the model's own, and after the parameters."""

import streamlit as st

from backends import TokenStep
from experiments import ProbabilityShares, ReportedToken, SamplingStages

from ..text.markdown_inline import escaped

MOST_ROWS = 15

_STAGES = {
    "raw": "the model",
    "repetition_penalty": "repetition",
    "frequency_penalty": "frequency",
    "presence_penalty": "presence",
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
}

_SHARES = {
    "height": {"step": 11},
    "encoding": {
        "y": {"field": "token", "type": "nominal", "sort": {"field": "order"}, "title": None},
        "yOffset": {"field": "stage", "sort": ["as reported", "after parameters"]},
        "color": {
            "field": "stage",
            "type": "nominal",
            "sort": ["after parameters", "as reported"],
            "legend": {"orient": "top", "title": None},
        },
    },
    "layer": [
        {
            "mark": "bar",
            "encoding": {
                "x": {
                    "field": "least",
                    "type": "quantitative",
                    "axis": {"format": "%"},
                    "title": "probability",
                }
            },
        },
        {
            "mark": {"type": "bar", "opacity": 0.35},
            "encoding": {
                "x": {"field": "least", "type": "quantitative"},
                "x2": {"field": "most"},
            },
        },
    ],
}
"""Two bars per token; the range between its lower and upper bound is pale."""


def draw_distribution(shaped: SamplingStages, step: TokenStep) -> None:
    """Draw the choice of one token, stage by stage."""
    rows = shaped.rows(MOST_ROWS)
    if step.token is not None and all(row.token != step.token for row in rows):
        rows.append(shaped.row(step.token))
    raw, last = shaped.stages[0], shaped.stages[-1]
    remaining = f"{last.kept:,} of {raw.kept:,} candidates remain"
    st.markdown(f"{remaining} · entropy {raw.entropy:.1f} → {last.entropy:.1f} bits")
    names = [
        with_visible_whitespace(row.text) + (" ◀" if row.token == step.token else "")
        for row in rows
    ]
    bars = [
        {"token": name, "stage": stage, "probability": row.probabilities[at], "order": order}
        for order, (name, row) in enumerate(zip(names, rows, strict=True))
        for stage, at in (("the model", 0), ("after parameters", len(shaped.stages) - 1))
    ]
    spec = {
        "height": {"step": 11},
        "mark": "bar",
        "encoding": {
            "y": {"field": "token", "type": "nominal", "sort": {"field": "order"}, "title": None},
            "yOffset": {"field": "stage", "sort": ["the model", "after parameters"]},
            "x": {"field": "probability", "type": "quantitative", "axis": {"format": "%"}},
            "color": {
                "field": "stage",
                "type": "nominal",
                "sort": ["after parameters", "the model"],
                "legend": {"orient": "top", "title": None},
            },
        },
    }
    st.vega_lite_chart(bars, spec, alt="The most likely tokens, before and after the parameters")
    table = [
        {
            "token": name,
            **{
                _STAGES[stage.name]: row.probabilities[at] for at, stage in enumerate(shaped.stages)
            },
            "cut by": _STAGES[row.cut_by] if row.cut_by else "",
        }
        for name, row in zip(names, rows, strict=True)
    ]
    percents = {name: st.column_config.NumberColumn(format="percent") for name in _STAGES.values()}
    with st.expander("Stage by stage", icon=":material/stacked_line_chart:"):
        st.dataframe(table, hide_index=True, column_config=percents)
    if not step.sure:
        st.caption("The exact split into tokens is unknown; this is the most likely one.")


def draw_shares(drawn: ReportedToken, shares: ProbabilityShares) -> None:
    """Draw the choice of one token as an engine reported it."""
    reported = drawn.reported
    st.markdown(
        f"The {len(reported.texts)} most likely tokens are known. Not reported, in total: "
        f"{reported.rest:.1%} → {_range(*shares.rest)}"
    )
    if drawn.chosen is None:
        shown = escaped(with_visible_whitespace(drawn.text))
        st.caption(
            f"The actual token, {shown}, is not among them; its probability was "
            f"{drawn.probability:.1%}."
        )
    names = [
        f"{at}. {with_visible_whitespace(text)}" + (" ◀" if at - 1 == drawn.chosen else "")
        for at, text in enumerate(reported.texts, 1)
    ]
    rows = [
        (name, token.raw, token.probability)
        for at, (name, token) in enumerate(zip(names, shares.tokens, strict=True))
        if at < MOST_ROWS or at == drawn.chosen
    ]
    rows.append(("not reported", reported.rest, shares.rest))
    bars = [
        {"token": name, "stage": stage, "least": least, "most": most, "order": order}
        for order, (name, raw, bounds) in enumerate(rows)
        for stage, (least, most) in (("as reported", (raw, raw)), ("after parameters", bounds))
    ]
    st.vega_lite_chart(bars, _SHARES, alt="The reported tokens, before and after the parameters")
    if not shares.exact:
        st.caption("Pale bars are unknown: they depend on tokens that were not reported.")


def _range(least: float, most: float) -> str:
    low, high = f"{least:.1%}", f"{most:.1%}"
    return low if low == high else f"{low} to {high}"


def with_visible_whitespace(text: str) -> str:
    """Return a token with its whitespace made visible."""
    return text.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥") or "∅"
