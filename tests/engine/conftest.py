"""A real third-party engine with a tiny Gemma 3 that the tests create."""

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.running import RunningEngine
    from tests.engine.tiny_gemma import TinyGemma


def _missing(what: str) -> None:
    if os.environ.get("CABOCHON_REQUIRE_ENGINE") == "1":
        pytest.fail(f"{what}, but CABOCHON_REQUIRE_ENGINE=1 requires it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def tiny_gemma(tmp_path_factory: pytest.TempPathFactory) -> "TinyGemma":
    """The model files."""
    try:
        import xllamacpp  # type: ignore[import-untyped]  # noqa: F401, PLC0415 - may be missing

        from tests.engine.tiny_gemma import write_tiny_gemma  # noqa: PLC0415 - needs gguf
    except ImportError as error:
        _missing(f"no engine: {error.name} is not installed")
    return write_tiny_gemma(tmp_path_factory.mktemp("gemma"))


@pytest.fixture(scope="session")
def engine(tiny_gemma: "TinyGemma") -> "Iterator[RunningEngine]":
    """The engine with Gemma 3's own template and a vision part."""
    from tests.engine.running import RunningEngine  # noqa: PLC0415 - needs gguf

    with RunningEngine(tiny_gemma) as running:
        yield running


@pytest.fixture(scope="session")
def tool_engine(tiny_gemma: "TinyGemma") -> "Iterator[RunningEngine]":
    """The engine with a template that has tools."""
    from tests.engine.running import RunningEngine  # noqa: PLC0415 - needs gguf
    from tests.engine.tiny_gemma import TOOL_TEMPLATE  # noqa: PLC0415 - needs gguf

    with RunningEngine(tiny_gemma, chat_template=TOOL_TEMPLATE, mmproj="") as running:
        yield running
