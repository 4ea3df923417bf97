"""Gettext under the names that the extractor knows, for strings made outside a request too."""

from flask_babel import gettext, lazy_gettext, lazy_ngettext, ngettext

_ = lazy_gettext

__all__ = ["_", "gettext", "lazy_gettext", "lazy_ngettext", "ngettext"]
