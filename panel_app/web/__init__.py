"""What every page shares: access, languages, forms, headers, templates."""
