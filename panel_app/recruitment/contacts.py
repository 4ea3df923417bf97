"""Which columns of a file of people hold a phone number or an address for mail."""

from __future__ import annotations

import re

PHONE = re.compile(r"phone|mobile|\btel\b|\bcell\b|ফোন|মোবাইল|هاتف|جوال|موبايل", re.IGNORECASE)
EMAIL = re.compile(r"e-?mail|ইমেইল|ই-মেইল|بريد", re.IGNORECASE)
