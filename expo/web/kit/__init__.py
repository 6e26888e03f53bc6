"""What every page shares: language, access, errors, formats, security headers."""
