"""What all pages share: language, access, errors, formats, security headers."""
