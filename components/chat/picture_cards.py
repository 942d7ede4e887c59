"""Pictures in a conversation: small cards with what was sent and what the model sees."""

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from conversations import Picture, StoreError
from workers_ai import model_card, read_image
from workers_ai.images import thumbnail

from ..session import in_full_run
from ..shell.formatting import size

CARD_WIDTH = 210
ICON_SIDE = 64


def draw_pictures(pictures: Sequence[Picture], *, key: str) -> None:
    """Draw a card for each picture, in order."""
    if not pictures:
        return
    with st.container(horizontal=True, gap="small"):
        for position, picture in enumerate(pictures):
            with st.container(border=True, width=CARD_WIDTH, gap="xsmall"):
                try:
                    _draw_card(picture, key=f"{key}-{position}")
                except StoreError as error:
                    st.caption(f":material/broken_image: {error}")


def _draw_card(picture: Picture, *, key: str) -> None:
    st.image(picture.thumbnail, width="stretch", alt=picture.name)
    _draw_facts(picture, key=key)


def _draw_facts(picture: Picture, *, key: str) -> None:
    # As plain text: the name is untrusted and can look like Markdown.
    st.text(picture.name)
    lazy = in_full_run()
    details = st.popover(
        f"{picture.width}×{picture.height} · {size(picture.size)}",
        key=f"picture-{key}",
        on_change="rerun" if lazy else "ignore",
        type="tertiary",
        width="content",
        help="The picture as sent, and as the model sees it.",
    )
    if details.open or not lazy:
        with details:
            _draw_details(picture, key=key)


def _draw_details(picture: Picture, *, key: str) -> None:
    before = f"{picture.original_format} {picture.original_width}×{picture.original_height}"
    kind = picture.media_type.removeprefix("image/").upper()
    st.markdown(
        f"{before}, {size(picture.original_bytes)} → {kind} {picture.width}×{picture.height}, "
        f"{size(picture.size)} · about {model_card.image_tokens} tokens"
    )
    if picture.changes:
        st.caption(" · ".join(picture.changes))
    side = model_card.image_side
    st.image(picture.model_view, width=280, caption=f"As Gemma 3 sees it: {side}×{side}")
    st.download_button(
        "Download the picture as sent",
        picture.data,
        file_name=f"sent.{kind.lower()}",
        mime=picture.media_type,
        on_click="ignore",
        key=f"download-{key}",
    )


@lru_cache(maxsize=2048)
def icon(picture: Picture) -> str:
    """Return a tiny thumbnail as a data URI, for tables."""
    try:
        return read_image(thumbnail(picture.thumbnail, ICON_SIDE), longest_side=None).data_uri
    except StoreError:
        return ""
