"""Reading a page's form as a browser would send it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from werkzeug.datastructures import MultiDict

from tests.checked_client import text_of


def sent(tree: Element) -> MultiDict[str, str]:
    """Return every field of a page with its value, in the page's order; no button is pressed."""
    fields: MultiDict[str, str] = MultiDict()
    for field in tree.iter():
        name = field.get("name")
        if not name or field.tag not in {"input", "textarea", "select"}:
            continue
        if field.tag == "textarea":
            fields.add(name, field.text or "")
        elif field.tag == "select":
            chosen = [o for o in field.iter("option") if o.get("selected") is not None]
            fields.add(name, chosen[0].get("value", text_of(chosen[0])) if chosen else "")
        elif field.get("type") not in {"radio", "checkbox"} or field.get("checked") is not None:
            fields.add(name, field.get("value", ""))
    return fields
