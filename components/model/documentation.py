"""The model's documentation: facts, changes, inputs, schemas, and a cost calculator."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import streamlit as st

from workers_ai import PARAMETERS, Usage, model_card

DOCUMENTATION = "https://developers.cloudflare.com/workers-ai/models/gemma-3-12b-it/"
_DEEPEST = 6
_MONTH = 30


class Input(NamedTuple):
    """One documented input."""

    name: str
    type: str
    accepted: str
    default: str
    description: str


def documented_inputs(schema: Mapping[str, Any]) -> list[Input]:
    """Return every input of the documented schema, by path; one form after the other."""
    found: dict[str, Input] = {}
    for form in schema.get("oneOf", [schema]):
        for each in _inputs(form, "", 0):
            found.setdefault(each.name, each)
    return list(found.values())


def _inputs(schema: Mapping[str, Any], path: str, depth: int) -> Iterator[Input]:
    if depth > _DEEPEST:
        return
    for part in schema.get("oneOf", ()) if path else ():
        yield from _inputs(part, path, depth + 1)
    for name, part in (schema.get("properties") or {}).items():
        input_path = f"{path}.{name}" if path else name
        yield Input(
            input_path, _type(part), _accepted(part), _default(part), _description(name, part)
        )
        yield from _inputs(part, input_path, depth + 1)
    if isinstance(schema.get("items"), dict):
        yield from _inputs(schema["items"], f"{path}[]", depth + 1)


def _type(schema: Mapping[str, Any]) -> str:
    if "type" in schema:
        kind = schema["type"]
        return " or ".join(kind) if isinstance(kind, list) else str(kind)
    forms = [_type(part) for part in schema.get("oneOf", schema.get("anyOf", ()))]
    return " or ".join(dict.fromkeys(filter(None, forms)))


def _accepted(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f"{least} to {most}"
    if least is not None:
        return f"{least} or more"
    length = schema.get("minLength")
    return f"at least {length} characters" if length else ""


def _default(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema["default"]) if "default" in schema else ""


def _description(name: str, schema: Mapping[str, Any]) -> str:
    documented = str(schema.get("description", ""))
    return documented or (PARAMETERS[name].help if name in PARAMETERS else "")


def draw_facts() -> None:
    """Draw the key figures."""
    with st.container(horizontal=True, key="model-facts"):
        st.metric("Context window", f"{model_card.context_window:,} tokens")
        st.metric("Input, per million tokens", f"${model_card.input_price}")
        st.metric("Output, per million tokens", f"${model_card.output_price}")
        st.metric("One picture", f"{model_card.image_tokens} tokens")
        st.metric("LoRA", "yes" if model_card.lora else "no")


def draw_changes() -> None:
    """Draw what has changed since the page was written."""
    st.markdown("**What has changed**")
    retired = f"{model_card.retired:%B} {model_card.retired.day}, {model_card.retired.year}"
    st.markdown(
        f"- Retired on Workers AI on {retired}. Calls fail with 403 and "
        "code 5018, or with 410 and code 5028; retrying cannot help.\n"
        "- Named successors: `@cf/google/gemma-4-26b-a4b-it`, `@cf/zai-org/glm-4.7-flash`, "
        "`@cf/moonshotai/kimi-k2.6`. They answer in the chat completions format, which this "
        "app also reads.\n"
        "- Gemma 3 itself runs on any machine: see *Local* under Backend.\n"
        "- This app serves the documented endpoint again: `python -m backends.endpoint`."
    )


def draw_cost() -> None:
    """Draw the cost calculator."""
    st.markdown("**What it costs**")
    left, right = st.columns(2)
    with left:
        prompt = st.number_input("Input tokens", 0, 80_000, 500, step=100, key="cost-prompt")
        pictures = st.number_input("Pictures", 0, 100, 0, key="cost-pictures")
    with right:
        answer = st.number_input("Output tokens", 0, 80_000, 256, step=50, key="cost-answer")
        calls = st.number_input("Requests per day", 1, 1_000_000, 100, step=100, key="cost-calls")
    read = int(prompt) + int(pictures) * model_card.image_tokens
    each = model_card.cost(Usage(read, int(answer)))
    day = each * int(calls)
    st.markdown(
        f"**\\${each:.6f}** per request · **\\${day:,.2f}** per day · "
        f"**\\${_MONTH * day:,.2f}** in {_MONTH} days"
    )
    st.caption(
        "At the documented price. Every account gets 10,000 free neurons per day, worth \\$0.11."
    )
    if read + int(answer) > model_card.context_window:
        st.caption(
            f":orange[:material/warning: That is more than the context window of "
            f"{model_card.context_window:,} tokens.]"
        )


def draw_inputs() -> None:
    """Draw the table of documented inputs."""
    st.markdown("**Documented inputs**")
    st.dataframe(
        [each._asdict() for each in documented_inputs(model_card.input_schema)],
        hide_index=True,
        placeholder="",
        column_config={"description": st.column_config.TextColumn(width=420)},
    )


def draw_schemas() -> None:
    """Draw the downloads of the documented schemas."""
    with st.container(horizontal=True):
        for name, schema in (
            ("input", model_card.input_schema),
            ("output", model_card.output_schema),
        ):
            st.download_button(
                f"Documented {name} schema",
                json.dumps(schema, indent=2),
                file_name=f"gemma-3-12b-it-{name}.json",
                icon=":material/download:",
                on_click="ignore",
                key=f"schema-{name}",
            )
