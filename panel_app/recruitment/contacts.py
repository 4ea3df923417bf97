"""Which columns of people hold a phone number, an address for mail, or either."""

from __future__ import annotations

import re

PHONE = re.compile(r"phone|mobile|\btel\b|\bcell\b|ফোন|মোবাইল|هاتف|جوال|موبايل", re.IGNORECASE)
CONTACT = re.compile(r"\bcontact\b|যোগাযোগ|تواصل|اتصال", re.IGNORECASE)
EMAIL = re.compile(r"e-?mail|ইমেইল|ই-মেইল|بريد", re.IGNORECASE)
