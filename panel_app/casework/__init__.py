"""The scoring core: cases, criteria, conflicts, assessments, decisions."""
