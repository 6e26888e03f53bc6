"""Types of sessions, such as talk or workshop."""
