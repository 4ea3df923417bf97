"""The demo's borough, its estate, and the blocks that the pool's addresses name."""

from __future__ import annotations

from datetime import timedelta

from panel_app.core.story import ACTOR, Part, Story
from panel_app.core.translated import Translated
from panel_app.places.services import add_place

T = Translated.of

#: The borough, its estate, and the blocks that the pool's addresses name.
BOROUGH = T(en="Hillgrove", bn="হিলগ্রোভ", ar="هيلغروف")

ESTATE = T(en="Hillgrove estate", bn="হিলগ্রোভ এস্টেট", ar="مجمّع هيلغروف")

BLOCKS = tuple(T(en=f"Block {x}", bn=f"ব্লক {x}", ar=f"المبنى {x}") for x in "ABCD")


def mapped(story: Story) -> None:
    """Make the tree of places, and keep the estate."""
    borough = add_place(kind="borough", name=BOROUGH, parent=None, actor=ACTOR)
    estate = add_place(kind="estate", name=ESTATE, parent=borough, actor=ACTOR)
    for name in BLOCKS:
        add_place(kind="block", name=name, parent=estate, actor=ACTOR)
    story.keep(estate)


PARTS = (Part(ago=timedelta(days=59), play=mapped),)
