"""People, sign-in, roles, permissions and API tokens: who is acting and what they may do.

An `Actor` is created once per request, job or command and passed down; every service calls `require()` before it
changes anything. A person has one account for all editions; roles are granted per edition; an API token belongs to one
edition.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "people",
    "passwords",
    "links",
    "attempts",
    "sessions",
    "second_factors",
    "passkeys",
    "roles",
    "api_tokens",
    "actors",
)
